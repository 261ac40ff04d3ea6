/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. The user has gone to lunch; ServerAliveInterval 60 keeps the session in
 * the tables of the path: a keepalive@openssh.com request of 52 bytes, answered with 28 (RFC 4254
 * section 4). Ten quiet minutes, and one more key shows that all is well: silence of the user is
 * not silence of the wire.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 6),
	{ .from = CLIENT, .encrypted = 52, .silence_s = 60, .times = 10, .rows = 3 },
	{ .from = SERVER, .encrypted = 28 },
	{ .from = CLIENT, .after_ms = DELAYED_ACK_MS },
	SESSION(0, 1),
};

const struct scenario scenario_still_open_keepalive = {
	.vantage = AT_CLIENT,
	.truth = { { "open", "none", "still_open", NULL } },
	STEPS(steps),
};
