/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. A balancer in front of the server changes its mind about one of two
 * connections and sends the next key, six seconds after the last, to another machine. That machine's
 * kernel never had the connection: a bare reset without ACK, a full round trip away, with the DSCP of
 * the segment. Nothing was idle for long, and the other session to the same address goes on.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	LOGIN_AFTER(1, 1500),
	SESSION(1, 4),
	SESSION(0, 6),
	{ .from = CLIENT, .encrypted = 36, .silence_s = 6 },
	{ .from = SERVER, .reset = BY_KERNEL },
	SESSION(1, 5),
};

const struct scenario scenario_state_lost = {
	.vantage = AT_CLIENT,
	.truth = {
		{ "reset", "server", "state_lost", NULL },
		{ "open", "none", "still_open", NULL },
	},
	STEPS(steps),
};
