/* SPDX-License-Identifier: BSD-3-Clause */
/* The capture ends before the connection does: there is nothing to judge. */
#include "classify/inside.h"

static void weigh(const struct facts *f, struct plea *p)
{
	if (f->end.ending != ENDING_open) {
		rule_out(p);
		return;
	}
	/* A capture loses frames now and then, and the last of a connection are soon lost with it. */
	plead(p, 20, NO_MARK, NO_MARK, "Neither a FIN nor a reset that fits is in the capture.");
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);

	settle_capture(f, v, WHERE_CLIENT,
		       "Capture until it ends: what ends it is not in this one.");
	say(v,
	    "The connection from %s to %s was still open when the capture ended, %s after its first frame",
	    n.client, n.server, n.age);
}

const struct cause cause_still_open = {
	.title = "still open when the capture ended",
	.family = "none",
	.meaning = "The capture ended before the connection did.",
	.decided = "By the absence of an end: no FIN, no reset that its receiver would obey, and nothing that waits in vain.",
	.mimics = "A capture that was stopped too early; what broke afterwards is not in it.",
	.who = WHO_NONE,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Nothing needs to be done; capture for longer if this connection did break later.",
		.why = "What ended it, if anything did, came after the last captured frame.",
		.step = {
			{ WHERE_CLIENT, "Capture again until it breaks, headers and clear text only.",
			  "tcpdump -ni any -s 2000 -w ssh.pcap 'tcp port 22 or icmp or icmp6'" },
		},
	},
};
