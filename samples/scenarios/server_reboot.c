/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. The server's power fails and returns while two sessions are idle. Nobody
 * notices until a key is typed: the kernel of the host, up again but without sshd yet, has no such
 * connection and says so by a bare reset without ACK, with the DSCP of the segment. A new client is
 * refused, the second session is unknown as well, and then sshd is back with the same host key.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 5),
	LOGIN_AFTER(1, 2000),
	SESSION(1, 4),
	{ .from = CLIENT, .encrypted = 36, .silence_s = 280 },
	{ .from = SERVER, .reset = BY_KERNEL },
	{ .conn = 2, .from = CLIENT, .flags = "S", .after_ms = 2500 },
	{ .conn = 2, .from = SERVER, .reset = BY_KERNEL },
	{ .conn = 1, .from = CLIENT, .encrypted = 36, .silence_s = 20 },
	{ .conn = 1, .from = SERVER, .reset = BY_KERNEL },
	LOGIN_AFTER(3, 3000),
	SESSION(3, 2),
};

const struct scenario scenario_server_reboot = {
	.vantage = AT_CLIENT,
	.truth = {
		{ "reset", "server", "server_reboot", "came_back" },
		{ "reset", "server", "server_reboot", "came_back" },
		{ "refused", "server", "service_down", NULL },
		{ "open", "none", "still_open", NULL },
	},
	STEPS(steps),
};
