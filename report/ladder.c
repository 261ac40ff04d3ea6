/* SPDX-License-Identifier: BSD-3-Clause */
/* Which events of a timeline become rungs, and what they are called. */
#include "report/ladder.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "report/timeline.h"
#include "report/words.h"

/* Of a long timeline: how it began, what led to the end, what followed, and how it was at last. */
#define FIRST_EVENTS 7
#define BEFORE_END 11
#define AFTER_END 5
#define LAST_EVENTS 3

_Static_assert(FIRST_EVENTS + BEFORE_END + 1 + AFTER_END + LAST_EVENTS + 2 < LADDER_RUNGS_MAX,
	       "all of them and two gaps fit");

/* ---- labels ---- */

static const char *const words[EVENT_COUNT] = {
	[EVENT_SYN] = "SYN",
	[EVENT_SYN_ACK] = "SYN ACK",
	[EVENT_ESTABLISHED] = "ACK",
	[EVENT_MIDSTREAM] = "the capture begins in mid-connection",
	[EVENT_PRELUDE] = "proxy",
	[EVENT_PRELUDE_ANSWER] = "the proxy agrees",
	[EVENT_TEXT] = "text",
	[EVENT_IDENTIFICATION] = "",
	[EVENT_NOT_SSH] = "not SSH",
	[EVENT_KEXINIT] = "KEXINIT",
	[EVENT_KEX_MESSAGE] = "key exchange",
	[EVENT_NEWKEYS] = "NEWKEYS",
	[EVENT_REVERSED] = "host key: this is SSH's server",
	[EVENT_DISCONNECT] = "DISCONNECT",
	[EVENT_MISMATCH] = "no common algorithm",
	[EVENT_MALFORMED] = "malformed packet",
	[EVENT_SESSION] = "session begins",
	[EVENT_DATA] = "data",
	[EVENT_RETRANSMISSION] = "again",
	[EVENT_OUT_OF_ORDER] = "out of order",
	[EVENT_MISSING] = "not in the capture",
	[EVENT_KEEPALIVE] = "TCP keepalive",
	[EVENT_ZERO_WINDOW] = "window 0",
	[EVENT_FIN] = "FIN",
	[EVENT_RESET] = "RST",
	[EVENT_DATA_AFTER_RESET] = "data after the reset",
	[EVENT_ICMP] = "ICMP",
	[EVENT_CHALLENGE_ACK] = "challenge ACK",
	[EVENT_COPY] = "packets begin to appear twice",
	[EVENT_OUTSIDE] = "outside the window",
	[EVENT_CHECKSUM] = "wrong checksum",
	[EVENT_OVERLAP] = "other bytes than before",
	[EVENT_STRAY_SYN] = "SYN inside the connection",
	[EVENT_PORT_REUSED] = "the ports are used anew",
	[EVENT_CAPTURE_END] = "the capture ends",
};

static bool has_bytes(const struct event *e)
{
	return e->kind == EVENT_DATA || e->kind == EVENT_RETRANSMISSION ||
	       e->kind == EVENT_OUT_OF_ORDER || e->kind == EVENT_DATA_AFTER_RESET;
}

static void add_label(struct text *t, const struct conn *conn, const struct event *e)
{
	const struct ssh_half *half = &conn->ssh.half[e->from == FROM_SERVER ? SERVER : CLIENT];

	if (e->kind == EVENT_IDLE) {
		clock_add_span(t, e->arg * NS_PER_MS);
		text_add(t, " of silence");
		return;
	}
	text_add(t, "%s", e->kind < EVENT_COUNT && words[e->kind] != NULL ? words[e->kind] : "");
	if (e->kind == EVENT_IDENTIFICATION)
		text_add_wire(t, half->identification.at, half->identification.len);
	if (e->kind == EVENT_TEXT) {
		text_add(t, " ");
		text_add_wire(t, half->text.at, half->text.len);
	}
	if (e->kind == EVENT_PRELUDE && e->arg == PRELUDE_proxy_protocol)
		text_add(t, " header");
	if (e->kind == EVENT_ICMP)
		text_add(t, " %u/%u", e->arg >> 8 & 0xff, e->arg & 0xff);
	/* RFC 5961 section 3.2: only what is exactly in sequence is obeyed by everybody. */
	if (e->kind == EVENT_RESET && e->arg != RESET_FIT_EXACT && e->arg != RESET_FIT_UNKNOWN)
		text_add(t,
			 e->arg == RESET_FIT_WINDOW ? ", in the window" : ", outside the window");
	if (has_bytes(e) && e->arg != 0) {
		text_add(t, ", ");
		words_add_bytes(t, e->arg);
	}
	if (e->count > 1)
		text_add(t, " (%" PRIu32 ")", e->count);
}

static void set_rung(struct rung *rung, const struct conn *conn, const struct verdict *v,
		     const struct event *e)
{
	struct text t = text_in(rung->label, sizeof(rung->label));

	memset(rung, 0, sizeof(*rung));
	rung->events = 1;
	rung->from = rung->to = LANE_NONE;
	rung->kind = e->kind == EVENT_IDLE ? RUNG_SILENCE : RUNG_NOTE;
	rung->after_ns = words_span_ns(conn->first_ns, e->time_ns);
	rung->mark = (struct mark){ .number = e->frame, .input = e->input };
	if (e->kind == EVENT_IDLE)
		rung->silence_ns = e->arg * NS_PER_MS;
	ladder_lanes(rung, conn, v, e);
	add_label(&t, conn, e);
}

/* ---- data back and forth ---- */

/* So many segments in a row are told as one rung, but for the last, which lead to what follows. */
#define TALK_LEAST 4
#define TALK_LAST 2

static uint32_t talk_len(const struct timeline *timeline, uint32_t from, uint32_t kept)
{
	uint32_t to = from;

	while (to < kept && timeline_at(timeline, to)->kind == EVENT_DATA &&
	       (to == from || timeline_gap_before(timeline, to) == 0))
		to++;
	return to - from;
}

static void set_talk(struct rung *rung, const struct conn *conn, uint32_t from, uint32_t events)
{
	const struct event *first = timeline_at(&conn->timeline, from);
	struct text t = text_in(rung->label, sizeof(rung->label));
	uint64_t segments = 0, bytes = 0;

	memset(rung, 0, sizeof(*rung));
	rung->kind = RUNG_NOTE;
	rung->from = rung->to = LANE_NONE;
	rung->events = events;
	rung->after_ns = words_span_ns(conn->first_ns, first->time_ns);
	rung->mark = (struct mark){ .number = first->frame, .input = first->input };
	for (uint32_t i = from; i < from + events; i++) {
		segments += timeline_at(&conn->timeline, i)->count;
		bytes += timeline_at(&conn->timeline, i)->arg;
	}
	words_add_counted(&t, segments, "segment");
	text_add(&t, " of data both ways, ");
	words_add_bytes(&t, bytes);
}

/* ---- which ---- */

static void set_left_out(struct rung *rung, uint64_t events)
{
	struct text t = text_in(rung->label, sizeof(rung->label));

	memset(rung, 0, sizeof(*rung));
	rung->kind = RUNG_LEFT_OUT;
	rung->from = rung->to = LANE_NONE;
	rung->events = events;
	words_add_counted(&t, events, "more event");
}

/* Each event is one rung at most, and a gap another. */
#define ALL_MAX (TIMELINE_FIRST + TIMELINE_LAST + 1)

static size_t all_rungs(const struct conn *conn, const struct verdict *v, struct rung *rungs)
{
	const struct timeline *timeline = &conn->timeline;
	uint32_t kept = timeline_kept(timeline), i = 0;
	size_t count = 0;

	while (i < kept) {
		uint64_t gap = timeline_gap_before(timeline, i);
		uint32_t talk = talk_len(timeline, i, kept);

		if (gap != 0)
			set_left_out(&rungs[count++], gap);
		if (talk >= TALK_LEAST + TALK_LAST) {
			set_talk(&rungs[count++], conn, i, talk - TALK_LAST);
			i += talk - TALK_LAST;
			talk = TALK_LAST;
		}
		for (uint32_t until = i + (talk != 0 ? talk : 1); i < until; i++)
			set_rung(&rungs[count++], conn, v, timeline_at(timeline, i));
	}
	return count;
}

static size_t end_of(const struct rung *rungs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (rungs[i].ending)
			return i;
	}
	return count;
}

static bool is_drawn(size_t i, size_t count, size_t end)
{
	return count <= LADDER_RUNGS_MAX || i < FIRST_EVENTS || i + LAST_EVENTS >= count ||
	       (i + BEFORE_END >= end && i <= end + AFTER_END);
}

size_t ladder_of(const struct conn *conn, const struct verdict *v,
		 struct rung rungs[LADDER_RUNGS_MAX])
{
	struct rung all[ALL_MAX];
	size_t every = all_rungs(conn, v, all), end = end_of(all, every), count = 0;
	uint64_t left_out = 0;

	for (size_t i = 0; i < every; i++) {
		if (!is_drawn(i, every, end)) {
			left_out += all[i].events;
			continue;
		}
		if (left_out != 0)
			set_left_out(&rungs[count++], left_out);
		left_out = 0;
		rungs[count++] = all[i];
	}
	return count;
}
