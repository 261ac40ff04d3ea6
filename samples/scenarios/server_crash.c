/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. The server process of one session is killed. Its kernel closes the
 * socket in order: a FIN, but no exit status and no channel close before it, and the client had
 * asked for nothing for ten seconds. The client says DISCONNECT and closes; both segments reach a
 * host without a socket and are reset by its kernel. Another session to the same server, from
 * another process, lives on.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	LOGIN_AFTER(1, 2000),
	SESSION(0, 6),
	SESSION(1, 4),
	{ .from = SERVER, .flags = "F.", .unprompted = true, .silence_s = 10 },
	{ .from = CLIENT, .encrypted = 60, .after_ms = 1 },
	{ .from = CLIENT, .flags = "F." },
	{ .from = SERVER, .reset = BY_KERNEL, .answers = 1 },
	{ .from = SERVER, .reset = BY_KERNEL },
	SESSION(1, 5),
};

const struct scenario scenario_server_crash = {
	.vantage = AT_CLIENT,
	.truth = {
		{ "closed", "server", "server_crash", NULL },
		{ "open", "none", "still_open", NULL },
	},
	STEPS(steps),
};
