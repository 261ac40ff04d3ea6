/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the server, over IPv6: a session that ends with a goodbye. There is no IP ID to
 * look at, and the segments are 20 bytes shorter.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 5),
	GOODBYE(0),
};

const struct scenario scenario_orderly_close_ipv6 = {
	.vantage = AT_SERVER,
	.ipv6 = true,
	.truth = { { "closed", "client", "orderly_close", NULL } },
	STEPS(steps),
};
