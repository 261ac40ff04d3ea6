/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured at the client. A firewall forgets the session after an hour of silence and drops what
 * comes without a word: the key typed after 3700 s is sent again at the doubling gaps of RFC 6298
 * section 5.5 and never answered, while a new connection to the same server, made in between,
 * works. So host and path live; it is the state that is gone.
 *
 * Wireshark flags: retransmission
 */
#include "samples/phrases.h"

static const struct step steps[] = {
	LOGIN(0),
	SESSION(0, 6),
	{ .from = CLIENT, .encrypted = 36, .silence_s = 3700, .lost = true },
	RETRANSMISSIONS(0, CLIENT),
	LOGIN_AFTER(1, 1500),
	SESSION(1, 5),
	{ .from = CLIENT, .again = true, .lost = true, .after_ms = 11200 },
	SESSION(1, 2),
};

const struct scenario scenario_idle_timeout_silent_drop = {
	.vantage = AT_CLIENT,
	.truth = {
		{ "silent", "middlebox", "idle_timeout", NULL },
		{ "open", "none", "still_open", NULL },
	},
	STEPS(steps),
};
