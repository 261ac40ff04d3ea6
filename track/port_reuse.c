/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A SYN on ports that are in use: a new connection, or a forgery that must not split the old one.
 *
 * RFC 5961 section 4: a host with a living connection answers any SYN on its ports by a challenge
 * ACK and goes on. So does Linux, but in TIME_WAIT. A SYN into a living connection is therefore held
 * (as the stub of a flow, whose own are played by then) until something shows that it was real: it is
 * answered by SYN-ACK, it is repeated while nobody speaks, or, where the answers are not captured, its
 * sender goes on from it. When the sender is a host that lost the connection, it answers the challenge
 * with a reset: then the connection has ended, and the next SYN is a new one.
 *
 * A reset that refuses the SYN is held beside it. Its host has no connection, or it is from a device on
 * the path that refuses what others forge: which, is told by either end going on with the old one. When
 * neither does until that is judged, the refused SYN is a connection of its own.
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

/* What stands in the stubs of a flow that has a connection. */
enum { HELD_SYN, HELD_REFUSAL, HELD_MAX };

static bool is_held(const struct flow *flow)
{
	return flow->state == FLOW_CONN && flow->stubs != 0;
}

static bool is_refused(const struct flow *flow)
{
	return flow->state == FLOW_CONN && flow->stubs > HELD_REFUSAL;
}

static bool answers_syn(uint32_t isn, const struct packet *p)
{
	return p->tcp.ack != isn && p->tcp.ack - (isn + 1) <= SYN_PAYLOAD_MAX;
}

/* RFC 9293 section 3.10.7.1: its own number is 0, not what the connection has come to. */
bool reset_refuses_stray(const struct slot *slot, enum side from, const struct packet *p)
{
	return slot->has_stray[!from] &&
	       (p->tcp.flags & (TCP_SYN | TCP_RST | TCP_ACK)) == (TCP_RST | TCP_ACK) &&
	       answers_syn(slot->stray_isn[!from], p) &&
	       p->tcp.seq != slot->conn.peer[from].seq_next;
}

static int end_of(const struct flow *flow, const struct packet *p)
{
	return endpoint_equal(&p->src, &flow->end[0]) ? 0 : 1;
}

/* Which end of the flow sent it. */
static int stub_end(const struct stub *stub)
{
	return (stub->bits & STUB_FROM_SECOND) != 0 ? 1 : 0;
}

/* Does this segment show that the SYN in hold was real? */
static bool settles(const struct flow *flow, const struct conn *conn, const struct packet *p)
{
	const struct stub *syn = &flow->stub[HELD_SYN];
	bool from_sender = end_of(flow, p) == stub_end(syn);
	uint32_t next = syn->seq + 1;

	if (!from_sender)
		return (p->tcp.flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK) &&
		       answers_syn(syn->seq, p);
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

/* The SYN behind its own answer: the capturing host noted them in the wrong order. */
static bool is_answered_before(const struct flow *flow, const struct packet *p)
{
	for (uint8_t i = 0; i < flow->stubs; i++) {
		const struct stub *s = &flow->stub[i];

		if ((s->flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK) &&
		    s->ack == p->tcp.seq + 1)
			return true;
	}
	return false;
}

/* A flow that is still small: one to an SSH port with a handshake is worth the whole care. */
static bool small_is_reused(struct track *t, uint32_t index, const struct packet *p)
{
	struct flow *flow = table_flow(t->table, index);
	bool answered = false;

	if (flow->state != FLOW_SMALL || flow->stubs == 0)
		return true;
	if (flow->stub[0].seq == p->tcp.seq || opens_at_once(flow, p) ||
	    is_answered_before(flow, p))
		return false;
	for (uint8_t i = 1; i < flow->stubs; i++)
		answered |= flow->stub[i].bits != 0 &&
			    ((flow->stub[i].bits ^ flow->stub[0].bits) & STUB_FROM_SECOND) != 0;
	if (!answered || !flow_is_waiting(t, flow))
		return true;
	flow_promote(t, index, p);
	return false;
}

/*
 * The SYN's claimed sender goes on with the old connection; or who refused the SYN does, and that is
 * no host without a connection.
 */
static bool disproves(const struct flow *flow, const struct packet *p)
{
	bool from_sender = end_of(flow, p) == stub_end(&flow->stub[HELD_SYN]);

	return (p->tcp.flags & TCP_RST) == 0 && (from_sender || is_refused(flow));
}

/* Keeps in hold what belongs there. */
static void hold(struct flow *flow, const struct slot *slot, enum side side, const struct packet *p)
{
	if (syn_is_stray(&slot->conn, side, p)) {
		flow->stubs = HELD_SYN;
		stub_keep(flow, p, end_of(flow, p) == 1);
	} else if (is_held(flow) && reset_refuses_stray(slot, side, p)) {
		flow->stubs = HELD_REFUSAL;
		stub_keep(flow, p, end_of(flow, p) == 1);
	} else if (is_held(flow) && disproves(flow, p)) {
		flow->stubs = 0;
	}
}

bool flow_is_reused(struct track *t, uint32_t index, const struct packet *p)
{
	struct flow *flow = table_flow(t->table, index);
	const struct slot *slot;
	const struct conn *conn;
	enum side side;

	if (p->kind != PACKET_SEGMENT)
		return false;
	/* Nothing is asked for, and nothing is in hold that this could settle. */
	if ((p->tcp.flags & TCP_SYN) == 0 && !is_held(flow))
		return false;
	if (flow->state != FLOW_CONN && is_syn(p) && small_is_reused(t, index, p))
		return true;
	if (flow->state != FLOW_CONN)
		return false;
	slot = slab_slot(t->slab, flow->slot);
	conn = &slot->conn;
	side = side_of(conn, p);
	if (is_held(flow) && settles(flow, conn, p))
		return true;
	hold(flow, slot, side, p);
	if (syn_is_stray(conn, side, p))
		return false;
	/* From the server's end it is a simultaneous open (RFC 9293 section 3.5). */
	return is_syn(p) && (side == CLIENT || conn->roles_guessed) &&
	       !is_own(&conn->peer[side], p);
}

/* What was in hold, as it came; it counted for the old connection until now. */
static uint8_t take_held(const struct flow *flow, struct conn *conn, struct packet held[HELD_MAX])
{
	for (uint8_t i = 0; i < flow->stubs; i++) {
		struct packet *p = &held[i];

		*p = stub_packet(flow, i);
		p->vlans = flow->vlans;
		memcpy(p->vlan, flow->vlan, sizeof(p->vlan));
		p->tunnel = flow->tunnel;
		p->layers = flow->layers;
		memcpy(p->layer, flow->layer, sizeof(p->layer));
		conn->peer[side_of(conn, p)].packets--;
	}
	return flow->stubs;
}

/* The connection ends here, and what was in hold begins another; first: the packet that does if none was. */
static uint32_t begin_anew(struct track *t, uint32_t index, const struct packet *first)
{
	struct flow *flow = table_flow(t->table, index);
	uint32_t slot = flow->slot;
	struct packet held[HELD_MAX];
	uint8_t count = 0;

	if (slot != NO_INDEX) {
		struct conn *conn = &slab_slot(t->slab, slot)->conn;

		count = take_held(flow, conn, held);
		if (count != 0)
			first = &held[HELD_SYN];
		conn->port_reused = true;
		timeline_add(conn, EVENT_PORT_REUSED,
			     side_of(conn, first) == CLIENT ? FROM_CLIENT : FROM_SERVER,
			     first->mark, first->time_ns, 0);
		slot_finish(t, slot);
	}
	table_remove(t->table, index);
	index = flow_begin(t, first);
	for (uint8_t i = 0; i < count; i++)
		flow_packet(t, index, &held[i]);
	return index;
}

uint32_t flow_reuse(struct track *t, uint32_t index, const struct packet *p)
{
	if (flow_is_waiting(t, table_flow(t->table, index)))
		flow_promote(t, index, p);
	return begin_anew(t, index, p);
}

uint32_t flow_finish(struct track *t, uint32_t index)
{
	const struct flow *flow = table_flow(t->table, index);

	if (is_refused(flow))
		return begin_anew(t, index, NULL);
	slot_finish(t, flow->slot);
	return NO_INDEX;
}
