/* SPDX-License-Identifier: BSD-3-Clause */
#include "track/slab.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/die.h"

_Static_assert(sizeof(struct conn) <= CONN_SIZE_MAX, "a connection must not grow");

struct slab {
	struct slot *slot;
	uint32_t fresh, free, count; /* never used from here on; chain of the released; in use */
	uint32_t first[LIST_COUNT], last[LIST_COUNT];
	struct clear_text *free_text;
	uint32_t texts;
};

struct slab *slab_new(void)
{
	struct slab *s = xcalloc(1, sizeof(*s));

	s->slot = xcalloc(SLOTS_MAX + SLOTS_SPARE, sizeof(*s->slot));
	s->free = NO_INDEX;
	for (int i = 0; i < LIST_COUNT; i++)
		s->first[i] = s->last[i] = NO_INDEX;
	return s;
}

void slab_free(struct slab *s)
{
	for (uint32_t i = 0; i < s->fresh; i++)
		free(s->slot[i].clear);
	while (s->free_text != NULL) {
		struct clear_text *next = s->free_text->next_free;

		free(s->free_text);
		s->free_text = next;
	}
	free(s->slot);
	free(s);
}

struct slot *slab_slot(struct slab *s, uint32_t index)
{
	return &s->slot[index];
}

uint32_t slab_index(const struct slab *s, const struct slot *slot)
{
	return (uint32_t)(slot - s->slot);
}

bool slab_is_full(const struct slab *s)
{
	return s->count >= SLOTS_MAX;
}

/* ---- lists ---- */

static void unlink_slot(struct slab *s, uint32_t index)
{
	struct slot *slot = &s->slot[index];

	if (slot->prev != NO_INDEX)
		s->slot[slot->prev].next = slot->next;
	else
		s->first[slot->list] = slot->next;
	if (slot->next != NO_INDEX)
		s->slot[slot->next].prev = slot->prev;
	else
		s->last[slot->list] = slot->prev;
}

static void append_slot(struct slab *s, uint32_t index, enum list list)
{
	struct slot *slot = &s->slot[index];

	slot->list = (uint8_t)list;
	slot->prev = s->last[list];
	slot->next = NO_INDEX;
	if (slot->prev != NO_INDEX)
		s->slot[slot->prev].next = index;
	else
		s->first[list] = index;
	s->last[list] = index;
}

void slab_move(struct slab *s, uint32_t index, enum list list)
{
	if (s->last[list] == index)
		return; /* the segment before was of the same connection */
	unlink_slot(s, index);
	append_slot(s, index, list);
}

uint32_t slab_first(const struct slab *s, enum list list)
{
	return s->first[list];
}

/* ---- slots ---- */

uint32_t slab_take(struct slab *s)
{
	uint32_t index = s->free;

	if (index != NO_INDEX)
		s->free = s->slot[index].next;
	else
		index = s->fresh++;
	memset(&s->slot[index], 0, sizeof(s->slot[index]));
	s->count++;
	append_slot(s, index, LIST_OPEN);
	return index;
}

void slab_release(struct slab *s, uint32_t index)
{
	struct slot *slot = &s->slot[index];

	unlink_slot(s, index);
	if (slot->clear != NULL)
		slab_clear_text_back(s, slot->clear);
	slot->clear = NULL;
	slot->next = s->free;
	s->free = index;
	s->count--;
}

/* ---- clear text ---- */

struct clear_text *slab_clear_text(struct slab *s)
{
	struct clear_text *text = s->free_text;

	if (text != NULL) {
		s->free_text = text->next_free;
	} else if (s->texts < CLEAR_TEXTS_MAX) {
		text = xmalloc(sizeof(*text)); /* as one that was used before */
		s->texts++;
	} else {
		return NULL;
	}
	for (int side = CLIENT; side <= SERVER; side++) {
		memset(&text->stream[side], 0, offsetof(struct stream, bytes));
		memset(&text->offered[side], 0, offsetof(struct ssh_offered, bytes));
		text->passing[side].left = 0;
	}
	return text;
}

void slab_clear_text_back(struct slab *s, struct clear_text *text)
{
	text->next_free = s->free_text;
	s->free_text = text;
}
