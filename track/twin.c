/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One connection in two places: captured with its VLAN tag and without (on a trunk and its interface, on
 * all interfaces of a bridge), inside a tunnel and outside, or with another tag in each direction.
 *
 * Equal addresses in two VLANs or tunnels may be two networks', so they are two flows, unless their
 * first segments show that they are one: the same segment within the time of a copy, or the SYN-ACK that
 * acknowledges the SYN. Numbers of 32 bits do not agree by chance, and other than copies nothing
 * agrees in the IPv4 identification, too. The second flow then stands for the first.
 */
#include "track/flow.h"

/* RFC 6298 section 2.1: a SYN that has no answer after a second is sent again, and counts anew. */
#define ANSWER_US 1000000

/* Both directions have the same. */
static uint32_t sum_of_ends(const struct packet *p)
{
	uint32_t sum = (uint32_t)p->src.port + p->dst.port, src, dst;

	for (size_t i = 0; i < sizeof(p->src.ip.bytes); i += sizeof(src)) {
		memcpy(&src, p->src.ip.bytes + i, sizeof(src));
		memcpy(&dst, p->dst.ip.bytes + i, sizeof(dst));
		sum += src + dst;
	}
	return sum;
}

void newcomer_keep(struct track *t, uint32_t index, const struct packet *p)
{
	uint32_t place = t->newcomers++ % NEWCOMERS;

	t->newcomer[place] = (struct newcomer){
		.flow = table_name(t->table, index),
		.print = print_of(p),
	};
	t->newcomer_ends[place] = sum_of_ends(p);
}

/* Asked of each segment that begins a flow, nearly all of which have no twin: all sums in one go. */
static bool may_have_twin(const struct track *t, const struct packet *p)
{
	uint32_t sum = sum_of_ends(p), equal = 0;

	for (size_t i = 0; i < NEWCOMERS; i++)
		equal |= (uint32_t)(t->newcomer_ends[i] == sum);
	return equal != 0;
}

static bool answers(const struct print *syn, const struct print *print, const struct packet *p)
{
	int32_t after_us = seq_ahead(print->time_us, syn->time_us);

	return (syn->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN &&
	       (p->tcp.flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK) &&
	       p->tcp.ack == syn->seq + 1 && after_us < ANSWER_US;
}

static bool is_between(const struct flow *flow, const struct endpoint *a, const struct endpoint *b)
{
	return endpoint_equal(&flow->end[0], a) && endpoint_equal(&flow->end[1], b);
}

/* The flow that this segment shows to be its own, or NO_INDEX. */
static uint32_t find_twin(struct track *t, const struct packet *p)
{
	const struct print print = print_of(p);

	for (size_t i = 0; i < NEWCOMERS; i++) {
		const struct newcomer *one = &t->newcomer[i];
		const struct flow *flow = table_flow(t->table, one->flow.index);
		bool copy = print_is_copy(&one->print, &print);

		if ((!copy && !answers(&one->print, &print, p)) || !table_has(t->table, one->flow))
			continue;
		if (copy ? is_between(flow, &p->src, &p->dst) : is_between(flow, &p->dst, &p->src))
			return one->flow.index;
	}
	return NO_INDEX;
}

static void add_twin(struct track *t, const struct packet *p, uint32_t of)
{
	uint32_t index = table_add(t->table, p);

	table_flow(t->table, index)->twin = table_name(t->table, of);
	table_settle(t->table, index, FLOW_TWIN);
}

uint32_t flow_find(struct track *t, const struct packet *p)
{
	uint32_t index = table_find(t->table, p);
	const struct flow *flow = index != NO_INDEX ? table_flow(t->table, index) : NULL;

	if (flow != NULL && flow->state != FLOW_TWIN)
		return index;
	if (flow != NULL && table_has(t->table, flow->twin)) {
		table_touch(t->table, index);
		return flow->twin.index;
	}
	if (flow != NULL)
		table_remove(t->table, index); /* the other was used again, or had to go */
	if (p->kind != PACKET_SEGMENT)
		return NO_INDEX;
	flow_make_room(t); /* first: it must not be the one that is found */
	index = may_have_twin(t, p) ? find_twin(t, p) : NO_INDEX;
	if (index != NO_INDEX)
		add_twin(t, p, index);
	return index;
}
