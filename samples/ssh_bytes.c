/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A packet is written with its payload first; close_packet() then knows the padding and the length
 * in front (RFC 4253 section 6).
 */
#include "samples/ssh_bytes.h"

#include <assert.h>
#include <string.h>

#define BLOCK 8 /* RFC 4253 section 6: the least block size, before NEWKEYS */
#define PADDING_MIN 4
#define COOKIE_LEN 16

/* sntrup761x25519-sha512: a streamlined NTRU Prime key or ciphertext, then an X25519 key. */
#define CLIENT_SHARE_LEN (1158 + 32)
#define SERVER_SHARE_LEN (1039 + 32)
#define ED25519_SIGNATURE_LEN 64

enum { MSG_KEXINIT = 20, MSG_NEWKEYS = 21, MSG_KEX_ECDH_INIT = 30, MSG_KEX_ECDH_REPLY = 31 };

#define KEX_BOTH                                                                                   \
	"sntrup761x25519-sha512,sntrup761x25519-sha512@openssh.com,curve25519-sha256,"             \
	"curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,"   \
	"diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,"                      \
	"diffie-hellman-group18-sha512,diffie-hellman-group14-sha256,"

/* Lists without a client's and a server's own are equal for both, and for both directions. */
static const char client_kex[] = KEX_BOTH "ext-info-c,kex-strict-c-v00@openssh.com";
static const char server_kex[] = KEX_BOTH "kex-strict-s-v00@openssh.com";
static const char client_host_keys[] =
	"ssh-ed25519-cert-v01@openssh.com,ecdsa-sha2-nistp256-cert-v01@openssh.com,"
	"ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,"
	"sk-ssh-ed25519-cert-v01@openssh.com,sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,"
	"rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com,ssh-ed25519,"
	"ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ssh-ed25519@openssh.com,"
	"sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256";
static const char server_host_keys[] = "rsa-sha2-512,rsa-sha2-256,ecdsa-sha2-nistp256,ssh-ed25519";
static const char ciphers[] =
	"chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,"
	"aes256-gcm@openssh.com";
static const char macs[] =
	"umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,"
	"hmac-sha2-512-etm@openssh.com,hmac-sha1-etm@openssh.com,umac-64@openssh.com,"
	"umac-128@openssh.com,hmac-sha2-256,hmac-sha2-512,hmac-sha1";
static const char client_compression[] = "none,zlib@openssh.com,zlib";
static const char server_compression[] = "none,zlib@openssh.com";
static const char host_key_type[] = "ssh-ed25519";

struct writer {
	uint8_t *at;
	size_t len, room;
	struct dice *dice;
};

static void put(struct writer *w, const void *bytes, size_t len)
{
	assert(w->room - w->len >= len);
	memcpy(w->at + w->len, bytes, len);
	w->len += len;
}

static void put_u8(struct writer *w, uint8_t value)
{
	put(w, &value, 1);
}

static void put_u32(struct writer *w, uint32_t value)
{
	const uint8_t bytes[] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16),
				  (uint8_t)(value >> 8), (uint8_t)value };

	put(w, bytes, sizeof(bytes));
}

static void put_dice(struct writer *w, size_t len)
{
	while (len-- > 0)
		put_u8(w, (uint8_t)dice_u32(w->dice));
}

/* RFC 4251 section 5: "string" is its length, then its bytes. */
static void put_string(struct writer *w, const char *text)
{
	put_u32(w, (uint32_t)strlen(text));
	put(w, text, strlen(text));
}

static void put_dice_string(struct writer *w, uint32_t len)
{
	put_u32(w, len);
	put_dice(w, len);
}

/* RFC 8709 section 4 and 6: a string with the type's name and one more string in it. */
static void put_ed25519(struct writer *w, uint32_t len)
{
	put_u32(w, (uint32_t)(4 + strlen(host_key_type) + 4) + len);
	put_string(w, host_key_type);
	put_dice_string(w, len);
}

static size_t open_packet(struct writer *w, uint8_t message)
{
	size_t start = w->len;

	put_u32(w, 0); /* both lengths come with close_packet() */
	put_u8(w, 0);
	put_u8(w, message);
	return start;
}

static void close_packet(struct writer *w, size_t start)
{
	size_t padding = BLOCK - (w->len - start) % BLOCK;
	size_t len;

	if (padding < PADDING_MIN)
		padding += BLOCK;
	for (size_t i = 0; i < padding; i++)
		put_u8(w, 0); /* OpenSSH pads unencrypted packets with zeros */
	len = w->len - start - 4;
	w->at[start + 2] = (uint8_t)(len >> 8);
	w->at[start + 3] = (uint8_t)len;
	w->at[start + 4] = (uint8_t)padding;
}

/* RFC 4253 section 7.1. */
static void put_kexinit(struct writer *w, const struct ssh_packet *packet)
{
	const char *kex = packet->from_client ? client_kex : server_kex;
	const char *compression = packet->from_client ? client_compression : server_compression;
	size_t start = open_packet(w, MSG_KEXINIT);

	put_dice(w, COOKIE_LEN);
	put_string(w, packet->kex != NULL ? packet->kex : kex);
	put_string(w, packet->from_client ? client_host_keys : server_host_keys);
	put_string(w, ciphers);
	put_string(w, ciphers);
	put_string(w, macs);
	put_string(w, macs);
	put_string(w, compression);
	put_string(w, compression);
	put_string(w, ""); /* languages */
	put_string(w, "");
	put_u8(w, 0); /* first_kex_packet_follows */
	put_u32(w, 0);
	close_packet(w, start);
}

/* RFC 5656 section 4 gives the two messages their form, whatever the key shares are. */
static void put_ecdh_init(struct writer *w)
{
	size_t start = open_packet(w, MSG_KEX_ECDH_INIT);

	put_dice_string(w, CLIENT_SHARE_LEN);
	close_packet(w, start);
}

static void put_host_key(struct writer *w, struct host_key *key)
{
	uint8_t *at;

	put_ed25519(w, sizeof(key->at));
	at = w->at + w->len - sizeof(key->at);
	if (key->made)
		memcpy(at, key->at, sizeof(key->at));
	else
		memcpy(key->at, at, sizeof(key->at));
	key->made = true;
}

static void put_ecdh_reply(struct writer *w, struct host_key *key)
{
	size_t start = open_packet(w, MSG_KEX_ECDH_REPLY);

	put_host_key(w, key);
	put_dice_string(w, SERVER_SHARE_LEN);
	put_ed25519(w, ED25519_SIGNATURE_LEN);
	close_packet(w, start);
}

static void put_newkeys(struct writer *w)
{
	close_packet(w, open_packet(w, MSG_NEWKEYS));
}

size_t ssh_packet(const struct ssh_packet *packet, struct dice *dice, uint8_t *out, size_t room)
{
	struct writer w = { .at = out, .room = room, .dice = dice };

	switch (packet->message) {
	case SSH_KEXINIT:
		put_kexinit(&w, packet);
		break;
	case SSH_KEX_ECDH_INIT:
		put_ecdh_init(&w);
		break;
	case SSH_KEX_ECDH_REPLY:
		put_ecdh_reply(&w, packet->host_key);
		put_newkeys(&w);
		break;
	case SSH_NEWKEYS:
		put_newkeys(&w);
		break;
	case SSH_NOTHING:
		break;
	}
	return w.len;
}
