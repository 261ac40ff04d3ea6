/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The same packet twice: captured on all interfaces of a router or bridge, at both ends of a bond, from
 * a mirror port that mirrors both directions, inside and outside of a tunnel. A copy says nothing new:
 * it is no retransmission, no repeated acknowledgment and no second reset.
 *
 * A sender that repeats itself takes a new IPv4 identification and, a millisecond later, a new
 * timestamp; it also has to wait, for its timer or for answers. Where there is no identification, or a
 * constant one, a segment without payload looks like the next of its kind: such a one is a copy only
 * when much of the connection comes twice.
 *
 * Of two copies the first counts: it is nearest to its sender. So TTLs are compared at one place, and
 * a router between two captured interfaces does not widen their range.
 */
#include "track/inside.h"

/* Two interfaces of a host, two ports of a switch: less than this apart. No timer is as short. */
#define COPY_US 10000
/* Without an identification: before any answer can have provoked a retransmission. */
#define COPY_UNSURE_US 1000

static uint32_t mixed(uint32_t hash, uint32_t value)
{
	hash = (hash ^ value) * 0x9e3779b1u; /* Knuth's multiplier: spreads, keeps no secret */
	return hash ^ hash >> 15;
}

/*
 * What a router leaves alone, but for what is compared as it is, and for the echoed timestamp, for which
 * a stub has no room.
 */
static uint32_t rest_of(const struct packet *p)
{
	uint32_t rest = mixed(p->has_ip_id ? p->ip_id : 0, p->tcp.ack);

	rest = mixed(rest, p->tcp.window);
	rest = mixed(rest, p->tcp.has_timestamps ? p->tcp.tsval : 0);
	for (uint8_t i = 0; i < p->tcp.sacks; i++)
		rest = mixed(mixed(rest, p->tcp.sack[i][0]), p->tcp.sack[i][1]);
	return rest;
}

struct print print_of(const struct packet *p)
{
	return (struct print){
		.seq = p->tcp.seq,
		.len = (uint16_t)p->tcp.payload_wire_len,
		.rest = rest_of(p),
		.time_us = (uint32_t)(p->time_ns / NS_PER_US),
		.flags = p->tcp.flags,
		.ttl = p->ttl,
	};
}

static bool is_same(const struct print *a, const struct print *b)
{
	int hops = a->ttl - b->ttl;

	/* Routed between two captured interfaces: one hop. */
	return a->seq == b->seq && a->flags == b->flags && a->len == b->len && a->rest == b->rest &&
	       hops >= -1 && hops <= 1;
}

/* One in four frames: where both interfaces see all, it is one in two. */
static bool mostly_twice(const struct conn *conn)
{
	return 4 * (uint64_t)conn->copies >=
	       conn->peer[CLIENT].packets + conn->peer[SERVER].packets;
}

/* Some give all their segments one identification: it tells nothing then. */
static bool has_own_id(const struct peer *peer, const struct packet *p)
{
	return p->has_ip_id && p->ip_id != 0 &&
	       (peer->ttl_samples < 2 || peer->recent[0].ip_id != p->ip_id ||
		peer->recent[1].ip_id != p->ip_id);
}

/* How far apart copies of this packet may be, in microseconds. */
static uint32_t reach_of(const struct conn *conn, enum side side, const struct packet *p)
{
	int64_t rtt_us =
		(conn->peer[CLIENT].rtt_min_ns + conn->peer[SERVER].rtt_min_ns) / NS_PER_US;
	bool has_id = has_own_id(&conn->peer[side], p);

	/* Devices that forge resets send several alike, to be sure. */
	if ((p->tcp.flags & TCP_RST) != 0 && !mostly_twice(conn))
		return 0;
	if (has_id || (p->tcp.flags & TCP_SYN) != 0)
		return COPY_US;
	if (p->tcp.payload_wire_len == 0 && !mostly_twice(conn))
		return 0;
	return rtt_us != 0 && rtt_us < COPY_UNSURE_US ? (uint32_t)rtt_us : COPY_UNSURE_US;
}

/* Asked of few packets: most are like none before. */
static bool is_near(const struct conn *conn, enum side side, const struct packet *p,
		    int32_t apart_us)
{
	int32_t reach_us = (int32_t)reach_of(conn, side, p);

	return apart_us < reach_us && apart_us > -reach_us;
}

/* Differs for nearly all prints that do; that of an empty one is zero, as its place is. */
static uint32_t mark_of(const struct print *print)
{
	return print->rest ^ print->seq;
}

/* All at once: no branch, and a number rather than a bool, so that the compiler compares four at a time. */
static bool has_mark(const struct prints *prints, uint32_t mark)
{
	uint32_t has = 0;

	for (size_t i = 0; i < PRINTS; i++)
		has |= prints->mark[i] == mark ? 1 : 0;
	return has != 0;
}

static bool has_copy(const struct slot *slot, enum side side, const struct packet *p,
		     const struct print *print)
{
	for (size_t i = 0; i < PRINTS; i++) {
		const struct print *before = &slot->prints[side].print[i];

		if (is_same(before, print) &&
		    is_near(&slot->conn, side, p, seq_ahead(print->time_us, before->time_us)))
			return true;
	}
	return false;
}

bool copy_is(struct slot *slot, enum side side, const struct packet *p)
{
	struct prints *prints = &slot->prints[side];
	struct print print = print_of(p);
	uint32_t mark = mark_of(&print);

	if (has_mark(prints, mark) && has_copy(slot, side, p, &print))
		return true;
	prints->mark[prints->next] = mark;
	prints->print[prints->next] = print;
	prints->next = (uint8_t)((prints->next + 1) % PRINTS);
	return false;
}

void copy_count(struct conn *conn, enum side side, const struct packet *p, uint32_t count)
{
	if (count == 0)
		return;
	conn->peer[side].packets += count;
	if (conn->copies == 0)
		timeline_add(conn, EVENT_COPY, FROM_CAPTURE, p->mark, p->time_ns, 0);
	conn->copies += count;
}

bool print_is_copy(const struct print *a, const struct print *b)
{
	int32_t apart_us = seq_ahead(b->time_us, a->time_us);

	return is_same(a, b) && apart_us > -COPY_US && apart_us < COPY_US;
}

/* Before there is a connection: of the stubs of a flow. */
bool copy_of_stub(const struct packet *stub, const struct packet *p)
{
	struct print a = print_of(stub), b = print_of(p);
	bool sure = (p->has_ip_id && p->ip_id != 0) || (p->tcp.flags & TCP_SYN) != 0;

	return sure && print_is_copy(&a, &b) && endpoint_equal(&stub->src, &p->src);
}
