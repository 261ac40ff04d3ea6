/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. During a download someone on the path forges two resets in the server's
 * name: RST+ACK without options, DF clear, the client's own window, and a TTL that no segment of
 * the server has. The server knows nothing of them: its data goes on behind them, with newer
 * timestamps, and now meets a client without a socket, whose kernel resets each segment.
 *
 * Wireshark flags: retransmission
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 4),
	{ .from = SERVER, .encrypted = 1448, .times = 6, .rows = 3 },
	{ .from = SERVER, .encrypted = 1448 },
	ACK(0, CLIENT),
	{ .from = SERVER, .reset = BY_FORGER, .by_box = true, .ttl = 117 },
	{ .from = SERVER, .reset = BY_FORGER, .by_box = true, .ttl = 117, .beyond = 1448 },
	{ .from = SERVER, .encrypted = 1448, .unprompted = true, .after_ms = 9 },
	{ .from = CLIENT, .reset = BY_KERNEL },
	{ .from = SERVER, .encrypted = 1448, .unprompted = true },
	{ .from = CLIENT, .reset = BY_KERNEL },
};

const struct scenario scenario_injected_reset = {
	.vantage = AT_CLIENT,
	.box = { .hops = 4, .away_us = 5200 },
	.truth = { { "reset", "middlebox", "injected_reset", NULL } },
	STEPS(steps),
};
