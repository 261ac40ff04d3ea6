/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. TCP wrappers refuse the client: sshd accepts, looks up its name for 1.2
 * s, and closes without a byte. The client's identification string is acknowledged but unread, so
 * the socket sends a reset (RFC 2525 section 2.17): RST+ACK with timestamps and a window, no byte
 * of the server before it.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	HANDSHAKE(0),
	{ .from = CLIENT, .text = SSH_LINE },
	ACK(0, SERVER),
	{ .from = SERVER, .flags = "R.", .after_ms = 1200 },
};

const struct scenario scenario_access_denied = {
	.vantage = AT_CLIENT,
	.truth = { { "reset", "server", "access_denied", NULL } },
	STEPS(steps),
};
