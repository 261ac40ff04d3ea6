/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured in the middle, where only the way to the server passes: its answers take another
 * route. The client says goodbye (36 and 60 bytes) and sends its FIN; its acknowledgments tell
 * that the server had not sent one by then, and did afterwards.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 6),
	GOODBYE(0),
};

const struct scenario scenario_orderly_close_one_sided = {
	.vantage = IN_THE_MIDDLE,
	.hides = HIDES_SERVER,
	.truth = { { "closed", "client", "orderly_close", NULL } },
	STEPS(steps),
};
