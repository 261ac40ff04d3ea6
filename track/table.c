/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A chained hash over a fixed array. When it is full, the flow that was touched longest ago and has
 * no connection goes first: a flood of SYNs evicts its own kind. Established SSH goes last, by
 * track.c, judged early and counted.
 */
#include "track/table.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/flow_hash.h"

#define BUCKET_BITS 18
#define BUCKETS (1u << BUCKET_BITS)

/* Flows that are awake at one time; 4 KiB stay in the nearest cache. */
#define RECENT 1024u

_Static_assert(BUCKETS == FLOWS_MAX, "a bucket for each flow");
_Static_assert(sizeof(struct flow) <= FLOW_SIZE_MAX, "a flow must stay small");

struct table {
	struct flow_hash_key key;
	struct flow *flow;
	bool *used;
	uint32_t *bucket;
	uint32_t *recent; /* by ports, where one was found last: index + 1 */
	uint32_t fresh;   /* flows from here on were never used */
	uint32_t free;    /* chain of those that were */
	uint32_t count, born;
	uint32_t oldest, newest;
};

struct table *table_new(void)
{
	struct table *t = xcalloc(1, sizeof(*t));

	t->key = flow_hash_random_key();
	t->flow = xcalloc(FLOWS_MAX, sizeof(*t->flow));
	t->used = xcalloc(FLOWS_MAX, sizeof(*t->used));
	t->bucket = xcalloc(BUCKETS, sizeof(*t->bucket)); /* index + 1: zero is empty */
	t->recent = xcalloc(RECENT, sizeof(*t->recent));
	t->free = t->oldest = t->newest = NO_INDEX;
	return t;
}

void table_free(struct table *t)
{
	free(t->flow);
	free(t->used);
	free(t->bucket);
	free(t->recent);
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

#define END_WORDS 5

static void put_end(uint32_t word[END_WORDS], const struct endpoint *end)
{
	memcpy(word, end->ip.bytes, sizeof(end->ip.bytes));
	word[END_WORDS - 1] = (uint32_t)end->ip.family << 16 | end->port;
}

/* Of ends in any order the same comes first. */
static bool is_in_order(const struct endpoint *a, const struct endpoint *b)
{
	if (a->port != b->port)
		return a->port < b->port;
	return memcmp(a->ip.bytes, b->ip.bytes, sizeof(a->ip.bytes)) <= 0;
}

/* Both directions of a connection have the same. */
static uint32_t bucket_of(const struct table *t, const struct way *way)
{
	bool in_order = is_in_order(way->a, way->b);
	uint32_t word[FLOW_HASH_WORDS] = { 0 };

	put_end(word, in_order ? way->a : way->b);
	put_end(word + END_WORDS, in_order ? way->b : way->a);
	memcpy(word + 2 * END_WORDS, &way->tunnel, sizeof(way->tunnel));
	memcpy(word + 2 * END_WORDS + 2, way->vlan, way->vlans * sizeof(*way->vlan));
	return flow_hash(&t->key, word, BUCKET_BITS);
}

static bool is_of(const struct flow *f, const struct packet *p)
{
	if (f->tunnel != p->tunnel)
		return false;
	/* Those that are not in use are zero in both. */
	if (f->vlans != p->vlans || memcmp(f->vlan, p->vlan, sizeof(f->vlan)) != 0)
		return false;
	return (endpoint_equal(&f->end[0], &p->src) && endpoint_equal(&f->end[1], &p->dst)) ||
	       (endpoint_equal(&f->end[0], &p->dst) && endpoint_equal(&f->end[1], &p->src));
}

/* Not keyed: who makes flows collide here has them found as all others are. */
static uint32_t *recent_of(const struct table *t, uint16_t a, uint16_t b)
{
	return &t->recent[(a ^ b) % RECENT];
}

/* Traffic comes in bursts: most packets are of a flow that was found shortly before. */
uint32_t table_find(const struct table *t, const struct packet *p)
{
	uint32_t *recent = recent_of(t, p->src.port, p->dst.port), at = *recent;
	const struct way way = way_of_packet(p);

	if (at != 0 && is_of(&t->flow[at - 1], p))
		return at - 1;
	at = t->bucket[bucket_of(t, &way)];
	while (at != 0 && !is_of(&t->flow[at - 1], p))
		at = t->flow[at - 1].chain;
	if (at == 0)
		return NO_INDEX;
	*recent = at;
	return at - 1;
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
	uint32_t *recent = recent_of(t, f->end[0].port, f->end[1].port);

	if (*recent == index + 1)
		*recent = 0; /* its place may be another's soon */
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
