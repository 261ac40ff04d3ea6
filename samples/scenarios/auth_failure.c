/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. A key is offered and not accepted, then two passwords are wrong; ssh has
 * nothing else to offer, prints "Permission denied" and closes at once. Each refusal has 52 octets.
 */
#include "samples/phrases.h"

#define REFUSED(len, ms)                                                                           \
	{ .from = CLIENT, .encrypted = (len), .after_ms = 900 },                                   \
	{                                                                                          \
		.from = SERVER, .encrypted = 52, .after_ms = (ms)                                  \
	}

static const struct step steps[] = {
	HANDSHAKE(0),
	SSH_START(0),
	{ .from = CLIENT, .encrypted = 44 },
	{ .from = SERVER, .encrypted = 44 },
	{ .from = CLIENT, .encrypted = 60 },
	{ .from = SERVER, .encrypted = 52, .after_ms = 8 },
	{ .from = CLIENT, .encrypted = 140 },
	{ .from = SERVER, .encrypted = 52, .after_ms = 3 },
	REFUSED(148, 2100),
	REFUSED(148, 2200),
	{ .from = CLIENT, .flags = "F." },
	{ .from = SERVER, .flags = "F.", .after_ms = 1 },
	ACK(0, CLIENT),
};

const struct scenario scenario_auth_failure = {
	.vantage = AT_CLIENT,
	.truth = { { "closed", "client", "auth_failure", NULL } },
	STEPS(steps),
};
