/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the server. The path breaks during a download: three segments in flight are never
 * acknowledged, the first of them is sent again at doubling gaps (RFC 6298 section 5.5) until the
 * capture ends.
 *
 * Wireshark flags: retransmission
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 3),
	{ .from = SERVER, .encrypted = 1448, .times = 8, .rows = 3 },
	{ .from = SERVER, .encrypted = 1448 },
	ACK(0, CLIENT),
	{ .from = SERVER, .encrypted = 1448, .lost = true, .times = 3 },
	RETRANSMISSIONS(0, SERVER),
	{ .from = SERVER, .again = true, .lost = true, .after_ms = 14720 },
	{ .from = SERVER, .again = true, .lost = true, .after_ms = 29440 },
};

const struct scenario scenario_network_loss_midflow = {
	.vantage = AT_SERVER,
	.truth = { { "silent", "network", "network_loss", NULL } },
	STEPS(steps),
};
