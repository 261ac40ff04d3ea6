/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A SYN on ports that are in use: a new connection, or a forgery that must not split the old one.
 *
 * RFC 5961 section 4: a host with a living connection answers any SYN on its ports by a challenge
 * ACK and goes on. So does Linux, but in TIME_WAIT. A SYN into a living connection is therefore held
 * (as the stub of a flow, whose own are played by then) until something shows that it was real: it is
 * answered by SYN-ACK or RST, it is repeated while nobody speaks, or, where the answers are not
 * captured, its sender goes on from it. When the sender is a host that lost the connection, it
 * answers the challenge with a reset: then the connection has ended, and the next SYN is a new one.
 */
#include "track/flow.h"

/* The shortest timer of RFC 6298 that is in use for a SYN is 1 s; copies of one come sooner. */
#define SYN_REPEAT_NS (NS_PER_S / 2)

/* RFC 7413: what is acknowledged with a SYN may hold as much payload as fits into one segment. */
#define SYN_PAYLOAD_MAX 65536

static bool is_syn(const struct packet *p)
{
	return (p->tcp.flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
}

static enum side side_of(const struct conn *conn, const struct packet *p)
{
	return endpoint_equal(&p->src, &conn->peer[CLIENT].at) ? CLIENT : SERVER;
}

/* Both ends have it, as far as is seen: with one direction, its sender knew the other's number. */
static bool is_alive(const struct conn *conn)
{
	const struct peer *client = &conn->peer[CLIENT], *server = &conn->peer[SERVER];
	bool fins = client->fin.number != 0 && server->fin.number != 0;

	if (conn->end.ending != ENDING_open && (conn->end.ending != ENDING_closed || fins))
		return false;
	if (client->packets == 0 || server->packets == 0)
		return client->has_acked || server->has_acked;
	return true;
}

/* The SYN that began it, again, or captured behind what came after it. */
static bool is_own(const struct peer *peer, const struct packet *p)
{
	if (peer->has_isn)
		return peer->isn == p->tcp.seq;
	return peer->seq_next - p->tcp.seq - 1 == (uint32_t)peer->bytes;
}

bool syn_is_stray(const struct conn *conn, enum side side, const struct packet *p)
{
	return is_syn(p) && is_alive(conn) && !is_own(&conn->peer[side], p);
}

static bool is_held(const struct flow *flow)
{
	return flow->state == FLOW_CONN && flow->stubs != 0;
}

static int end_of(const struct flow *flow, const struct packet *p)
{
	return endpoint_equal(&p->src, &flow->end[0]) ? 0 : 1;
}

/* Does this segment show that the SYN in hold was real? */
static bool settles(const struct flow *flow, const struct conn *conn, const struct packet *p)
{
	const struct stub *syn = &flow->stub[0];
	bool from_sender = end_of(flow, p) == ((syn->bits & STUB_FROM_SECOND) != 0 ? 1 : 0);
	uint32_t next = syn->seq + 1;

	if (!from_sender)
		return (p->tcp.flags & TCP_ACK) != 0 && (p->tcp.flags & (TCP_SYN | TCP_RST)) != 0 &&
		       p->tcp.ack != syn->seq && p->tcp.ack - next <= SYN_PAYLOAD_MAX;
	if (is_syn(p))
		return p->tcp.seq == syn->seq && p->time_ns - syn->time_ns >= SYN_REPEAT_NS &&
		       conn->last_ns <= syn->time_ns;
	return conn->peer[!side_of(conn, p)].packets == 0 && p->tcp.seq == next;
}

/* RFC 9293 section 3.5: both ends ask, neither has answered. */
static bool opens_at_once(const struct flow *flow, const struct packet *p)
{
	return flow->stubs == 1 && (flow->stub[0].flags & (TCP_SYN | TCP_ACK)) == TCP_SYN &&
	       end_of(flow, p) == 1;
}

/* A flow that is still small: one to an SSH port with a handshake is worth the whole care. */
static bool small_is_reused(struct track *t, uint32_t index, const struct packet *p)
{
	struct flow *flow = table_flow(t->table, index);
	bool answered = false;

	if (flow->state != FLOW_SMALL || flow->stubs == 0)
		return true;
	if (flow->stub[0].seq == p->tcp.seq || opens_at_once(flow, p))
		return false;
	for (uint8_t i = 1; i < flow->stubs; i++)
		answered |= flow->stub[i].bits != 0 &&
			    ((flow->stub[i].bits ^ flow->stub[0].bits) & STUB_FROM_SECOND) != 0;
	if (!answered || !flow_is_waiting(t, flow))
		return true;
	flow_promote(t, index, p);
	return false;
}

bool flow_is_reused(struct track *t, uint32_t index, const struct packet *p)
{
	struct flow *flow = table_flow(t->table, index);
	const struct conn *conn;
	enum side side;

	if (p->kind != PACKET_SEGMENT)
		return false;
	if (flow->state != FLOW_CONN && is_syn(p) && small_is_reused(t, index, p))
		return true;
	if (flow->state != FLOW_CONN)
		return false;
	conn = &slab_slot(t->slab, flow->slot)->conn;
	side = side_of(conn, p);
	if (is_held(flow) && settles(flow, conn, p))
		return true;
	if (syn_is_stray(conn, side, p)) {
		flow->stubs = 0;
		stub_keep(flow, p, end_of(flow, p) == 1);
		return false;
	}
	if (is_held(flow) && (p->tcp.flags & TCP_RST) == 0 &&
	    end_of(flow, p) == ((flow->stub[0].bits & STUB_FROM_SECOND) != 0 ? 1 : 0))
		flow->stubs = 0; /* its claimed sender goes on with the old connection */
	/* From the server's end it is a simultaneous open (RFC 9293 section 3.5). */
	return is_syn(p) && (side == CLIENT || conn->roles_guessed) &&
	       !is_own(&conn->peer[side], p);
}

/* The SYN in hold as it came; it counted for the old connection until now. */
static struct packet take_held(const struct flow *flow, struct conn *conn, const struct packet *p)
{
	struct packet syn = stub_packet(flow, 0);

	syn.vlans = p->vlans;
	memcpy(syn.vlan, p->vlan, sizeof(syn.vlan));
	syn.tunnel = p->tunnel;
	syn.layers = p->layers;
	memcpy(syn.layer, p->layer, sizeof(syn.layer));
	conn->peer[side_of(conn, &syn)].packets--;
	return syn;
}

uint32_t flow_reuse(struct track *t, uint32_t index, const struct packet *p)
{
	struct flow *flow = table_flow(t->table, index);
	bool held = is_held(flow);
	uint32_t slot = flow->slot;
	struct packet syn = *p;

	if (flow_is_waiting(t, flow))
		slot = slab_index(t->slab, flow_promote(t, index, p));
	if (slot != NO_INDEX) {
		struct conn *conn = &slab_slot(t->slab, slot)->conn;

		if (held)
			syn = take_held(flow, conn, p);
		conn->port_reused = true;
		timeline_add(conn, EVENT_PORT_REUSED,
			     side_of(conn, &syn) == CLIENT ? FROM_CLIENT : FROM_SERVER, syn.mark,
			     syn.time_ns, 0);
		slot_finish(t, slot);
	}
	table_remove(t->table, index);
	index = flow_begin(t, &syn);
	if (held)
		flow_packet(t, index, &syn);
	return index;
}
