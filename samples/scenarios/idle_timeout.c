/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. A session is quiet for 352 s; a translating gateway two hops away has
 * forgotten it after 350 s and answers the next segment itself: the reset comes back within 2 ms
 * where the server needs 30, its TTL is that of a nearer sender, and it does not copy the DSCP of
 * the segment as the server's own kernel would (tcp_v4_send_reset()). A new connection works at
 * once: server and path are well, only the table entry was gone.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 6),
	{ .from = CLIENT, .encrypted = 36, .silence_s = 352, .lost = true },
	{ .from = SERVER, .reset = BY_FILTER, .by_box = true },
	LOGIN_AFTER(1, 4200),
	SESSION(1, 4),
};

const struct scenario scenario_idle_timeout = {
	.vantage = AT_CLIENT,
	.box = { .hops = 2, .away_us = 900 },
	.truth = {
		{ "reset", "middlebox", "idle_timeout", NULL },
		{ "open", "none", "still_open", NULL },
	},
	STEPS(steps),
};
