/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client with a filter that lets resets alone through, a habit of many. One
 * frame: a reset from the server's address. What it answered, how long it was quiet before, and
 * what the server's TTL is, the file does not say.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 4),
	{ .from = CLIENT, .encrypted = 36, .after_ms = 900, .lost = true },
	{ .from = SERVER, .reset = BY_KERNEL, .capture_starts = true },
};

const struct scenario scenario_unexplained = {
	.vantage = AT_CLIENT,
	.truth = { { "reset", "unknown", "unexplained", NULL } },
	STEPS(steps),
};
