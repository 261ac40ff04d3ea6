/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. The user's terminal is closed while the server pours out a log: ssh is
 * killed with unread output in its socket, and Linux sends a reset in place of a FIN (RFC 2525
 * section 2.17). The client's socket sends it: IP ID, timestamps and window go on. Output in
 * flight is answered by its kernel.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 5),
	{ .from = SERVER, .encrypted = 1448, .times = 8, .rows = 3 },
	{ .from = SERVER, .encrypted = 1448 },
	ACK(0, CLIENT),
	{ .from = SERVER, .encrypted = 1448 },
	{ .from = CLIENT, .flags = "R.", .after_ms = 11 },
	{ .from = SERVER, .encrypted = 1448, .unprompted = true, .after_ms = 6 },
	{ .from = CLIENT, .reset = BY_KERNEL },
};

const struct scenario scenario_client_abort = {
	.vantage = AT_CLIENT,
	.truth = { { "reset", "client", "client_abort", NULL } },
	STEPS(steps),
};
