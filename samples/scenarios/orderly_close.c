/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. A user logs in, types, and leaves with "exit": the server sends exit
 * status, EOF and close (RFC 4254 section 6.10), the client closes the channel, says DISCONNECT
 * (RFC 4253 section 11.1) and sends the first FIN. The sizes alone tell, for all of it is
 * encrypted.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 8),
	GOODBYE(0),
};

const struct scenario scenario_orderly_close = {
	.vantage = AT_CLIENT,
	.truth = { { "closed", "client", "orderly_close", NULL } },
	STEPS(steps),
};
