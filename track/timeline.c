/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A connection may last for months; its timeline keeps how it began and how it ended. Events of a
 * kind that folds are counted on their predecessor, so that a bulk transfer is one line.
 */
#include "track/inside.h"

static const struct {
	const char *name;
	bool folds;
} kinds[] = {
#define EVENT(id, name, folds) { name, folds },
#include "track/events.def"
#undef EVENT
};

const char *event_name(enum event_kind kind)
{
	return kinds[kind].name;
}

static struct event *slot_of(struct timeline *t, uint64_t n)
{
	if (n < TIMELINE_FIRST)
		return &t->first[n];
	return &t->last[(n - TIMELINE_FIRST) % TIMELINE_LAST];
}

/* Kinds whose arg is a length are summed up, the others must agree. */
static bool arg_is_bytes(enum event_kind kind)
{
	return kind == EVENT_DATA || kind == EVENT_RETRANSMISSION || kind == EVENT_OUT_OF_ORDER ||
	       kind == EVENT_KEEPALIVE || kind == EVENT_DATA_AFTER_RESET || kind == EVENT_OUTSIDE ||
	       kind == EVENT_CHECKSUM || kind == EVENT_OVERLAP;
}

static bool folds_into(const struct event *last, enum event_kind kind, enum event_from from,
		       uint32_t arg)
{
	return kinds[kind].folds && last->kind == kind && last->from == from &&
	       (arg_is_bytes(kind) || last->arg == arg);
}

void timeline_add(struct conn *conn, enum event_kind kind, enum event_from from, struct mark mark,
		  int64_t time_ns, uint32_t arg)
{
	struct timeline *t = &conn->timeline;

	if (t->total > 0) {
		struct event *last = slot_of(t, t->total - 1);

		if (folds_into(last, kind, from, arg)) {
			last->count++;
			if (arg_is_bytes(kind))
				last->arg =
					arg > UINT32_MAX - last->arg ? UINT32_MAX : last->arg + arg;
			return;
		}
	}
	*slot_of(t, t->total++) = (struct event){
		.time_ns = time_ns,
		.frame = mark.number,
		.input = mark.input,
		.count = 1,
		.arg = arg,
		.kind = (uint8_t)kind,
		.from = (uint8_t)from,
	};
}

void conn_note(struct conn *conn, enum event_kind kind, enum side side, const struct packet *packet,
	       uint32_t arg)
{
	timeline_add(conn, kind, side == CLIENT ? FROM_CLIENT : FROM_SERVER, packet->mark,
		     packet->time_ns, arg);
}

uint32_t timeline_kept(const struct timeline *t)
{
	uint32_t most = TIMELINE_FIRST + TIMELINE_LAST;

	return t->total < most ? (uint32_t)t->total : most;
}

static uint64_t dropped(const struct timeline *t)
{
	return t->total - timeline_kept(t);
}

const struct event *timeline_at(const struct timeline *t, uint32_t i)
{
	if (i < TIMELINE_FIRST)
		return &t->first[i];
	return &t->last[(i - TIMELINE_FIRST + dropped(t)) % TIMELINE_LAST];
}

uint64_t timeline_gap_before(const struct timeline *t, uint32_t i)
{
	return i == TIMELINE_FIRST ? dropped(t) : 0;
}
