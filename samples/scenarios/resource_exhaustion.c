/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the server. MaxStartups is reached: sshd (8.2 to 9.7) accepts, says so in clear
 * text and closes. The client's identification string crosses the FIN and meets an orphaned
 * socket: a reset by the kernel, as for all that follows. The first of them has a sequence number
 * the client is past, and is ignored; the 22 bytes tell the cause, not the resets.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	HANDSHAKE(0),
	{ .from = SERVER, .text = "Exceeded MaxStartups\r\n" },
	{ .from = SERVER, .flags = "F." },
	{ .from = CLIENT, .text = SSH_LINE, .unprompted = true, .after_ms = 1 },
	{ .from = SERVER, .reset = BY_KERNEL },
	ACK(0, CLIENT),
	{ .from = SERVER, .reset = BY_KERNEL },
	{ .from = CLIENT, .flags = "F." },
	{ .from = SERVER, .reset = BY_KERNEL },
};

const struct scenario scenario_resource_exhaustion = {
	.vantage = AT_SERVER,
	.truth = { { "closed", "server", "resource_exhaustion", NULL } },
	STEPS(steps),
};
