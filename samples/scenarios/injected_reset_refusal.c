/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. Someone on the path answers a SYN in the server's name, with the TTL, the
 * type of service and the form that a closed port of the server's kernel would have. He is quick and
 * stops nothing: the SYN reaches the server, whose SYN-ACK comes a round trip later and is refused by
 * the client's kernel, which has given up.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	{ .from = CLIENT, .flags = "S" },
	{ .from = SERVER, .reset = BY_KERNEL, .by_box = true, .ttl = 57 },
	{ .from = SERVER, .flags = "S.", .unprompted = true, .after_ms = 29 },
	{ .from = CLIENT, .reset = BY_KERNEL },
};

const struct scenario scenario_injected_reset_refusal = {
	.vantage = AT_CLIENT,
	.box = { .hops = 4, .away_us = 900 },
	.truth = { { "refused", "middlebox", "injected_reset", NULL } },
	STEPS(steps),
};
