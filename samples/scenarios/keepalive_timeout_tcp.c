/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the server. The client's machine was unplugged. After the two hours of RFC 9293 section
 * 3.8.4 the server's kernel asks whether it lives: one octet back, without data, each 75 s. Nine
 * probes have no answer, and the kernel resets the connection: it is the victim of that silence.
 */
#include "samples/phrases.h"

#define BACK_ONE UINT32_MAX /* added to the sequence number: it is one less */

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 5),
	{ .from = SERVER, .beyond = BACK_ONE, .silence_s = 7200, .lost = true },
	{ .from = SERVER, .beyond = BACK_ONE, .silence_s = 75, .lost = true, .times = 8 },
	{ .from = SERVER, .flags = "R.", .silence_s = 75, .lost = true },
};

const struct scenario scenario_keepalive_timeout_tcp = {
	.vantage = AT_SERVER,
	.truth = { { "reset", "network", "keepalive_timeout", "tcp_keepalive" } },
	STEPS(steps),
};
