/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Addresses by Crypto-PAn; all else by a stream that AES makes of a tag over the whole original, so
 * that equal names stay equal and nothing else is seen but their length.
 */
#include "base/pseudonym.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* ---- addresses ---- */

struct kept {
	uint8_t family, prefix_len, kept_len;
	const char *bytes;
};

static const struct kept kept_prefixes[] = {
#define KEPT(family, bytes, prefix_len, kept_len) { family, prefix_len, kept_len, bytes },
#include "base/kept_prefixes.def"
#undef KEPT
};

static bool same_bits(const uint8_t *at, const char *prefix, size_t bits)
{
	uint8_t last = (uint8_t)(0xff00 >> bits % 8);

	return memcmp(at, prefix, bits / 8) == 0 &&
	       (bits % 8 == 0 || ((at[bits / 8] ^ (uint8_t)prefix[bits / 8]) & last) == 0);
}

/* On the way to a kept prefix, and within it down to what stays, nothing is turned. */
static bool stays(uint8_t family, const uint8_t *at, size_t depth)
{
	for (size_t i = 0; i < sizeof(kept_prefixes) / sizeof(kept_prefixes[0]); i++) {
		const struct kept *k = &kept_prefixes[i];
		size_t common = depth < k->prefix_len ? depth : k->prefix_len;

		if (k->family == family && depth < k->kept_len && same_bits(at, k->bytes, common))
			return true;
	}
	return false;
}

static bool stays_ipv4(const uint8_t *at, size_t depth)
{
	return stays(4, at, depth);
}

static bool stays_ipv6(const uint8_t *at, size_t depth)
{
	return stays(6, at, depth);
}

void pseudonym_ipv4(const struct pseudonyms *p, uint8_t at[4])
{
	cryptopan_map(&p->addresses, at, 32, stays_ipv4);
}

void pseudonym_ipv6(const struct pseudonyms *p, uint8_t at[16])
{
	cryptopan_map(&p->addresses, at, 128, stays_ipv6);
}

/* ---- everything else ---- */

/* Kinds have streams of their own: a MAC address that is also written as a text shows no relation. */
enum kind { KIND_MAC, KIND_WORDS, KIND_BYTES };

struct stream {
	const struct aes128_ctx *aes;
	uint8_t tag[AES_BLOCK_SIZE], block[AES_BLOCK_SIZE];
	size_t used; /* of all blocks */
};

/* CBC-MAC, which is a pseudo-random function where the length stands first. */
static struct stream stream_begin(const struct pseudonyms *p, enum kind kind, const uint8_t *at,
				  size_t len)
{
	struct stream s = { .aes = &p->words };

	for (int i = 0; i < 8; i++)
		s.tag[i] = (uint8_t)((uint64_t)len >> (8 * i));
	s.tag[8] = (uint8_t)kind;
	aes128_encrypt(s.aes, AES_BLOCK_SIZE, s.tag, s.tag);
	for (size_t i = 0; i < len; i++) {
		s.tag[i % AES_BLOCK_SIZE] ^= at[i];
		if (i % AES_BLOCK_SIZE == AES_BLOCK_SIZE - 1 || i == len - 1)
			aes128_encrypt(s.aes, AES_BLOCK_SIZE, s.tag, s.tag);
	}
	return s;
}

static uint8_t stream_next(struct stream *s)
{
	size_t at = s->used++ % AES_BLOCK_SIZE;

	if (at == 0) {
		uint8_t in[AES_BLOCK_SIZE];
		uint64_t number = s->used;

		memcpy(in, s->tag, sizeof(in));
		for (int i = 0; i < 8; i++)
			in[i] ^= (uint8_t)(number >> (8 * i));
		aes128_encrypt(s->aes, AES_BLOCK_SIZE, s->block, in);
	}
	return s->block[at];
}

void pseudonym_mac(const struct pseudonyms *p, uint8_t at[MAC_LEN])
{
	static const uint8_t nobody[MAC_LEN], everybody[] = { 255, 255, 255, 255, 255, 255 };
	struct stream s = stream_begin(p, KIND_MAC, at, MAC_LEN);
	uint8_t group = at[0] & 1;

	if (memcmp(at, nobody, MAC_LEN) == 0 || memcmp(at, everybody, MAC_LEN) == 0)
		return;
	for (int i = 0; i < MAC_LEN; i++)
		at[i] = stream_next(&s);
	at[0] = (uint8_t)((at[0] & 0xfc) | 2 | group);
}

void pseudonym_words(const struct pseudonyms *p, void *at, size_t len)
{
	uint8_t *letter = at;
	struct stream s = stream_begin(p, KIND_WORDS, at, len);

	for (size_t i = 0; i < len; i++) {
		uint8_t next = (uint8_t)('a' + stream_next(&s) % 26);

		if (letter[i] != ' ' && letter[i] != '\r' && letter[i] != '\n')
			letter[i] = next;
	}
}

void pseudonym_bytes(const struct pseudonyms *p, void *at, size_t len)
{
	uint8_t *byte = at;
	struct stream s = stream_begin(p, KIND_BYTES, at, len);

	for (size_t i = 0; i < len; i++)
		byte[i] = stream_next(&s);
}

/* ---- the key ---- */

/* The pad is as secret as the key, and never an input of the addresses' AES: it makes the other key. */
void pseudonyms_begin(struct pseudonyms *p, const uint8_t key[PSEUDONYM_KEY_LEN])
{
	uint8_t words[AES_BLOCK_SIZE];
	struct aes128_ctx pad;

	cryptopan_begin(&p->addresses, key);
	aes128_set_encrypt_key(&pad, p->addresses.pad);
	aes128_encrypt(&pad, AES_BLOCK_SIZE, words, (const uint8_t *)"rstscope: words.");
	aes128_set_encrypt_key(&p->words, words);
}

void pseudonyms_begin_random(struct pseudonyms *p)
{
	uint8_t key[PSEUDONYM_KEY_LEN];

	if (getrandom(key, sizeof(key), 0) != (ssize_t)sizeof(key))
		abort(); /* the kernel promises 256 bytes without interruption */
	pseudonyms_begin(p, key);
}
