/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured in the middle of the path. A user logs in and types; the capture ends first. Nothing
 * is wrong.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 12),
};

const struct scenario scenario_still_open = {
	.vantage = IN_THE_MIDDLE,
	.truth = { { "open", "none", "still_open", NULL } },
	STEPS(steps),
};
