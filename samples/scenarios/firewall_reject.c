/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. A first connection shows how the server looks from here; then a rule is
 * put in place on a router two hops away that rejects port 22 with a TCP reset. Its reset answers
 * the SYN within 2 ms, with a nearer TTL, and with type of service 0 although the SYN was marked:
 * netfilter's nf_send_reset() writes 0 where the kernel of a closed port copies.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 4),
	GOODBYE(0),
	{ .conn = 1, .from = CLIENT, .flags = "S", .silence_s = 60, .lost = true },
	{ .conn = 1, .from = SERVER, .reset = BY_FILTER, .by_box = true },
};

const struct scenario scenario_firewall_reject = {
	.vantage = AT_CLIENT,
	.box = { .hops = 2, .away_us = 800 },
	.truth = {
		{ "closed", "client", "orderly_close", NULL },
		{ "refused", "middlebox", "firewall_reject", NULL },
	},
	STEPS(steps),
};
