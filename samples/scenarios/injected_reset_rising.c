/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured in the middle. An intrusion prevention system resets a download: it has learnt the
 * server's TTL and copies its type of service, but clears DF, sets window 0, and sends four
 * resets whose sequence numbers rise by the payload length, so that one of them fits whatever is
 * in flight. No segment of the client's provoked the later three. The server goes on, with newer
 * timestamps, until the client's kernel resets it.
 *
 * Wireshark flags: out_of_order
 */
#include "samples/phrases.h"

#define FORGED(offset)                                                                             \
	{                                                                                          \
		.from = SERVER, .reset = BY_FORGER, .by_box = true, .ttl = 60,                     \
		.tos = EXACTLY(0x48), .window = EXACTLY(0), .beyond = (offset)                     \
	}

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 4),
	{ .from = SERVER, .encrypted = 1448, .times = 6, .rows = 3 },
	{ .from = SERVER, .encrypted = 1448 },
	ACK(0, CLIENT),
	FORGED(0),
	FORGED(1448),
	FORGED(2 * 1448),
	FORGED(4 * 1448),
	{ .from = SERVER, .encrypted = 1448, .unprompted = true, .after_ms = 3 },
	{ .from = SERVER, .encrypted = 1448, .unprompted = true, .after_ms = 1 },
	{ .from = CLIENT, .reset = BY_KERNEL, .answers = 1 },
	{ .from = CLIENT, .reset = BY_KERNEL },
};

const struct scenario scenario_injected_reset_rising = {
	.vantage = IN_THE_MIDDLE,
	.box = { .hops = 1, .away_us = 200 },
	.truth = { { "reset", "middlebox", "injected_reset", NULL } },
	STEPS(steps),
};
