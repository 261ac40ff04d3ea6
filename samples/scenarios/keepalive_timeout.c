/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. ServerAliveInterval is 60: a keepalive@openssh.com request of 52 bytes
 * each minute, answered with 28 (RFC 4254 section 4). Then the server's program hangs: its kernel
 * acknowledges three more questions, nobody answers them, and a minute after the last the client
 * gives up and closes.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 4),
	{ .from = CLIENT, .encrypted = 52, .silence_s = 60, .times = 3, .rows = 3 },
	{ .from = SERVER, .encrypted = 28 },
	{ .from = CLIENT, .after_ms = DELAYED_ACK_MS },
	{ .from = CLIENT, .encrypted = 52, .silence_s = 60, .times = 3, .rows = 2 },
	{ .from = SERVER, .after_ms = DELAYED_ACK_MS },
	{ .from = CLIENT, .flags = "F.", .silence_s = 60 },
	{ .from = SERVER, .after_ms = DELAYED_ACK_MS },
};

const struct scenario scenario_keepalive_timeout = {
	.vantage = AT_CLIENT,
	.truth = { { "closed", "server", "keepalive_timeout", "server_alive" } },
	STEPS(steps),
};
