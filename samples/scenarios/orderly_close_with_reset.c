/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. The user leaves with "exit" while a forwarded port still carries data.
 * The client has said DISCONNECT, sent its FIN and closed its socket; what the server sent before
 * it knew arrives late, and the client's kernel answers each late segment with a reset that takes
 * its sequence number from that segment (Linux tcp_rcv_state_process(), orphan in FIN-WAIT). The
 * resets are harmless: the goodbye came first.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 5),
	{ .from = SERVER, .encrypted = 176, .after_ms = 6 },
	{ .from = CLIENT, .encrypted = 36 },
	{ .from = CLIENT, .encrypted = 60 },
	{ .from = CLIENT, .flags = "F." },
	{ .from = SERVER, .encrypted = 548, .unprompted = true, .after_ms = 4 },
	{ .from = CLIENT, .reset = BY_KERNEL },
	{ .from = SERVER, .encrypted = 548, .unprompted = true, .after_ms = 9 },
	{ .from = CLIENT, .reset = BY_KERNEL },
	/* The FIN has arrived: this answer acknowledges it, so its reset is the one that fits. */
	{ .from = SERVER },
	{ .from = CLIENT, .reset = BY_KERNEL },
};

const struct scenario scenario_orderly_close_with_reset = {
	.vantage = AT_CLIENT,
	.truth = { { "closed", "client", "orderly_close", NULL } },
	STEPS(steps),
};
