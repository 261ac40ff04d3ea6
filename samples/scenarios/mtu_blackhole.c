/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the server. The path has a tunnel with a smaller MTU, and its "fragmentation needed"
 * is filtered. The first long output never arrives: its full-sized segment is sent again at the
 * doubling gaps of RFC 6298 section 5.5, while the short one behind it is acknowledged selectively,
 * as is all that the client types.
 *
 * Wireshark flags: retransmission
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 4),
	{ .from = CLIENT, .encrypted = 36, .after_ms = 170 },
	{ .from = SERVER, .encrypted = 1448, .lost = true },
	{ .from = SERVER, .encrypted = 508 },
	ACK(0, CLIENT),
	RETRANSMISSIONS(0, SERVER),
};

const struct scenario scenario_mtu_blackhole = {
	.vantage = AT_SERVER,
	.truth = { { "silent", "network", "mtu_blackhole", NULL } },
	STEPS(steps),
};
