/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/ssh_bytes.h"

#include <string.h>

#define BLOCK 8 /* RFC 4253 section 6: before NEWKEYS */

const struct offer openssh_offer = { {
	"sntrup761x25519-sha512@openssh.com,curve25519-sha256",
	"ssh-ed25519,rsa-sha2-512",
	"chacha20-poly1305@openssh.com,aes128-ctr",
	"chacha20-poly1305@openssh.com,aes128-ctr",
	"umac-64-etm@openssh.com,hmac-sha2-256",
	"umac-64-etm@openssh.com,hmac-sha2-256",
	"none,zlib@openssh.com",
	"none,zlib@openssh.com",
	"",
	"",
} };

struct bytes text_bytes(const char *text)
{
	return bytes_copy(text, strlen(text));
}

static struct bytes zeros(size_t len)
{
	static const uint8_t none[64];

	return bytes_copy(none, len);
}

struct bytes ssh_packet(uint8_t number, struct bytes body)
{
	size_t unpadded = 4 + 1 + 1 + body.len;
	size_t padding = BLOCK - unpadded % BLOCK;
	struct bytes head = zeros(6);

	padding += padding < 4 ? BLOCK : 0;
	put_u32(head, 0, (uint32_t)(unpadded - 4 + padding));
	put_u8(head, 4, (uint8_t)padding);
	put_u8(head, 5, number);
	return bytes_join(bytes_join(head, body), zeros(padding));
}

struct bytes ssh_string(const char *text)
{
	struct bytes len = zeros(4);

	put_u32(len, 0, (uint32_t)strlen(text));
	return bytes_join(len, text_bytes(text));
}

struct bytes ssh_kexinit_body(const struct offer *offer)
{
	struct bytes body = cipher_text(16); /* the cookie */

	for (size_t i = 0; i < 10; i++)
		body = bytes_join(body, ssh_string(offer->list[i]));
	return bytes_join(body, zeros(1 + 4));
}

struct bytes ssh_kexinit(const struct offer *offer)
{
	return ssh_packet(20, ssh_kexinit_body(offer));
}

struct bytes ssh_disconnect(uint32_t code, const char *description)
{
	struct bytes head = zeros(4);

	put_u32(head, 0, code);
	return ssh_packet(1, bytes_join(bytes_join(head, ssh_string(description)), ssh_string("")));
}

struct bytes cipher_text(size_t len)
{
	static uint32_t state = 1;
	uint8_t room[65536];

	len = len < sizeof(room) ? len : sizeof(room);
	for (size_t i = 0; i < len; i++) {
		state = state * 1664525u + 1013904223u; /* Numerical Recipes' generator */
		room[i] = (uint8_t)(state >> 24);
	}
	return bytes_copy(room, len);
}
