/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The course of a connection, as a picture; and when each event is asked for, as a list: seconds since
 * its first frame, frame, side, what it did.
 */
#include <inttypes.h>

#include "base/clock.h"
#include "report/ladder.h"
#include "report/text.h"
#include "report/timeline.h"
#include "report/words.h"
#include "report/wrap.h"

/* Under the columns, for lines that are no event: what passed, and what was not kept. */
#define BETWEEN "         . . . . . . .  "

static void put_gap(struct report *r, uint64_t missing)
{
	char buffer[80];
	struct text t = text_in(buffer, sizeof(buffer));

	words_add_counted(&t, missing, "event");
	text_add(&t, " not kept");
	text_wrap(r, r->body, BETWEEN, buffer);
}

/*
 * The side and its deed read as a sentence across the columns. Microseconds, as Wireshark shows
 * them: a reset is told from an answer by less than a millisecond.
 */
static void put_event(struct report *r, const struct conn *conn, const struct event *e)
{
	char deed[TIMELINE_TEXT_MAX], frame[32] = "", lead[64];
	struct text t = text_in(deed, sizeof(deed)), f = text_in(frame, sizeof(frame));
	struct text l = text_in(lead, sizeof(lead));
	int64_t us = words_span_ns(conn->first_ns, e->time_ns) / NS_PER_US;

	timeline_add_deed(&t, conn, e);
	if (e->kind == EVENT_IDLE) {
		text_wrap(r, r->body, BETWEEN, deed);
		return;
	}
	if (e->frame != 0)
		text_add_mark(r, &f, (struct mark){ .number = e->frame, .input = e->input });
	text_add(&l, "%7" PRId64 ".%06" PRId64 " %7s  %s ", us / 1000000, us % 1000000, frame,
		 timeline_subject(e));
	text_wrap(r, r->body, lead, deed);
}

static void put_ladder(struct report *r, const struct conn *conn, const struct verdict *v)
{
	struct rung rungs[LADDER_RUNGS_MAX];
	size_t count = ladder_of(conn, v, rungs);

	text_title(r, r->body, "Timeline (seconds since the first frame; -v lists each event)");
	ladder_draw(r, r->body, rungs, count);
}

static void put_list(struct report *r, const struct conn *conn)
{
	const struct timeline *timeline = &conn->timeline;
	uint32_t kept = timeline_kept(timeline);

	text_title(r, r->body, "Events (seconds since the first frame; frame; what happened)");
	for (uint32_t i = 0; i < kept; i++) {
		uint64_t missing = timeline_gap_before(timeline, i);

		if (missing != 0)
			put_gap(r, missing);
		put_event(r, conn, timeline_at(timeline, i));
	}
}

void text_timeline(struct report *r, const struct conn *conn, const struct verdict *v)
{
	if (timeline_kept(&conn->timeline) == 0)
		return;
	put_ladder(r, conn, v);
	if (r->options.all || r->options.events)
		put_list(r, conn);
}
