/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/siphash.h"

#include <stdlib.h>
#include <sys/random.h>

struct siphash_key siphash_random_key(void)
{
	struct siphash_key key;

	if (getrandom(&key, sizeof(key), 0) != (ssize_t)sizeof(key))
		abort(); /* the kernel promises 256 bytes without interruption */
	return key;
}

static uint64_t rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

static void sip_word(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	sip_round(v);
	v[0] ^= word;
}

static uint64_t little_endian(const uint8_t *bytes, size_t len)
{
	uint64_t word = 0;

	for (size_t i = 0; i < len; i++)
		word |= (uint64_t)bytes[i] << (8 * i);
	return word;
}

uint64_t siphash(struct siphash_key key, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	size_t words = len / 8;
	uint64_t v[4] = {
		key.k[0] ^ UINT64_C(0x736f6d6570736575),
		key.k[1] ^ UINT64_C(0x646f72616e646f6d),
		key.k[0] ^ UINT64_C(0x6c7967656e657261),
		key.k[1] ^ UINT64_C(0x7465646279746573),
	};

	for (size_t i = 0; i < words; i++)
		sip_word(v, little_endian(at + 8 * i, 8));
	sip_word(v, (uint64_t)len << 56 | little_endian(at + 8 * words, len % 8));
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
