/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the server. A client of the nineties speaks protocol 1.5 only; sshd answers with
 * its text and closes (RFC 4253 section 5.1).
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	HANDSHAKE(0),
	{ .from = CLIENT, .text = "SSH-1.5-1.2.27\n" },
	ACK(0, SERVER),
	{ .from = SERVER, .text = SSH_LINE, .after_ms = 7 },
	{ .from = SERVER, .text = "Protocol major versions differ.\r\n" },
	{ .from = SERVER, .flags = "F.", .after_ms = 1 },
	{ .from = CLIENT, .flags = "F.", .after_ms = 1 },
	ACK(0, SERVER),
};

const struct scenario scenario_protocol_error_version = {
	.vantage = AT_SERVER,
	.truth = { { "closed", "server", "protocol_error", "version_mismatch" } },
	STEPS(steps),
};
