/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured in the middle, one hop from a load balancer that resets idle connections at both ends
 * at the moment of expiry: after 240 s without a segment two resets pass within a millisecond,
 * one in each direction. Neither answers anything, both have the TTL of the box (255 at its
 * start), and both ends can connect again at once.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 6),
	{ .from = SERVER,
	  .reset = BY_FORGER,
	  .by_box = true,
	  .unprompted = true,
	  .silence_s = 240,
	  .ttl = 254,
	  .window = EXACTLY(0) },
	{ .from = CLIENT,
	  .reset = BY_FORGER,
	  .by_box = true,
	  .unprompted = true,
	  .ttl = 254,
	  .window = EXACTLY(0) },
	LOGIN_AFTER(1, 61000),
	SESSION(1, 3),
};

const struct scenario scenario_idle_timeout_reset_both_ends = {
	.vantage = IN_THE_MIDDLE,
	.box = { .hops = 1, .away_us = 300 },
	.truth = {
		{ "reset", "middlebox", "idle_timeout", NULL },
		{ "open", "none", "still_open", NULL },
	},
	STEPS(steps),
};
