/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. Two sessions live; a firewall on the path begins to drop new connections.
 * A SYN is sent again after 1, 1, 1, 1 and 2 s (Linux 6.5 and later) and never answered, while the
 * older session goes on, and when the rule is taken back the next attempt succeeds: the host, its
 * sshd and the path are well.
 *
 * Wireshark flags: retransmission
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 4),
	{ .conn = 1, .from = CLIENT, .flags = "S", .after_ms = 900, .lost = true },
	{ .conn = 1, .from = CLIENT, .again = true, .after_ms = 1000, .lost = true, .times = 2 },
	SESSION(0, 2),
	{ .conn = 1, .from = CLIENT, .again = true, .after_ms = 600, .lost = true },
	{ .conn = 1, .from = CLIENT, .again = true, .after_ms = 2000, .lost = true },
	LOGIN_AFTER(2, 4000),
	SESSION(0, 2),
	GOODBYE(2),
};

const struct scenario scenario_firewall_drop = {
	.vantage = AT_CLIENT,
	.truth = {
		{ "open", "none", "still_open", NULL },
		{ "unanswered", "middlebox", "firewall_drop", NULL },
		{ "closed", "client", "orderly_close", NULL },
	},
	STEPS(steps),
};
