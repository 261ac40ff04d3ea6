/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who ended it?
 *
 * A FIN comes from the socket that sent it. A reset only claims to: the question is whether the host
 * it claims to be from made it, or a device on the path. What the reset carries is weighed in
 * decibans, positive for the host; the sum s gives the probability 1 / (1 + 10^(-s/10)).
 *
 * Window 0, no options and identification 0 are what an honest Linux kernel sends when it has no such
 * connection: by themselves they say nothing about a device.
 */
#include <math.h>
#include <stdlib.h>

#include "classify/inside.h"

/* Hosts reset their own connections far more often than devices do. */
#define PRIOR_HOST 3

/* Between these nobody is named. */
#define SURE_ENOUGH 0.65

/* Below this a round trip is the capture's own host, and says nothing about distance. */
#define RTT_LEAST_NS (2 * NS_PER_MS)

/* A kernel answers, it does not speak first: later than this after any segment is unasked. */
#define UNASKED_NS NS_PER_S

static void weigh_ttl(const struct fact_reset *r, struct plea *p)
{
	const char *whose = r->ttl_of_others ? "on other connections" : "before";
	int decibans = r->ttl_samples >= 3 || r->ttl_of_others ? -17 : -12;

	/* One segment may have been another machine's, as the SYN-ACK of a proxy is. */
	if (r->ttl_samples == 1 && !r->ttl_of_others)
		decibans = -8;
	/* A lone SYN is no baseline: scanners write it themselves; their kernel resets the answer. */
	if (r->ttl_max == 0 || (r->from == CLIENT && r->ttl_samples < 2))
		return;
	if (r->ttl >= r->ttl_min && r->ttl <= r->ttl_max) {
		plead(p, 6, r->mark, NO_MARK, "Its TTL %u is the one the %s's segments had %s.",
		      r->ttl, side_name(r->from), whose);
		return;
	}
	if (initial_ttl(r->ttl) != initial_ttl(r->ttl_max))
		decibans -= 6; /* not even the same kind of stack */
	if (r->ttl_min == r->ttl_max)
		plead(p, decibans, r->mark, r->before,
		      "Its TTL is %u; the %s's segments had %u %s.", r->ttl, side_name(r->from),
		      r->ttl_max, whose);
	else /* routes do change: the baseline itself moves */
		plead(p, decibans / 2, r->mark, r->before,
		      "Its TTL is %u; the %s's segments had %u to %u %s.", r->ttl,
		      side_name(r->from), r->ttl_min, r->ttl_max, whose);
}

static void weigh_distance(const struct fact_reset *r, struct plea *p)
{
	char came[24], round[24];
	struct text t = text_in(came, sizeof(came));

	if (!r->answers || r->since_trigger_ns < 0 || r->rtt_min_ns < RTT_LEAST_NS)
		return;
	clock_add_span(&t, r->since_trigger_ns);
	t = text_in(round, sizeof(round));
	clock_add_span(&t, r->rtt_min_ns);
	if (r->since_trigger_ns * 2 < r->rtt_min_ns && !r->burst)
		plead(p, -15, r->mark, r->trigger,
		      "It came %s after the segment it answers; the %s needs %s at least.", came,
		      side_name(r->from), round);
	else if (r->since_trigger_ns * 5 >= r->rtt_min_ns * 4)
		plead(p, 4, r->mark, r->trigger,
		      "It came %s after the segment it answers, no sooner than the %s can (%s).",
		      came, side_name(r->from), round);
}

static void weigh_identification(const struct facts *f, struct plea *p)
{
	const struct fact_reset *r = &f->reset;

	if (f->origin.kind == KIND_SOCKET || !r->has_ip_id_step || r->ip_id == 0 ||
	    r->ip_id_habit != IP_ID_COUNTER || abs(r->ip_id_step) < 1000)
		return;
	/* Windows has one counter for all: in a silence it goes on with the others' segments. */
	if (f->silence.ns >= IDLE_LEAST_NS && initial_ttl(r->ttl_max) != 64)
		return;
	plead(p, -12, r->mark, r->before,
	      "Its identification %u is far from the %s's counter and not 0, as its kernel's is.",
	      r->ip_id, side_name(r->from));
}

static void weigh_clock(const struct fact_reset *r, struct plea *p)
{
	if (r->clock_wrong)
		plead(p, -15, r->mark, r->before,
		      "Its timestamp is one that the %s's clock cannot have shown then.",
		      side_name(r->from));
}

static void weigh_behaviour(const struct facts *f, struct plea *p)
{
	const struct fact_reset *r = &f->reset;
	bool stopped = r->answers && r->trigger_had_data && !r->trigger_acked;

	if (f->origin.kind == KIND_SOCKET)
		return;
	/* A filter on the host itself stops what it answers, and lets the socket go on. */
	if (r->life != 0)
		plead(p, stopped ? -4 : -20, r->life_mark, r->mark,
		      "The %s went on sending after the reset (%u segments with new data).",
		      side_name(r->from), r->life);
	if (r->both_ways)
		plead(p, -17, r->mark, r->both_mark,
		      "Both ends were reset at once, and neither reset answers the other.");
	/* What it answers may be among the segments that the capture lacks. */
	if (f->missing != 0)
		return;
	if (!r->answers && r->since_trigger_ns > UNASKED_NS && !f->mid_stream)
		plead(p, -12, r->mark, r->trigger,
		      "Nothing had been sent for a while: a kernel without a socket does not speak first.");
	if (r->more_unprovoked >= 1)
		plead(p, -8, r->mark, NO_MARK,
		      "More resets followed that answer nothing: one host sends one for a segment.");
}

static double probability(int decibans)
{
	return 1.0 / (1.0 + pow(10.0, -decibans / 10.0));
}

static void weigh_reset(struct facts *f, struct plea *p)
{
	double host;

	weigh_shape(f, p);
	weigh_ttl(&f->reset, p);
	weigh_distance(&f->reset, p);
	weigh_identification(f, p);
	weigh_clock(&f->reset, p);
	weigh_behaviour(f, p);
	/* Without a baseline of that host the habit of hosts is no reason to name this one. */
	f->origin.host_decibans = p->decibans + (f->reset.ttl_max != 0 ? PRIOR_HOST : 0);
	host = probability(f->origin.host_decibans);
	if (host >= SURE_ENOUGH)
		f->origin.who = f->reset.from == CLIENT ? WHO_CLIENT : WHO_SERVER;
	else if (host <= 1 - SURE_ENOUGH)
		f->origin.who = WHO_MIDDLEBOX;
	f->origin.p = host > 0.5 ? host : 1 - host;
}

static void weigh_fin(struct facts *f, struct plea *p)
{
	if (!f->end.has_side)
		return;
	f->origin.who = f->end.side == CLIENT ? WHO_CLIENT : WHO_SERVER;
	f->origin.p = f->one_sided ? 0.9 : f->end.unseen ? 0.95 : 0.995;
	/* After its DISCONNECT the client sends nothing, and it is chance whose FIN is the first. */
	if (f->end.side == SERVER && f->last.goodbye_alone && said_goodbye(f) &&
	    f->after_fin.data == 0 && f->ssh.phase == SSH_PHASE_SESSION) {
		f->origin.who = WHO_CLIENT;
		f->origin.p = 0.9;
		plead(p, 10, f->last.client_mark, f->end.mark,
		      "The client's DISCONNECT came before the first FIN, which is the server's.");
		return;
	}
	if (f->one_sided)
		plead(p, 10, f->end.mark, NO_MARK,
		      "Only one direction was captured; its acknowledgments tell that the %s closed first.",
		      side_name(f->end.side));
	else if (f->end.unseen)
		plead(p, 13, f->end.mark, NO_MARK,
		      "Frame %u acknowledges a FIN of the %s that the capture lacks.",
		      f->end.mark.number, side_name(f->end.side));
	else
		plead(p, 23, f->end.mark, NO_MARK, "The first FIN, frame %u, is the %s's.",
		      f->end.mark.number, side_name(f->end.side));
}

static void weigh_icmp(struct facts *f, struct plea *p)
{
	f->origin.who = WHO_MIDDLEBOX;
	if (f->icmp.from_server)
		f->origin.who = WHO_SERVER;
	else if (f->icmp.from_client)
		f->origin.who = WHO_CLIENT;
	f->origin.p = f->icmp.in_flight ? 0.97 : 0.7;
	plead(p, f->icmp.in_flight ? 15 : 4, f->icmp.mark, NO_MARK,
	      "ICMP%s type %u code %u came from %s.", f->icmp.is_v6 ? "v6" : "", f->icmp.type,
	      f->icmp.code, f->icmp.from);
}

void who_ended(struct facts *f, struct plea *p)
{
	f->origin = (struct fact_origin){ .who = WHO_UNKNOWN, .p = 1 };
	switch (f->end.ending) {
	case ENDING_open:
		f->origin.who = WHO_NONE;
		break;
	case ENDING_reset:
	case ENDING_refused:
		weigh_reset(f, p);
		break;
	case ENDING_closed:
		weigh_fin(f, p);
		break;
	case ENDING_rejected:
		weigh_icmp(f, p);
		break;
	default: /* silence has no marks: why decides */
		break;
	}
}
