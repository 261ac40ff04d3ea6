/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured in the middle; it begins with the last segment of the client's, and a reset follows.
 * Its form is that of any Linux kernel or filter (window 0, IP ID 0, no options); the DSCP was
 * cleared before the capture point, the server's own TTL and what went before are not in the
 * file.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 4),
	{ .from = CLIENT,
	  .encrypted = 36,
	  .after_ms = 400,
	  .tos = EXACTLY(0),
	  .capture_starts = true },
	{ .from = SERVER, .reset = BY_KERNEL },
};

const struct scenario scenario_unexplained_midstream = {
	.vantage = IN_THE_MIDDLE,
	.truth = { { "reset", "unknown", "unexplained", NULL } },
	STEPS(steps),
};
