/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the server. A web client asks port 22 for a page. sshd reads its first line,
 * answers with its text in two writes and exits; the rest of the request is unread, so the socket
 * sends a reset (RFC 2525 section 2.17). After its identification string Wireshark takes each
 * line of sshd's for a packet.
 *
 * Wireshark flags: malformed
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	{ .from = CLIENT, .flags = "S", .tos = EXACTLY(0) },
	{ .from = SERVER, .flags = "S." },
	{ .from = CLIENT, .tos = EXACTLY(0) },
	{ .from = CLIENT,
	  .tos = EXACTLY(0),
	  .text = "GET / HTTP/1.1\r\nHost: 203.0.113.22:22\r\nAccept: */*\r\n\r\n" },
	ACK(0, SERVER),
	{ .from = SERVER, .text = SSH_LINE, .after_ms = 7 },
	{ .from = SERVER, .text = "Invalid SSH identification string." },
	{ .from = SERVER, .text = "\r\n" },
	{ .from = SERVER, .flags = "R.", .after_ms = 1 },
};

const struct scenario scenario_protocol_error_not_ssh = {
	.vantage = AT_SERVER,
	.truth = { { "reset", "server", "protocol_error", "not_ssh" } },
	STEPS(steps),
};
