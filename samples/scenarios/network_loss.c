/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. The path breaks while the user types: the key is sent again at the
 * doubling gaps of RFC 6298 section 5.5, without any answer, and a new connection gets no answer
 * either (SYN again after 1, 1, 1, 1, 2 s: Linux 6.5 and later). There was no silence before, so
 * no timer of the path is to blame.
 *
 * Wireshark flags: retransmission
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 8),
	{ .from = CLIENT, .encrypted = 36, .after_ms = 170, .lost = true },
	RETRANSMISSIONS(0, CLIENT),
	{ .conn = 1, .from = CLIENT, .flags = "S", .after_ms = 2000, .lost = true },
	{ .conn = 1, .from = CLIENT, .again = true, .after_ms = 1000, .lost = true, .times = 4 },
	{ .conn = 1, .from = CLIENT, .again = true, .after_ms = 2000, .lost = true },
	{ .from = CLIENT, .again = true, .after_ms = 6700, .lost = true },
};

const struct scenario scenario_network_loss = {
	.vantage = AT_CLIENT,
	.truth = {
		{ "silent", "network", "network_loss", NULL },
		{ "unanswered", "network", "network_loss", NULL },
	},
	STEPS(steps),
};
