/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the server. The client sits behind an address translator that keeps idle
 * connections for 7440 s (RFC 5382 REQ-5). After 7500 quiet seconds the server is the first to
 * speak; without an entry the segment is for the translator itself, whose kernel knows no such
 * connection: a reset with the client's address, DSCP copied, but a TTL of 59 where the client's
 * segments have 57. The client never sent it, and has no trouble to log in anew.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 6),
	{ .from = SERVER, .encrypted = 84, .silence_s = 7500, .unprompted = true, .lost = true },
	{ .from = CLIENT, .reset = BY_KERNEL, .by_box = true },
	LOGIN_AFTER(1, 95000),
	SESSION(1, 3),
};

const struct scenario scenario_idle_timeout_nat = {
	.vantage = AT_SERVER,
	.box = { .hops = 5, .away_us = 11000 },
	.truth = {
		{ "reset", "middlebox", "idle_timeout", NULL },
		{ "open", "none", "still_open", NULL },
	},
	STEPS(steps),
};
