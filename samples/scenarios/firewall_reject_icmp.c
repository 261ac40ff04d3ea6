/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. A router three hops away answers the SYN with "communication
 * administratively prohibited" (ICMP type 3, code 13, RFC 1812 section 5.2.7.1), the default of
 * firewalld. connect() fails at once.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	{ .from = CLIENT, .flags = "S", .lost = true },
	{ .from = SERVER, .icmp = EXACTLY(13), .by_box = true },
};

const struct scenario scenario_firewall_reject_icmp = {
	.vantage = AT_CLIENT,
	.box = { .hops = 3, .away_us = 2100 },
	.truth = { { "rejected", "middlebox", "firewall_reject", NULL } },
	STEPS(steps),
};
