/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the server. A script logs in and waits at the prompt for a password that nobody types.
 * Two minutes after it took the connection (LoginGraceTime, not set) sshd exits: a FIN, and no word;
 * the client closes in turn.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	HANDSHAKE(0),
	SSH_START(0),
	{ .from = CLIENT, .encrypted = 44 },
	{ .from = SERVER, .encrypted = 44 },
	{ .from = CLIENT, .encrypted = 60 },
	{ .from = SERVER, .encrypted = 52, .after_ms = 8 },
	ACK(0, CLIENT),
	{ .from = SERVER, .flags = "F.", .after_ms = 119783 },
	{ .from = CLIENT, .after_ms = DELAYED_ACK_MS },
	{ .from = CLIENT, .flags = "F.", .after_ms = 3 },
	ACK(0, SERVER),
};

const struct scenario scenario_login_timeout = {
	.vantage = AT_SERVER,
	.truth = { { "closed", "server", "login_timeout", NULL } },
	STEPS(steps),
};
