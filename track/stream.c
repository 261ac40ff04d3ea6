/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Clear text in order. Segments are copied to their place in a fixed buffer; the stretches that are
 * filled are kept as a short sorted list. Where two segments disagree, the first one wins, as the
 * receiver's own copy would have been delivered first.
 */
#include "base/cursor.h"
#include "track/inside.h"

/* Copies bytes to their place from on, but for what ranges cover already. */
static void fill(struct stream *s, uint32_t from, struct cursor bytes)
{
	uint32_t at = from, to = from + (uint32_t)cursor_left(&bytes);

	for (uint32_t i = 0; i < s->ranges && at < to; i++) {
		uint32_t until = s->range[i].from < to ? s->range[i].from : to;

		if (at < until) {
			cursor_copy(&bytes, s->bytes + at, until - at);
			at = until;
		}
		if (s->range[i].to > at) {
			cursor_skip(&bytes, s->range[i].to - at);
			at = s->range[i].to;
		}
	}
	if (at < to)
		cursor_copy(&bytes, s->bytes + at, to - at);
}

static void range_remove(struct stream *s, uint32_t first, uint32_t count)
{
	memmove(&s->range[first], &s->range[first + count],
		(s->ranges - first - count) * sizeof(s->range[0]));
	s->ranges -= count;
}

/* Adds [from, to) to the list and joins what touches it. False when the list is full. */
static bool range_add(struct stream *s, uint32_t from, uint32_t to)
{
	uint32_t first = 0, count = 0;

	while (first < s->ranges && s->range[first].to < from)
		first++;
	while (first + count < s->ranges && s->range[first + count].from <= to) {
		if (s->range[first + count].from < from)
			from = s->range[first + count].from;
		if (s->range[first + count].to > to)
			to = s->range[first + count].to;
		count++;
	}
	if (count == 0) {
		if (s->ranges == STREAM_RANGES)
			return false;
		memmove(&s->range[first + 1], &s->range[first],
			(s->ranges - first) * sizeof(s->range[0]));
		s->ranges++;
	} else {
		range_remove(s, first + 1, count - 1);
	}
	s->range[first].from = from;
	s->range[first].to = to;
	return true;
}

bool stream_add(struct stream *s, uint32_t seq, const uint8_t *payload, uint32_t len)
{
	struct cursor bytes = cursor_over(payload, len);
	int32_t offset = seq_ahead(seq, s->base);
	uint32_t from;

	if (offset < 0) { /* some of it was consumed already */
		cursor_skip(&bytes, s->base - seq);
		offset = 0;
	}
	from = (uint32_t)offset;
	len = (uint32_t)cursor_left(&bytes);
	if (from > STREAM_MAX || len > STREAM_MAX - from)
		return false;
	if (len == 0)
		return true;
	fill(s, from, bytes);
	return range_add(s, from, from + len);
}

uint32_t stream_ready(const struct stream *s)
{
	return s->ranges != 0 && s->range[0].from == 0 ? s->range[0].to : 0;
}

void stream_consume(struct stream *s, uint32_t len)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->ranges; i++) {
		if (s->range[i].to <= len)
			continue;
		s->range[kept].from = s->range[i].from > len ? s->range[i].from - len : 0;
		s->range[kept].to = s->range[i].to - len;
		kept++;
	}
	s->ranges = kept;
	if (kept != 0)
		memmove(s->bytes, s->bytes + len, s->range[kept - 1].to);
	s->base += len;
}
