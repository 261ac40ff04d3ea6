/* SPDX-License-Identifier: BSD-3-Clause */
/* SSH as peers write it, for tests: the caller frees the results. */
#ifndef TESTS_SSH_BYTES_H
#define TESTS_SSH_BYTES_H

#include "tests/support.h"

/* The ten name-lists of KEXINIT, in its order (RFC 4253 section 7.1). */
struct offer {
	const char *list[10];
};

/* What OpenSSH 9.2 would agree on: chacha20-poly1305 both ways, no MAC of its own. */
extern const struct offer openssh_offer;

struct bytes text_bytes(const char *text);

/* A clear-text binary packet (RFC 4253 section 6) around a message; body is freed. */
struct bytes ssh_packet(uint8_t number, struct bytes body);
/* RFC 4251 section 5: a uint32 length, then the text. */
struct bytes ssh_string(const char *text);
struct bytes ssh_kexinit_body(const struct offer *);
struct bytes ssh_kexinit(const struct offer *);
struct bytes ssh_disconnect(uint32_t code, const char *description);

/* Bytes that look encrypted: no two calls give the same. */
struct bytes cipher_text(size_t len);

#endif
