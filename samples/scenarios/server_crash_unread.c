/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the server. The server process is killed during an upload, with bytes unread in its
 * socket: Linux then sends a reset in place of the FIN (__tcp_close(), RFC 2525 section 2.17).
 * The socket sends it, so IP ID, timestamps and window go on as before. What was in flight is
 * answered by the kernel, without a socket. Another session lives on.
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	LOGIN_AFTER(1, 2000),
	SESSION(1, 3),
	{ .from = CLIENT, .encrypted = 1448, .after_ms = 80, .times = 5, .rows = 3 },
	{ .from = CLIENT, .encrypted = 1448 },
	ACK(0, SERVER),
	{ .from = CLIENT, .encrypted = 1448 },
	{ .from = CLIENT, .encrypted = 1448 },
	ACK(0, SERVER),
	{ .from = SERVER, .flags = "R.", .after_ms = 12 },
	{ .from = CLIENT, .encrypted = 1448, .unprompted = true, .after_ms = 3 },
	{ .from = SERVER, .reset = BY_KERNEL },
	SESSION(1, 5),
};

const struct scenario scenario_server_crash_unread = {
	.vantage = AT_SERVER,
	.truth = {
		{ "reset", "server", "server_crash", NULL },
		{ "open", "none", "still_open", NULL },
	},
	STEPS(steps),
};
