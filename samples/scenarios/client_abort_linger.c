/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the server. A program that uses an SSH library sets SO_LINGER to 0 and closes: its
 * socket sends a reset at once, without DISCONNECT and with nothing unread or unacknowledged
 * (Linux tcp_disconnect()). IP ID, timestamps and TTL are those of the client.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 4),
	{ .from = CLIENT, .flags = "R.", .after_ms = 2500 },
};

const struct scenario scenario_client_abort_linger = {
	.vantage = AT_SERVER,
	.truth = { { "reset", "client", "client_abort", NULL } },
	STEPS(steps),
};
