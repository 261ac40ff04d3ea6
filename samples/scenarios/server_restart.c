/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. sshd is killed with both of its sessions, one of which has been quiet for
 * 20 seconds: two FINs within milliseconds, no exit status, no channel close. The goodbyes of the
 * surprised clients are reset by the kernel, which is well: it also refuses the next SYN, as nothing
 * listens. Four seconds later sshd is back.
 */
#include "samples/phrases.h"

#define DIES(c)                                                                                    \
	{ .conn = (c), .from = SERVER, .flags = "F.", .unprompted = true },                        \
		{ .conn = (c), .from = CLIENT, .encrypted = 60, .after_ms = 1 },                   \
		{ .conn = (c), .from = CLIENT, .flags = "F." },                                    \
		{ .conn = (c), .from = SERVER, .reset = BY_KERNEL, .answers = 1 },                 \
	{                                                                                          \
		.conn = (c), .from = SERVER, .reset = BY_KERNEL                                    \
	}

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 3),
	LOGIN_AFTER(1, 20000),
	SESSION(1, 3),
	DIES(0),
	DIES(1),
	{ .conn = 2, .from = CLIENT, .flags = "S", .after_ms = 900 },
	{ .conn = 2, .from = SERVER, .reset = BY_KERNEL },
	LOGIN_AFTER(3, 4000),
	SESSION(3, 2),
};

const struct scenario scenario_server_restart = {
	.vantage = AT_CLIENT,
	.truth = {
		{ "closed", "server", "server_restart", NULL },
		{ "closed", "server", "server_restart", NULL },
		{ "refused", "server", "service_down", NULL },
		{ "open", "none", "still_open", NULL },
	},
	STEPS(steps),
};
