/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A third party forged a reset into a healthy connection. The forger stands beside the path: the real
 * segments go on, so the host that seems to have reset continues, or learns of it only when its next
 * segment is refused by the other end. Benign stacks repeat resets too, one for each late segment;
 * those answer something.
 */
#include "classify/inside.h"

/* Nobody forges a reset that the host would have sent: as far as its marks are known to be false. */
#define ORIGIN_LEAST (-20)
#define ORIGIN_MOST 8

static int weight_of_origin(const struct facts *f)
{
	int weight = -f->origin.host_decibans;

	/* Next to a forged one, an honest reset is what the end says that another of them has met. */
	if (f->reset.foreign.number != 0 && weight < 0)
		return 0;
	if (weight < ORIGIN_LEAST)
		return ORIGIN_LEAST;
	return weight < ORIGIN_MOST ? weight : ORIGIN_MOST;
}

static const char *words_of_origin(const struct facts *f)
{
	if (f->origin.who == WHO_MIDDLEBOX)
		return "The reset was not made by the host it names.";
	if (f->origin.who == WHO_UNKNOWN)
		return "The marks of the reset leave open whether the host that it names made it.";
	return "The reset has the marks of the host that it names.";
}

/* A rule takes away what it answers, and who lost the connection has nothing more to say. */
static void weigh_afterlife(const struct facts *f, struct plea *p)
{
	const struct fact_reset *r = &f->reset;
	bool stopped = r->answers && r->trigger_had_data && !r->trigger_acked;

	if (f->end.ending == ENDING_refused)
		plead(p, 20, r->mark, r->life_mark,
		      "The server accepted the SYN all the same: nothing had stopped it.");
	else if (r->life != 0 && stopped && f->origin.kind != KIND_SOCKET)
		plead(p, -5, r->trigger, r->life_mark,
		      "The segment that it answers was stopped: a forger beside the path cannot.");
	else if (r->life != 0)
		plead(p, 15, r->life_mark, r->mark,
		      "The %s went on after it, as if it had not sent it.", side_name(r->from));
	if (r->trigger_acked)
		plead(p, 8, r->trigger, r->mark,
		      "The segment before it was not stopped: the %s itself answered it.",
		      side_name(r->from));
}

static void weigh_manner(const struct facts *f, struct plea *p)
{
	const struct fact_reset *r = &f->reset;

	/* What it answers may be in what the capture lacks. */
	if (!f->one_sided && f->missing == 0) {
		if (!r->answers)
			plead(p, 7, r->mark, NO_MARK, "It answers no segment.");
		if (r->more_unprovoked != 0)
			plead(p, 6, r->mark, NO_MARK,
			      "More of them followed, which answer nothing either: shots at the window.");
	}
	if (r->foreign.number != 0)
		plead(p, 15, r->foreign, r->mark,
		      "Just before it, a reset that was not obeyed came from where its sender is not.");
	if (r->both_ways)
		plead(p, 4, r->mark, r->both_mark, "Both ends were reset at once.");
	if (f->silence.ns >= IDLE_LEAST_NS)
		plead(p, -12, f->silence.from, f->silence.to,
		      "A long silence came before: a forger waits for traffic.");
}

static void weigh(const struct facts *f, struct plea *p)
{
	bool reset = f->end.ending == ENDING_reset && (!f->mid_stream || f->reset.life != 0);

	/* To a SYN, only the server's own answer tells a forger from a filter. */
	if (!reset && (f->end.ending != ENDING_refused || f->reset.life == 0)) {
		rule_out(p);
		return;
	}
	plead(p, weight_of_origin(f), f->reset.mark, NO_MARK, "%s", words_of_origin(f));
	weigh_afterlife(f, p);
	if (reset)
		weigh_manner(f, p);
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);

	settle_capture(
		f, v, f->reset.from == SERVER ? WHERE_SERVER : WHERE_CLIENT,
		"Capture at the end that the reset names at the same time: a forged one never left it.");
	settle(v, "Which hop is as far away as the reset's TTL says?",
	       "mtr --report --report-cycles 10 --tcp --port %u %s", f->server.port, n.server_ip);
	if (f->end.ending == ENDING_refused) {
		say(v,
		    "A third party on the path forged the reset that refused the SSH connection from %s to %s at %s: the server accepted the same SYN afterwards",
		    n.client, n.server, n.when);
		return;
	}
	if (f->reset.foreign.number != 0 && f->origin.who != WHO_MIDDLEBOX) {
		say(v,
		    "A third party on the path forged resets into the SSH connection from %s to %s at %s: the %s's own reset then shows that one had reached it",
		    n.client, n.server, n.when, side_name(f->reset.from));
		return;
	}
	say(v,
	    "A third party on the path forged the reset that broke the SSH connection from %s to %s at %s: the %s it names did not send it%s",
	    n.client, n.server, n.when, side_name(f->reset.from),
	    f->reset.life != 0 ? " and went on sending" : "");
}

const struct cause cause_injected_reset = {
	.title = "a reset forged by a third party",
	.family = "firewall_reject",
	.meaning = "A third party beside the path forged a reset into a healthy connection. The host that it names never sent it.",
	.decided = "By a host that goes on as if it had not sent the reset, resets that answer nothing, several that aim at the window, a distance, clock or counter that is not the host's, or one that came sooner than the host can answer.",
	.mimics = "Kernels repeat resets too, one for each late segment: those answer something. A filter on the path also resets in the host's name, but it stops what it answers. A forger that copies every mark cannot be told from the host at one place of capture.",
	.who = WHO_MIDDLEBOX,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Ask who runs an intrusion prevention or filter beside this path, and what in the traffic it objects to.",
		.why = "Resets into a healthy connection are how such systems stop what they cannot hold back.",
		.step = {
			{ WHERE_NETWORK, "Which hop is as far away as the reset's TTL says?",
			  "mtr --report --report-cycles 10 --tcp --port 22 HOST" },
			{ WHERE_CLIENT, "A tunnel around that system shows whether it is the one:",
			  "ssh -J JUMPHOST HOST" },
		},
	},
};
