/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The path stopped carrying segments while the connection was in use: what a side sent was repeated
 * with growing gaps and never answered. A long silence before it speaks for a device that forgot
 * (idle_timeout); a router that says "unreachable" names the loss itself. A side that gives up on the
 * silence closes or resets in the end: it is the victim of the loss, not its cause.
 */
#include "classify/inside.h"

/* RFC 792, RFC 4443: no route, or the last router has nobody there; no rule forbids it. */
static bool is_no_route(const struct fact_icmp *i)
{
	if (i->is_v6)
		return i->type == 1 && (i->code == 0 || i->code == 3);
	return i->type == 3 && (i->code <= 1 || (i->code >= 5 && i->code <= 8));
}

/* What heals within this is a hiccup: a roaming client, a route that settles. */
#define SHORT_NS (10 * NS_PER_S)

/* Each waits twice as long as the one before: with RFC 6298 so many take six seconds. */
#define MANY_REPEATS 5

static void weigh_silence(const struct facts *f, struct plea *p)
{
	plead(p, 6, f->waiting.first, f->waiting.last,
	      f->waiting.unheard ?
		      "The %s repeated %u times what was acknowledged here: the answers did not reach it." :
		      "The %s repeated its segment %u times, and nothing came back.",
	      side_name(f->waiting.side), f->waiting.repeats);
	if (f->lack.any && f->lack.side == f->waiting.side)
		plead(p, -12, f->lack.first, f->lack.last,
		      "The %s acknowledged what was sent after it: the path carries segments.",
		      side_name(!f->lack.side));
	/* A few repeats are a hiccup as often as a loss. */
	if (f->waiting.span_ns < SHORT_NS && !gave_up(f))
		plead(p, f->waiting.repeats >= MANY_REPEATS ? -7 : -12, f->waiting.first,
		      f->waiting.last, "The capture ends soon after: it may have recovered.");
	if (f->silence.ns < IDLE_LEAST_NS)
		plead(p, 8, f->silence.from, f->silence.to,
		      "The connection was in use until then: it was not forgotten while idle.");
	else
		plead(p, -3, f->silence.from, f->silence.to,
		      "It had been idle before: a device may have forgotten it.");
	if (f->waiting.side == CLIENT && !f->waiting.unheard && beside_server(f))
		plead(p, -12, f->waiting.first, f->waiting.last,
		      "Its repeats were seen beside the server: they were not lost on the way.");
	if (is_half_open(f) && f->syn_repeats != 0)
		plead(p, -8, f->syn_ack_mark, f->waiting.last,
		      "The client repeated its SYN and the server its answer: what carries one way only is more often a rule.");
	else if (is_half_open(f))
		plead(p, -16, f->syn_ack_mark, NO_MARK,
		      "The client never completed the handshake: a scanner or a forged address does not.");
	if (f->waiting.both)
		plead(p, 4, NO_MARK, NO_MARK, "Both sides repeated themselves.");
	if (f->waiting.side == SERVER) /* others tell of the server, not of this client */
		return;
	if (f->lessons.accepted_after != 0 && f->silence.ns >= IDLE_LEAST_NS)
		plead(p, -8, f->lessons.accepted_after_mark, NO_MARK,
		      "A new connection to the same server worked afterwards.");
	else if (f->lessons.accepted_after != 0)
		plead(p, -2, f->lessons.accepted_after_mark, NO_MARK,
		      "A new connection to the same server worked afterwards.");
}

/*
 * A router has no way. From the server's own address a rule says it (firewall_reject), or the NAT in
 * front of it, which has lost the host behind.
 */
static void weigh_no_route(const struct facts *f, struct plea *p)
{
	int weight = f->icmp.from_server ? 8 : 15;

	plead(p, f->icmp.in_flight ? weight : 4, f->icmp.mark, NO_MARK,
	      "A router at %s had no way to the destination.", f->icmp.from);
}

/* One repeat is a lost packet; with RFC 6298 three take seven seconds, and no host is as slow. */
static int weight_of_repeats(uint32_t repeats)
{
	if (repeats <= 1)
		return -6;
	return repeats == 2 ? 2 : 4;
}

static void weigh_unanswered(const struct facts *f, struct plea *p)
{
	plead(p, weight_of_repeats(f->syn_repeats), f->syn_mark, f->end.mark,
	      "The SYN and %u repeats of it had no answer.", f->syn_repeats);
	if (f->lessons.accepted_after != 0 || f->lessons.alive_after != 0)
		plead(p, -6, f->lessons.accepted_after_mark, NO_MARK,
		      "Others were answered: the path was there.");
	if (beside_server(f))
		plead(p, -12, f->syn_mark, NO_MARK,
		      "The capture stands beside the server: the SYN was not lost on the way.");
}

static void weigh(const struct facts *f, struct plea *p)
{
	if (gave_up(f) && f->waiting.probe) { /* keepalive_timeout says the same, and more of it */
		rule_out(p);
		return;
	}
	if (gave_up(f))
		plead(p, 8, f->waiting.first, f->end.mark,
		      "The %s gave up after that: it is the victim, not the cause.",
		      side_name(f->end.side));
	if (f->end.ending == ENDING_silent || gave_up(f))
		weigh_silence(f, p);
	else if (f->end.ending == ENDING_rejected && is_no_route(&f->icmp))
		weigh_no_route(f, p);
	else if (f->end.ending == ENDING_unanswered)
		weigh_unanswered(f, p);
	else
		rule_out(p);
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);

	settle(v, "Where does the path end? Loss that begins at one hop and stays is there.",
	       "mtr --report --report-cycles 20 --tcp --port %u %s", f->server.port, n.server_ip);
	settle_capture(
		f, v, f->waiting.any && f->waiting.side == SERVER ? WHERE_CLIENT : WHERE_SERVER,
		"Capture at the other end at the same time: what arrives there, and what is sent back?");
	if (f->end.ending == ENDING_rejected)
		say(v, "The network had no way from %s to %s at %s: a router at %s said so",
		    n.client, n.server, n.when, f->icmp.from);
	else if (f->end.ending == ENDING_unanswered)
		say(v, "Nothing answered the attempts of %s to connect to %s until %s", n.client,
		    n.server, n.when);
	else
		say(v,
		    "The network stopped carrying the SSH connection from %s to %s %s %s%s: %u repeats of the %s had no answer%s",
		    n.client, n.server, gave_up(f) ? "before" : "at", n.when,
		    f->silence.ns < IDLE_LEAST_NS ? " while it was in use" : "", f->waiting.repeats,
		    side_name(f->waiting.side), gave_up(f) ? ", so it gave up" : "");
}

const struct cause cause_network_loss = {
	.title = "the path stopped carrying segments",
	.family = "network",
	.meaning = "The path stopped carrying segments. What one side sent was repeated with growing gaps and never answered; nobody decided to end the connection.",
	.decided = "By repeats that had no answer until the end or until that side gave up, while the connection was in use; or by a router that says it has no way. The side that gives up in the end is the victim.",
	.mimics = "A host that lost its power or froze looks the same from the other end. A firewall that forgot an idle connection drops too, but a long silence comes before. A capture that ends early shows loss that may have healed.",
	.who = WHO_NETWORK,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Find the hop at which the path ends, and let SSH notice a dead path early.",
		.why = "TCP repeats for a quarter of an hour before it gives up; SSH's own keep-alive gives up after three misses.",
		.step = {
			{ WHERE_NETWORK, "Loss that begins at one hop and stays is there:",
			  "mtr --report --report-cycles 20 --tcp --port 22 HOST" },
			{ WHERE_CLIENT, "Did its own link or address change at that time?",
			  "journalctl -k --since -1h | grep -i -e link -e carrier; ip -s link" },
			{ WHERE_CLIENT, "Notice it within a minute, in ~/.ssh/config:",
			  "ServerAliveInterval 20\nServerAliveCountMax 3" },
			{ WHERE_SERVER, "Let dead sessions go, in /etc/ssh/sshd_config:",
			  "ClientAliveInterval 60\nClientAliveCountMax 3" },
		},
	},
};
