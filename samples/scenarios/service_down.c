/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. A first connection works; then sshd is stopped and the next SYN meets a
 * closed port. The kernel answers in its plain form (RFC 9293 section 3.10.7.1): RST+ACK,
 * sequence number 0, window 0, IP ID 0, no options. That this is the host itself and no filter:
 * the TTL is that of its earlier SYN-ACK, a full round trip goes by, and the DSCP of the SYN is
 * copied.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 4),
	GOODBYE(0),
	{ .conn = 1, .from = CLIENT, .flags = "S", .silence_s = 30 },
	{ .conn = 1, .from = SERVER, .reset = BY_KERNEL },
};

const struct scenario scenario_service_down = {
	.vantage = AT_CLIENT,
	.truth = {
		{ "closed", "client", "orderly_close", NULL },
		{ "refused", "server", "service_down", NULL },
	},
	STEPS(steps),
};
