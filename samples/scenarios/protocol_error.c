/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. The server was hardened to one post-quantum key exchange that the
 * client does not know. Both KEXINIT are in clear text and complete, their first lists have
 * nothing in common (RFC 4253 section 7.1). OpenSSH sends no DISCONNECT then; the client is the
 * first to notice and closes.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	HANDSHAKE(0),
	{ .from = CLIENT, .text = SSH_LINE },
	ACK(0, SERVER),
	{ .from = SERVER, .text = "SSH-2.0-OpenSSH_10.0p2 Debian-7\r\n", .after_ms = 7 },
	ACK(0, CLIENT),
	{ .from = CLIENT, .ssh = SSH_KEXINIT },
	{ .from = SERVER,
	  .ssh = SSH_KEXINIT,
	  .kex = "mlkem768x25519-sha256,ext-info-s,kex-strict-s-v00@openssh.com" },
	{ .from = CLIENT, .flags = "F.", .after_ms = 2 },
	{ .from = SERVER, .flags = "F.", .after_ms = 1 },
	ACK(0, CLIENT),
};

const struct scenario scenario_protocol_error = {
	.vantage = AT_CLIENT,
	.truth = { { "closed", "client", "protocol_error", "no_common_algorithm" } },
	STEPS(steps),
};
