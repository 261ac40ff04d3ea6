/* SPDX-License-Identifier: BSD-3-Clause */
#include "commands/lookback.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"

/* In front of each frame; len PAST_END: what follows is at the start of the ring again. */
struct entry {
	int64_t time_ns;
	uint32_t len, wire_len, number, key, interface;
	int link_type;
	uint16_t input;
};

#define PAST_END UINT32_MAX

/*
 * Invariant: used octets from at tail on, wrapping at size, are entries; every entry lies in one piece.
 * What is left behind the last one before the end of the ring counts as used by it.
 */
struct lookback {
	uint8_t *bytes;
	size_t size, tail, used;
};

struct lookback *lookback_new(size_t size)
{
	struct lookback *l = xcalloc(1, sizeof(*l));

	l->size = size / sizeof(struct entry) * sizeof(struct entry);
	l->bytes = xmalloc(l->size); /* touched as it is used */
	return l;
}

void lookback_free(struct lookback *l)
{
	if (l == NULL)
		return;
	free(l->bytes);
	free(l);
}

/* FNV-1a of each end, put together so that their order does not matter. 0 is another's. */
static uint32_t hash_of(const struct endpoint *end)
{
	uint32_t hash = 2166136261u ^ end->port;

	for (size_t i = 0; i < sizeof(end->ip.bytes); i++)
		hash = (hash ^ end->ip.bytes[i]) * 16777619u;
	return hash;
}

uint32_t lookback_key(const struct endpoint *a, const struct endpoint *b)
{
	const uint32_t key = hash_of(a) + hash_of(b);

	return key != LOOKBACK_ANY ? key : 1;
}

/* ---- keeping ---- */

static size_t room_of(uint32_t len)
{
	const size_t unit = sizeof(int64_t);

	return sizeof(struct entry) + (len + unit - 1) / unit * unit;
}

static struct entry entry_at(const struct lookback *l, size_t at)
{
	struct entry e = { .len = PAST_END };

	if (l->size - at >= sizeof(e))
		memcpy(&e, l->bytes + at, sizeof(e));
	return e;
}

/* What the entry at this place takes, up to the next one. */
static size_t step_at(const struct lookback *l, size_t at)
{
	const struct entry e = entry_at(l, at);

	return e.len == PAST_END ? l->size - at : room_of(e.len);
}

static void drop_oldest(struct lookback *l)
{
	const size_t step = step_at(l, l->tail);

	l->tail = (l->tail + step) % l->size;
	l->used -= step;
}

static void make_room(struct lookback *l, size_t room)
{
	while (l->size - l->used < room)
		drop_oldest(l);
}

/* An entry lies in one piece: what is too short at the end of the ring is passed over. */
static size_t place_for(struct lookback *l, size_t room)
{
	size_t head = (l->tail + l->used) % l->size, left = l->size - head;

	if (left < room) {
		const struct entry end = { .len = PAST_END };

		make_room(l, left);
		if (left >= sizeof(end))
			memcpy(l->bytes + head, &end, sizeof(end));
		l->used += left;
		head = 0;
	}
	make_room(l, room);
	return head;
}

void lookback_keep(struct lookback *l, const struct frame *frame, uint32_t key)
{
	const struct entry e = {
		.time_ns = frame->time_ns,
		.len = frame->len,
		.wire_len = frame->wire_len,
		.number = frame->number,
		.key = key,
		.interface = frame->interface,
		.link_type = frame->link_type,
		.input = frame->input,
	};
	const size_t room = room_of(frame->len);
	size_t at;

	if (room > l->size / 2)
		return;
	at = place_for(l, room);
	memcpy(l->bytes + at, &e, sizeof(e));
	if (e.len != 0)
		memcpy(l->bytes + at + sizeof(e), frame->bytes, e.len);
	l->used += room;
}

/* ---- reading ---- */

struct lookback_at lookback_oldest(const struct lookback *l)
{
	return (struct lookback_at){ l->tail, l->used };
}

bool lookback_next(const struct lookback *l, struct lookback_at *at, struct frame *frame,
		   uint32_t *key)
{
	struct entry e;
	size_t here;

	do {
		if (at->left == 0)
			return false;
		here = at->at;
		e = entry_at(l, here);
		at->left -= step_at(l, here);
		at->at = (here + step_at(l, here)) % l->size;
	} while (e.len == PAST_END);
	*frame = (struct frame){
		.number = e.number,
		.input = e.input,
		.interface = e.interface,
		.link_type = e.link_type,
		.time_ns = e.time_ns,
		.wire_len = e.wire_len,
		.len = e.len,
		.bytes = l->bytes + here + sizeof(e),
	};
	*key = e.key;
	return true;
}
