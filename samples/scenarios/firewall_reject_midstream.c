/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. A rule put in place during a busy session rejects the client's next
 * segment: no silence before, nearer TTL, type of service 0. Only the client's socket is gone.
 * The server, running "top", goes on; the client's kernel answers each of its segments with a
 * reset of its own, which the rule rejects as well, so the server repeats itself.
 *
 * Wireshark flags: retransmission
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 6),
	{ .from = SERVER, .encrypted = 612, .unprompted = true, .after_ms = 400 },
	ACK(0, CLIENT),
	{ .from = CLIENT, .encrypted = 36, .after_ms = 310, .lost = true },
	{ .from = SERVER, .reset = BY_FILTER, .by_box = true },
	{ .from = SERVER, .encrypted = 612, .unprompted = true, .after_ms = 690 },
	{ .from = CLIENT, .reset = BY_KERNEL, .lost = true },
	{ .from = SERVER, .again = true, .after_ms = 230 },
	{ .from = CLIENT, .reset = BY_KERNEL, .lost = true },
	{ .from = SERVER, .again = true, .after_ms = 460 },
	{ .from = CLIENT, .reset = BY_KERNEL, .lost = true },
};

const struct scenario scenario_firewall_reject_midstream = {
	.vantage = AT_CLIENT,
	.box = { .hops = 2, .away_us = 850 },
	.truth = { { "reset", "middlebox", "firewall_reject", NULL } },
	STEPS(steps),
};
