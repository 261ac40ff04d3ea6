/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a reset's marks, its moment and what came after it say for the host it claims to be from:
 * decibans, positive for the host, negative for somebody else.
 */
#include <stdlib.h>

#include "classify/inside.h"

/* Below this a round trip is the capture's own host, and says nothing about distance. */
#define RTT_LEAST_NS (2 * NS_PER_MS)

/* A route may become shorter, but not by this much. */
#define FAR_SOONER 8

/* A route that moves just before the reset has then held for so long, and moves no more behind it. */
#define MANY_SAMPLES 16

static void weigh_ttl(const struct fact_reset *r, struct plea *p)
{
	const char *whose = r->ttl_of_others ? "on other connections" : "before";
	int decibans = r->ttl_samples >= MANY_SAMPLES          ? -20 :
		       r->ttl_samples >= 3 || r->ttl_of_others ? -17 :
								 -12;

	/* One segment may have been another machine's, as the SYN-ACK of a proxy is. */
	if (r->ttl_samples == 1 && !r->ttl_of_others)
		decibans = -8;
	/* A lone SYN is no baseline: scanners write it themselves; their kernel resets the answer. */
	if (r->ttl_max == 0 || (r->from == CLIENT && r->ttl_samples < 2))
		return;
	if (r->ttl >= r->ttl_min && r->ttl <= r->ttl_max) {
		/* As it was set: no router lies between, so a device would have to be on this link. */
		plead(p, r->ttl == initial_ttl(r->ttl) ? 9 : 6, r->mark, NO_MARK,
		      "Its TTL %u is the one the %s's segments had %s.", r->ttl, side_name(r->from),
		      whose);
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

/*
 * A socket resets because its program leaves, or data comes that nobody reads any more; a bare
 * acknowledgment that happens to stand before it asked for nothing.
 */
static bool is_answer(const struct facts *f)
{
	bool own_will = f->origin.kind == KIND_SOCKET && f->reset.has_timestamps &&
			!f->reset.trigger_had_data;

	return f->reset.answers && f->reset.since_trigger_ns >= 0 && !own_will;
}

static void weigh_distance(const struct facts *f, struct plea *p)
{
	const struct fact_reset *r = &f->reset;
	char came[24], round[24];
	struct text t = text_in(came, sizeof(came));

	if (!is_answer(f) || r->rtt_min_ns < RTT_LEAST_NS)
		return;
	clock_add_span(&t, r->since_trigger_ns);
	t = text_in(round, sizeof(round));
	clock_add_span(&t, r->rtt_min_ns);
	if (r->since_trigger_ns * 2 < r->rtt_min_ns && !r->burst)
		plead(p, r->since_trigger_ns * FAR_SOONER < r->rtt_min_ns ? -22 : -15, r->mark,
		      r->trigger,
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

/* What a socket or a kernel would not have done any more, once it had sent this. */
static void weigh_afterlife(const struct facts *f, struct plea *p)
{
	const struct fact_reset *r = &f->reset;
	bool stopped = r->answers && r->trigger_had_data && !r->trigger_acked;
	bool socket = f->origin.kind == KIND_SOCKET;

	if (f->end.ending == ENDING_refused && r->life != 0)
		plead(p, -30, r->mark, r->life_mark,
		      "The server accepted the same SYN afterwards: a kernel gives one answer.");
	else if (socket && r->life != 0 && r->fit == RESET_FIT_EXACT)
		/* Its number is the end of all that the socket had sent: more cannot be late. */
		plead(p, -45, r->life_mark, r->mark,
		      "The %s's socket sent new data (%u segments) after the reset that would have been its end.",
		      side_name(r->from), r->life);
	else if (!socket && r->life != 0 && !stopped)
		plead(p, -20, r->life_mark, r->mark,
		      "The %s went on sending after the reset (%u segments with new data).",
		      side_name(r->from), r->life);
	/* A filter on the host itself stops what it answers, and lets the socket go on. */
	else if (!socket && r->life != 0 && f->origin.kind != KIND_FILTER)
		plead(p, -4, r->life_mark, r->mark,
		      "The %s went on sending after the reset (%u segments with new data).",
		      side_name(r->from), r->life);
	if (r->trigger_acked)
		plead(p, -12, r->mark, r->trigger,
		      "The segment that it refuses was answered by the %s itself later.",
		      side_name(r->from));
}

/*
 * A kernel without a socket answers, once for each segment, and does not speak first. A socket does,
 * and the resets of sockets have ACK on all stacks that are known.
 */
static void weigh_cause(const struct facts *f, struct plea *p)
{
	const struct fact_reset *r = &f->reset;

	if (f->origin.kind == KIND_SOCKET)
		return;
	if (r->both_ways)
		plead(p, -17, r->mark, r->both_mark,
		      "Both ends were reset at once, and neither reset answers the other.");
	/* What it answers may be among the segments that the capture lacks. */
	if (f->missing != 0 || f->one_sided)
		return;
	if (r->unasked && !f->mid_stream)
		plead(p, r->has_ack ? -8 : -12, r->mark, r->trigger,
		      "Nothing had been sent for a while: a kernel without a socket does not speak first.");
	else if (r->already_answered)
		plead(p, r->has_ack ? -8 : -12, r->mark, r->trigger,
		      "The last segment that it may answer had been acknowledged before.");
	if (r->more_unprovoked >= 1)
		plead(p, -8, r->mark, NO_MARK,
		      "More resets followed that answer nothing: one host sends one for a segment.");
}

void weigh_marks(struct facts *f, struct plea *p)
{
	weigh_shape(f, p);
	weigh_ttl(&f->reset, p);
	weigh_distance(f, p);
	weigh_identification(f, p);
	weigh_clock(&f->reset, p);
	weigh_afterlife(f, p);
	weigh_cause(f, p);
}
