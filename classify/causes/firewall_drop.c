/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A packet filter drops without a word: SYNs vanish while the host is known to live, or the server
 * answers and its answers vanish, or what arrives at the living server is not acknowledged by it.
 *
 * Loss and a full accept queue look alike from afar. What splits them is what others meet meanwhile,
 * and where the capture stands: a segment that is seen beside the server was not lost on the way to it.
 */
#include "classify/inside.h"

/* A second repeat is more than one lost packet. */
#define REPEATS_LEAST 2

/* Within this the same host, rule and queue are there; a machine takes longer to start anew. */
#define SOON_NS (30 * NS_PER_S)

static bool served_soon(const struct facts *f)
{
	return f->lessons.accepted_after != 0 &&
	       f->lessons.accepted_after_ns - f->end.time_ns <= SOON_NS;
}

/* An older session went on. One that came later may be that of a server that was away. */
static bool others_lived(const struct facts *f)
{
	return f->lessons.alive_after > f->lessons.accepted_after;
}

/* That others were served is told once, by what shows it best; absent: that nothing does. */
static void weigh_neighbours(const struct facts *f, int absent, struct plea *p)
{
	const struct lessons *l = &f->lessons;

	if (l->accepted_before != 0)
		plead(p, 2, l->accepted_before_mark, NO_MARK,
		      "The same port had answered others before, %u at least.", l->accepted_before);
	if (served_soon(f))
		plead(p, 5, l->accepted_after_mark, NO_MARK,
		      "The same port answered another connection soon afterwards.");
	else if (others_lived(f))
		plead(p, 5, NO_MARK, NO_MARK,
		      "Another session to the same server went on: host and path were well.");
	else
		plead(p, absent, NO_MARK, NO_MARK,
		      "Nothing shows that the server was there at that time.");
}

/* Beside the server the SYN was not lost on the way: a rule of the host, a full queue, or no host. */
static void weigh_unanswered(const struct facts *f, struct plea *p)
{
	plead(p, f->syn_repeats >= REPEATS_LEAST ? 3 : -4, f->syn_mark, f->end.mark,
	      "The SYN and %u repeats of it had no answer, not even a refusal.", f->syn_repeats);
	if (beside_server(f)) /* a full queue drops them there as well */
		plead(p, -1, f->syn_mark, NO_MARK,
		      "The capture stands beside the server: the SYNs got that far, where a full queue drops them too.");
	weigh_neighbours(f, -4, p);
}

/*
 * The server's SYN-ACK again and again, and the client's SYN too: the answers are stopped. They show
 * by themselves that the server is there.
 */
static void weigh_half(const struct facts *f, struct plea *p)
{
	if (!is_half_open(f) || f->syn_repeats == 0) {
		rule_out(p);
		return;
	}
	plead(p, 9, f->syn_ack_mark, f->waiting.last,
	      "The server's SYN-ACK was repeated, and so was the client's SYN: the answers vanish.");
	weigh_neighbours(f, 0, p);
}

/* Segments that arrive at the server's door and are not acknowledged, while it takes others. */
static void weigh_midstream(const struct facts *f, struct plea *p)
{
	if (f->waiting.side != CLIENT || f->waiting.unheard || !beside_server(f) ||
	    f->silence.ns >= IDLE_LEAST_NS) {
		rule_out(p);
		return;
	}
	plead(p, 2, f->waiting.first, f->waiting.last,
	      "Beside the server the client's segment was seen %u times, and not acknowledged.",
	      f->waiting.repeats + 1);
	if (f->waiting.both)
		plead(p, 8, NO_MARK, NO_MARK,
		      "The server went on sending meanwhile: it lives, and did not get what arrived.");
	else if (!others_lived(f) && !served_soon(f))
		plead(p, -9, NO_MARK, NO_MARK,
		      "Nothing shows that the server was there at that time.");
	if (others_lived(f) || served_soon(f))
		plead(p, 8, f->lessons.accepted_after_mark, NO_MARK,
		      "The server served others meanwhile.");
}

static void weigh(const struct facts *f, struct plea *p)
{
	if (f->end.ending == ENDING_unanswered)
		weigh_unanswered(f, p);
	else if (f->end.ending == ENDING_silent && is_half_open(f))
		weigh_half(f, p);
	else if (f->end.ending == ENDING_silent && f->waiting.any)
		weigh_midstream(f, p);
	else
		rule_out(p);
}

/* What arrived beside the server was dropped by its own host. */
static enum who who_is(const struct facts *f)
{
	bool answered = f->end.ending == ENDING_silent && is_half_open(f);

	return beside_server(f) && !answered ? WHO_SERVER : WHO_MIDDLEBOX;
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);
	bool here = who_is(f) == WHO_SERVER;
	bool half = f->end.ending == ENDING_silent && is_half_open(f);

	settle(v, "Ask the filter: the counter of the rule grows with each attempt.",
	       "nft list ruleset | grep -B2 -A2 -e drop; iptables -L -n -v | grep -i drop");
	settle(v, "Is it a full queue rather than a rule? Then these counters grow.",
	       "nstat -az TcpExtListenOverflows TcpExtListenDrops; ss -ltn 'sport = :%u'",
	       f->server.port);
	if (f->end.ending == ENDING_unanswered)
		say(v,
		    "A packet filter %s dropped the attempts of %s to connect to %s until %s without a word, while the server is known to live",
		    here ? "on the server's host" : "on the path", n.client, n.server, n.when);
	else if (half)
		say(v,
		    "A packet filter on the path dropped the answers of %s to %s from %s on: its SYN-ACK was repeated and did not arrive",
		    n.server, n.client, n.when);
	else
		say(v,
		    "A packet filter %s dropped the segments of the SSH connection from %s to %s from %s on: they reached the server's door and were never acknowledged",
		    here ? "on the server's host" : "on the path", n.client, n.server, n.when);
}

const struct cause cause_firewall_drop = {
	.title = "dropped by a packet filter",
	.family = "firewall_reject",
	.meaning = "Connection attempts vanish although the host is known to live: a filter drops them without a word.",
	.decided = "By SYNs, repeated without an answer, while other ports, other clients or other times show that host and path are well.",
	.mimics = "A host that is down or a path that is broken, when nothing else of it is in the capture. A full accept queue: then some attempts succeed.",
	.who = WHO_MIDDLEBOX,
	.who_is = who_is,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Find the rule that drops this client's packets, and allow SSH from it if that is wanted.",
		.why = "The server answers others; a rule that drops leaves its clients waiting for minutes.",
		.step = {
			{ WHERE_SERVER, "Rules with their hit counters; run it before and after an attempt:",
			  "nft list ruleset; iptables -L -n -v" },
			{ WHERE_SERVER, "Is the client banned?", "fail2ban-client status sshd" },
			{ WHERE_NETWORK, "Security groups and firewalls between the two: does one allow this source?", "" },
			{ WHERE_NETWORK, "A rule that rejects tells the client at once; one that drops does not.",
			  "nft add rule inet filter input tcp dport 22 reject with tcp reset" },
		},
	},
};
