/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Phrases: the rows that every scenario needs, for connection c. Sizes and delays are those of a
 * session of OpenSSH 9.2 with chacha20-poly1305 (4 + payload and padding to a multiple of 8 + 16).
 */
#ifndef SAMPLES_PHRASES_H
#define SAMPLES_PHRASES_H

#include "samples/scenario.h"

#define DELAYED_ACK_MS 40

#define ACK(c, side) { .conn = (c), .from = (side) }

#define HANDSHAKE_AFTER(c, ms)                                                                     \
	{ .conn = (c), .from = CLIENT, .flags = "S", .after_ms = (ms) },                           \
	{ .conn = (c), .from = SERVER, .flags = "S." },                                            \
	ACK(c, CLIENT)
#define HANDSHAKE(c) HANDSHAKE_AFTER(c, 0)

/* Identification strings both ways; each is acknowledged before the other side has its own ready. */
#define IDENTIFICATIONS(c)                                                                         \
	{ .conn = (c), .from = CLIENT, .text = SSH_LINE },                                         \
	ACK(c, SERVER),                                                                            \
	{ .conn = (c), .from = SERVER, .text = SSH_LINE, .after_ms = 7 },                          \
	ACK(c, CLIENT)

/* From the identification strings to NEWKEYS both ways; the server's EXT_INFO is encrypted. */
#define SSH_START(c)                                                                               \
	IDENTIFICATIONS(c),                                                                        \
	{ .conn = (c), .from = CLIENT, .ssh = SSH_KEXINIT },                                       \
	{ .conn = (c), .from = SERVER, .ssh = SSH_KEXINIT },                                       \
	{ .conn = (c), .from = CLIENT, .ssh = SSH_KEX_ECDH_INIT, .after_ms = 14 },                 \
	{ .conn = (c), .from = SERVER, .ssh = SSH_KEX_ECDH_REPLY, .encrypted = 316,                \
	  .after_ms = 10 },                                                                        \
	ACK(c, CLIENT),                                                                            \
	{ .conn = (c), .from = CLIENT, .ssh = SSH_NEWKEYS, .after_ms = 23 },                       \
	{ .conn = (c), .from = SERVER, .after_ms = DELAYED_ACK_MS }

/* Service request and accept, "none" refused, key offered and welcome, signature, success. */
#define AUTH(c)                                                                                    \
	{ .conn = (c), .from = CLIENT, .encrypted = 44 },                                          \
	{ .conn = (c), .from = SERVER, .encrypted = 44 },                                          \
	{ .conn = (c), .from = CLIENT, .encrypted = 60 },                                          \
	{ .conn = (c), .from = SERVER, .encrypted = 52, .after_ms = 8 },                           \
	{ .conn = (c), .from = CLIENT, .encrypted = 140 },                                         \
	{ .conn = (c), .from = SERVER, .encrypted = 100 },                                         \
	{ .conn = (c), .from = CLIENT, .encrypted = 308 },                                         \
	{ .conn = (c), .from = SERVER, .encrypted = 28, .after_ms = 15 }

/* Channel, host keys, terminal and shell; sshd marks its packets from here on; a prompt. */
#define SHELL(c)                                                                                   \
	{ .conn = (c), .from = CLIENT, .encrypted = 112 },                                         \
	{ .conn = (c), .from = SERVER, .encrypted = 248 },                                         \
	{ .conn = (c), .from = CLIENT, .encrypted = 212 },                                         \
	{ .conn = (c), .from = SERVER, .encrypted = 108, .marks = true },                          \
	{ .conn = (c), .from = SERVER, .encrypted = 96, .after_ms = 55 },                          \
	ACK(c, CLIENT)

#define LOGIN_AFTER(c, ms) HANDSHAKE_AFTER(c, ms), SSH_START(c), AUTH(c), SHELL(c)
#define LOGIN(c) LOGIN_AFTER(c, 0)

/* A key typed, its echo, an acknowledgment; n keys. */
#define SESSION(c, n)                                                                              \
	{ .conn = (c), .from = CLIENT, .encrypted = 36, .after_ms = 170, .times = (n), .rows = 3 },\
	{ .conn = (c), .from = SERVER, .encrypted = 36 },                                          \
	{ .conn = (c), .from = CLIENT, .after_ms = DELAYED_ACK_MS }

/*
 * Exit status, EOF and close of the server (176), close (36) and DISCONNECT (60) of the client,
 * whose FIN is the first.
 */
#define GOODBYE(c)                                                                                 \
	{ .conn = (c), .from = SERVER, .encrypted = 176, .after_ms = 6 },                          \
	{ .conn = (c), .from = CLIENT, .encrypted = 36 },                                          \
	{ .conn = (c), .from = CLIENT, .encrypted = 60 },                                          \
	{ .conn = (c), .from = CLIENT, .flags = "F." },                                            \
	{ .conn = (c), .from = SERVER, .flags = "F.", .after_ms = 1 },                             \
	ACK(c, CLIENT)

/* Linux: the first retransmission after 200 ms and the round trip, each gap twice the last. */
#define RETRANSMISSIONS(c, side)                                                                   \
	{ .conn = (c), .from = (side), .again = true, .lost = true, .after_ms = 230 },             \
	{ .conn = (c), .from = (side), .again = true, .lost = true, .after_ms = 460 },             \
	{ .conn = (c), .from = (side), .again = true, .lost = true, .after_ms = 920 },             \
	{ .conn = (c), .from = (side), .again = true, .lost = true, .after_ms = 1840 },            \
	{ .conn = (c), .from = (side), .again = true, .lost = true, .after_ms = 3680 },            \
	{ .conn = (c), .from = (side), .again = true, .lost = true, .after_ms = 7360 }

#endif
