/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The packets do not tell. This cause is never ruled out and has nothing to plead: it wins when the
 * others have too little to say, and then says what was seen and what would tell more.
 */
#include "classify/inside.h"

static void weigh(const struct facts *f, struct plea *p)
{
	(void)f;
	(void)p;
}

static const char *what_happened(const struct facts *f)
{
	switch (f->end.ending) {
	case ENDING_reset:
		return "ended with a reset";
	case ENDING_refused:
		return "was refused with a reset";
	case ENDING_rejected:
		return "was rejected with an ICMP error";
	case ENDING_unanswered:
		return "was never answered";
	case ENDING_silent:
		return "fell silent";
	case ENDING_closed:
		return "was closed with a FIN";
	default:
		return "was seen";
	}
}

static const char *from_whom(const struct facts *f, const struct verdict *v)
{
	if (f->end.ending == ENDING_unanswered || f->end.ending == ENDING_silent)
		return "";
	switch (v->who) {
	case WHO_CLIENT:
		return " by the client";
	case WHO_SERVER:
		return " by the server";
	case WHO_MIDDLEBOX:
		return " by a device on the path";
	default:
		return "";
	}
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);

	settle_capture(
		f, v, WHERE_SERVER,
		"Capture at both ends at the same time, from before the connection begins; at the server:");
	settle_server_log(f, v, "What does the server's log say around that time?", "");
	if (f->one_sided || f->mid_stream)
		say(v,
		    "The connection from %s to %s %s%s at %s; too little of it is in the capture to say why",
		    n.client, n.server, what_happened(f), from_whom(f, v), n.when);
	else
		say(v,
		    "The SSH connection from %s to %s %s%s at %s, %s after it began; the packets alone do not tell why",
		    n.client, n.server, what_happened(f), from_whom(f, v), n.when, n.age);
}

/* What is seen beside the server got there: its host no longer takes it, for whatever reason. */
static enum who who_is(const struct facts *f)
{
	bool arrived = f->waiting.any && f->waiting.side == CLIENT && !f->waiting.unheard &&
		       beside_server(f);

	if (f->end.ending == ENDING_unanswered)
		return beside_server(f) ? WHO_SERVER : f->origin.who;
	return f->end.ending == ENDING_silent && arrived ? WHO_SERVER : f->origin.who;
}

const struct cause cause_unexplained = {
	.title = "not explained by the packets",
	.family = "other",
	.meaning = "The packets do not tell. The report says what was seen, and which observation would tell more.",
	.decided = "When no cause has enough to say, or several have the same. It is never said with confidence.",
	.mimics = "Any other cause, seen from the wrong place or too late.",
	.who = WHO_COUNT,
	.who_is = who_is,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Collect one more observation before anything is changed.",
		.why = "Several causes look alike from here; a log line or a second capture tells them apart.",
		.step = {
			{ WHERE_SERVER, "What did sshd and the kernel write?",
			  "journalctl -u ssh -u sshd --since -1h; dmesg -T | tail -50" },
			{ WHERE_CLIENT, "Have the client tell its side:", "ssh -vvv HOST" },
			{ WHERE_NETWORK, "Do firewalls between the two log a drop or a reset?", "" },
		},
	},
};
