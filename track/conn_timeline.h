/* SPDX-License-Identifier: BSD-3-Clause */
/* The timeline of a connection: a part of struct conn, which is where others include it from. */
#ifndef TRACK_CONN_TIMELINE_H
#define TRACK_CONN_TIMELINE_H

#include <stdint.h>

enum event_kind {
#define EVENT(id, name, folds) EVENT_##id,
#include "track/events.def"
#undef EVENT
	EVENT_COUNT,
};

enum event_from { FROM_CLIENT, FROM_SERVER, FROM_MIDDLEBOX, FROM_NETWORK, FROM_CAPTURE };

/* Equal neighbours of a kind that folds are one event with a count. */
struct event {
	int64_t time_ns;      /* of the first */
	uint32_t frame;       /* of the first */
	uint32_t count;
	uint32_t arg;         /* what events.def says */
	uint16_t input;
	uint8_t kind, from;   /* enum event_kind, enum event_from */
};

#define TIMELINE_FIRST 32
#define TIMELINE_LAST 64

/* The first 32 and the last 64 events; dropped counts those between. */
struct timeline {
	uint64_t total;       /* events ever added, folded ones once */
	struct event first[TIMELINE_FIRST];
	struct event last[TIMELINE_LAST]; /* ring: event n (n >= 32) is at (n - 32) % 64 */
};

/* Events that are kept, in order; event i < timeline_kept(). */
uint32_t timeline_kept(const struct timeline *);
const struct event *timeline_at(const struct timeline *, uint32_t i);
/* How many events are missing before event i: not 0 for one i at most. */
uint64_t timeline_gap_before(const struct timeline *, uint32_t i);

#endif
