/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a client says to a proxy before SSH begins, or a proxy to a server. Stateless.
 *
 *   SOCKS 4, 4a     "SOCKS: A protocol for TCP proxy across firewalls", Ying-Da Lee; its extension
 *   SOCKS 5         RFC 1928, with a user name and password RFC 1929
 *   HTTP CONNECT    RFC 9110 section 9.3.6, RFC 9112
 *   PROXY protocol  haproxy's proxy-protocol.txt, versions 1 and 2
 *
 * A parser takes all that one side says, from its first byte on: it answers with the bytes used, 0
 * for "need more", -1 for "this is none".
 */
#ifndef DISSECT_SSH_PRELUDE_H
#define DISSECT_SSH_PRELUDE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "dissect/packet.h"
#include "dissect/ssh.h"

/* HTTP headers, where a ticket of Kerberos may stand, and TLVs with a certificate. */
#define PRELUDE_LEN_MAX 8192

struct prelude {
	enum prelude_kind kind;
	/* Where to, or, of the PROXY protocol, where from. Family 0: a name instead, or nothing. */
	struct endpoint at;
	struct ssh_slice name; /* borrowed; at.port belongs to it */
};

/* Whether a segment with the first bytes of a stream is enough of a prelude to take it for one. */
bool prelude_begins(const uint8_t *bytes, size_t len);

/* What the side says that opened the connection. */
ssize_t prelude_parse(const uint8_t *bytes, size_t len, struct prelude *);

/* The answer to it, if it is a yes; a no is none. */
ssize_t prelude_answer_parse(const uint8_t *bytes, size_t len, enum prelude_kind);

/* Whether the kind has an answer. */
bool prelude_is_answered(enum prelude_kind);

/* ---- by kind, for ssh_prelude.c ---- */

ssize_t prelude_socks4(const uint8_t *bytes, size_t len, struct prelude *);
ssize_t prelude_socks5(const uint8_t *bytes, size_t len, struct prelude *);
ssize_t prelude_http(const uint8_t *bytes, size_t len, struct prelude *);
ssize_t prelude_proxy(const uint8_t *bytes, size_t len, struct prelude *);

ssize_t prelude_socks4_answer(const uint8_t *bytes, size_t len);
ssize_t prelude_socks5_answer(const uint8_t *bytes, size_t len);
ssize_t prelude_http_answer(const uint8_t *bytes, size_t len);

bool prelude_socks5_begins(const uint8_t *bytes, size_t len);

/* Bytes used so far of len, or 0 when the cursor ran out of them. */
static inline ssize_t prelude_used(const struct cursor *c, size_t len)
{
	return c->short_read ? 0 : (ssize_t)(len - cursor_left(c));
}

/* The next line without its CR LF; false (and short_read) when it has no end yet. */
bool prelude_line(struct cursor *, struct ssh_slice *line);

/* A decimal number of 16 bits; false when it is none, or something follows. */
bool prelude_port(struct ssh_slice digits, uint16_t *port);

#endif
