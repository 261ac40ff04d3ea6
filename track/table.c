/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A chained hash over a fixed array. When it is full, the flow that was touched longest ago and has
 * no connection goes first: a flood of SYNs evicts its own kind. Established SSH goes last, by
 * track.c, judged early and counted.
 */
#include "track/table.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/siphash.h"

#define BUCKETS FLOWS_MAX

_Static_assert(sizeof(struct flow) <= FLOW_SIZE_MAX, "a flow must stay small");

struct table {
	struct siphash_key key;
	struct flow *flow;
	bool *used;
	uint32_t *bucket;
	uint32_t fresh; /* flows from here on were never used */
	uint32_t free;  /* chain of those that were */
	uint32_t count, born;
	uint32_t oldest, newest;
};

struct table *table_new(void)
{
	struct table *t = xcalloc(1, sizeof(*t));

	t->key = siphash_random_key();
	t->flow = xcalloc(FLOWS_MAX, sizeof(*t->flow));
	t->used = xcalloc(FLOWS_MAX, sizeof(*t->used));
	t->bucket = xcalloc(BUCKETS, sizeof(*t->bucket)); /* index + 1: zero is empty */
	t->free = t->oldest = t->newest = NO_INDEX;
	return t;
}

void table_free(struct table *t)
{
	free(t->flow);
	free(t->used);
	free(t->bucket);
	free(t);
}

struct flow *table_flow(struct table *t, uint32_t index)
{
	return &t->flow[index];
}

bool table_is_full(const struct table *t)
{
	return t->count == FLOWS_MAX;
}

/* ---- hash ---- */

#define END_LEN (1 + 16 + 2)

static void put_end(uint8_t *at, const struct endpoint *end)
{
	at[0] = end->ip.family;
	memcpy(at + 1, end->ip.bytes, 16);
	memcpy(at + 17, &end->port, 2);
}

/* What tells flows apart: the same addresses may be in use behind each tag and in each tunnel. */
struct way {
	const struct endpoint *a, *b;
	const uint16_t *vlan;
	uint8_t vlans;
	uint64_t tunnel;
};

static struct way way_of_packet(const struct packet *p)
{
	return (struct way){ &p->src, &p->dst, p->vlan, p->vlans, p->tunnel };
}

static struct way way_of_flow(const struct flow *f)
{
	return (struct way){ &f->end[0], &f->end[1], f->vlan, f->vlans, f->tunnel };
}

/* Both directions of a connection have the same key: the smaller end comes first. */
static uint32_t bucket_of(const struct table *t, const struct way *way)
{
	uint8_t key[2 * END_LEN + 2 * PACKET_VLANS + sizeof(way->tunnel)] = { 0 };
	uint8_t ends[2][END_LEN];
	int first;

	put_end(ends[0], way->a);
	put_end(ends[1], way->b);
	first = memcmp(ends[0], ends[1], END_LEN) <= 0 ? 0 : 1;
	memcpy(key, ends[first], END_LEN);
	memcpy(key + END_LEN, ends[!first], END_LEN);
	memcpy(key + sizeof(ends), way->vlan, way->vlans * sizeof(*way->vlan));
	memcpy(key + sizeof(key) - sizeof(way->tunnel), &way->tunnel, sizeof(way->tunnel));
	return (uint32_t)(siphash(t->key, key, sizeof(key)) % BUCKETS);
}

static bool is_of(const struct flow *f, const struct packet *p)
{
	if (f->tunnel != p->tunnel)
		return false;
	if (f->vlans != p->vlans || memcmp(f->vlan, p->vlan, p->vlans * sizeof(*p->vlan)) != 0)
		return false;
	return (endpoint_equal(&f->end[0], &p->src) && endpoint_equal(&f->end[1], &p->dst)) ||
	       (endpoint_equal(&f->end[0], &p->dst) && endpoint_equal(&f->end[1], &p->src));
}

uint32_t table_find(const struct table *t, const struct packet *p)
{
	const struct way way = way_of_packet(p);
	uint32_t at = t->bucket[bucket_of(t, &way)];

	while (at != 0 && !is_of(&t->flow[at - 1], p))
		at = t->flow[at - 1].chain;
	return at != 0 ? at - 1 : NO_INDEX;
}

struct flow_name table_name(const struct table *t, uint32_t index)
{
	return (struct flow_name){ index, t->flow[index].born };
}

bool table_has(const struct table *t, struct flow_name name)
{
	return t->used[name.index] && t->flow[name.index].born == name.born;
}

/* ---- age ---- */

static void age_unlink(struct table *t, uint32_t index)
{
	struct flow *f = &t->flow[index];

	if (f->prev != NO_INDEX)
		t->flow[f->prev].next = f->next;
	else
		t->oldest = f->next;
	if (f->next != NO_INDEX)
		t->flow[f->next].prev = f->prev;
	else
		t->newest = f->prev;
}

static void age_append(struct table *t, uint32_t index)
{
	struct flow *f = &t->flow[index];

	f->prev = t->newest;
	f->next = NO_INDEX;
	if (t->newest != NO_INDEX)
		t->flow[t->newest].next = index;
	else
		t->oldest = index;
	t->newest = index;
}

uint32_t table_oldest(const struct table *t)
{
	return t->oldest;
}

void table_touch(struct table *t, uint32_t index)
{
	if (t->flow[index].state == FLOW_CONN)
		return;
	age_unlink(t, index);
	age_append(t, index);
}

void table_settle(struct table *t, uint32_t index, enum flow_state state)
{
	struct flow *f = &t->flow[index];

	if (f->state != FLOW_CONN)
		age_unlink(t, index);
	f->state = (uint8_t)state;
	if (state != FLOW_CONN)
		age_append(t, index);
}

/* ---- entries ---- */

static uint32_t entry_take(struct table *t)
{
	uint32_t index = t->free;

	if (index == NO_INDEX)
		return t->fresh++;
	t->free = t->flow[index].chain;
	return index;
}

uint32_t table_add(struct table *t, const struct packet *p)
{
	const struct way way = way_of_packet(p);
	uint32_t *bucket = &t->bucket[bucket_of(t, &way)];
	uint32_t index = entry_take(t);
	struct flow *f = &t->flow[index];

	*f = (struct flow){
		.end = { p->src, p->dst },
		.tunnel = p->tunnel,
		.vlans = p->vlans,
		.layers = p->layers,
		.slot = NO_INDEX,
		.born = ++t->born,
		.chain = *bucket,
	};
	memcpy(f->vlan, p->vlan, p->vlans * sizeof(*p->vlan));
	memcpy(f->layer, p->layer, p->layers);
	*bucket = index + 1;
	t->used[index] = true;
	t->count++;
	age_append(t, index);
	return index;
}

void table_remove(struct table *t, uint32_t index)
{
	struct flow *f = &t->flow[index];
	const struct way way = way_of_flow(f);
	uint32_t *at = &t->bucket[bucket_of(t, &way)];

	while (*at != index + 1)
		at = &t->flow[*at - 1].chain;
	*at = f->chain;
	if (f->state != FLOW_CONN)
		age_unlink(t, index);
	f->chain = t->free;
	t->free = index;
	t->used[index] = false;
	t->count--;
}

uint32_t table_next(const struct table *t, uint32_t index)
{
	for (index = index == NO_INDEX ? 0 : index + 1; index < t->fresh; index++) {
		if (t->used[index])
			return index;
	}
	return NO_INDEX;
}
