/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. A limit of sshd 9.8 or later (MaxStartups or PerSourcePenalties: one
 * text for both) refuses the client; its identification string was already unread in the server's
 * socket, so that the close is a reset by the socket (RFC 2525 section 2.17) and not a FIN.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	HANDSHAKE(0),
	{ .from = CLIENT, .text = SSH_LINE },
	ACK(0, SERVER),
	{ .from = SERVER, .text = "Not allowed at this time\r\n", .after_ms = 4 },
	{ .from = SERVER, .flags = "R." },
};

const struct scenario scenario_resource_exhaustion_reset = {
	.vantage = AT_CLIENT,
	.truth = { { "reset", "server", "resource_exhaustion", NULL } },
	STEPS(steps),
};
