/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client, over IPv6. A first connection works; then sshd is stopped and the next
 * SYN meets a closed port. There is no IP ID; hop limit and traffic class say what TTL and DSCP
 * say for IPv4.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 4),
	GOODBYE(0),
	{ .conn = 1, .from = CLIENT, .flags = "S", .silence_s = 30 },
	{ .conn = 1, .from = SERVER, .reset = BY_KERNEL },
};

const struct scenario scenario_service_down_ipv6 = {
	.vantage = AT_CLIENT,
	.ipv6 = true,
	.truth = {
		{ "closed", "client", "orderly_close", NULL },
		{ "refused", "server", "service_down", NULL },
	},
	STEPS(steps),
};
