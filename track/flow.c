/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A flow becomes a connection when its first payload begins SSH, or when its port is SSH by
 * definition and it shows more than a handshake: payload, FIN or RST. What is left at the end, lone
 * SYNs to SSH ports for instance, becomes one then.
 */
#include "track/flow.h"
#include "track/hosts.h"

/* Segments with payload in one direction alone after which a flow is taken to be something else. */
#define NOT_SSH_ENOUGH 4

/*
 * Who ended well makes room first, then the oldest that nobody answered: established connections
 * outlast a flood. Within a list it is the one that has said nothing for longest.
 */
static void make_room_for_conn(struct track *t)
{
	static const enum list order[] = { LIST_CLOSED, LIST_HALF, LIST_ODD, LIST_OPEN };

	if (!slab_is_full(t->slab))
		return;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		uint32_t index = slab_first(t->slab, order[i]);

		if (index != NO_INDEX) {
			slot_finish_early(t, index);
			return;
		}
	}
}

_Static_assert(FLOWS_MAX > SLOTS_MAX + SLOTS_SPARE, "a full table has flows without connections");

void flow_make_room(struct track *t)
{
	uint32_t index;

	if (!table_is_full(t->table))
		return;
	index = table_oldest(t->table); /* there is one: fewer flows can have a connection */
	t->counts.evicted += table_flow(t->table, index)->state == FLOW_SMALL;
	table_remove(t->table, index);
}

static bool is_ssh_port(const struct track *t, uint16_t port)
{
	for (size_t i = 0; i < t->options.port_count; i++) {
		if (t->options.ports[i] == port)
			return true;
	}
	return false;
}

static bool is_learned(const struct track *t, const struct endpoint *end)
{
	uint32_t learned = t->learned_count < LEARNED_MAX ? t->learned_count : LEARNED_MAX;

	for (uint32_t i = 0; i < learned; i++) {
		if (endpoint_equal(&t->learned[i], end))
			return true;
	}
	return false;
}

static bool is_ssh_end(const struct track *t, const struct endpoint *end)
{
	return is_ssh_port(t, end->port) || is_learned(t, end);
}

static bool has_ssh_port(const struct track *t, const struct flow *flow)
{
	return is_ssh_port(t, flow->end[0].port) || is_ssh_port(t, flow->end[1].port);
}

/* Asked of each packet of a small flow: mostly nothing was learned. */
static bool has_ssh_end(const struct track *t, const struct flow *flow)
{
	if (has_ssh_port(t, flow))
		return true;
	return t->learned_count != 0 &&
	       (is_learned(t, &flow->end[0]) || is_learned(t, &flow->end[1]));
}

void flow_learn(struct track *t, const struct endpoint *server)
{
	if (!is_ssh_end(t, server))
		t->learned[t->learned_count++ % LEARNED_MAX] = *server;
}

/* Roles: from the SYN, else the SSH port is the server's, else the lower port is. */
static int client_of(const struct track *t, const struct flow *flow, const struct packet *first,
		     struct conn *conn)
{
	bool ssh_port[2] = { is_ssh_end(t, &flow->end[0]), is_ssh_end(t, &flow->end[1]) };

	for (uint8_t i = 0; i < flow->stubs; i++) {
		int from = (flow->stub[i].bits & STUB_FROM_SECOND) != 0 ? 1 : 0;

		if ((flow->stub[i].flags & TCP_SYN) != 0)
			return (flow->stub[i].flags & TCP_ACK) != 0 ? !from : from;
	}
	if (first != NULL && (first->tcp.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)
		return endpoint_equal(&first->src, &flow->end[0]) ? 0 : 1;
	conn->roles_guessed = ssh_port[0] == ssh_port[1];
	if (ssh_port[0] != ssh_port[1])
		return ssh_port[1] ? 0 : 1;
	return flow->end[0].port > flow->end[1].port ? 0 : 1;
}

static void catch_up(struct peer *peer, uint32_t seq)
{
	if (peer->started && seq_ahead(seq, peer->seq_next) > 0)
		peer->seq_next = seq;
}

/*
 * What came between the stubs and the first of SSH was captured, but not kept: nothing is missing
 * there. A client that said something else first speaks no SSH (RFC 4253 section 4.2); a server may
 * send other lines before its identification.
 */
static void pass_over(struct slot *slot, const struct flow *flow, int client,
		      const struct packet *first)
{
	struct conn *conn = &slot->conn;
	enum side from = endpoint_equal(&first->src, &conn->peer[CLIENT].at) ? CLIENT : SERVER;

	catch_up(&conn->peer[from], first->tcp.seq);
	if ((first->tcp.flags & TCP_ACK) != 0)
		catch_up(&conn->peer[!from], first->tcp.ack);
	slot->passed_over[CLIENT] = flow->not_ssh[client] != 0;
	slot->passed_over[SERVER] = flow->not_ssh[!client] != 0;
	if (slot->passed_over[CLIENT] && conn->peer[CLIENT].has_isn && !conn->multipath) {
		conn->ssh.half[CLIENT].not_ssh = true;
		slot->reading[CLIENT] = READING_STOPPED;
	}
}

struct slot *flow_promote(struct track *t, uint32_t flow_index, const struct packet *first)
{
	struct flow *flow = table_flow(t->table, flow_index);
	struct slot *slot;
	struct conn *conn;
	int client;

	make_room_for_conn(t);
	flow->slot = slab_take(t->slab);
	table_settle(t->table, flow_index, FLOW_CONN);
	slot = slab_slot(t->slab, flow->slot);
	slot->flow = flow_index;
	slot->learned = !has_ssh_port(t, flow);
	slot->guessed = !has_ssh_end(t, flow);
	conn = &slot->conn;
	client = client_of(t, flow, first, conn);
	conn->peer[CLIENT].at = flow->end[client];
	conn->peer[SERVER].at = flow->end[!client];
	conn->vlans = flow->vlans;
	memcpy(conn->vlan, flow->vlan, sizeof(conn->vlan));
	conn->layers = flow->layers;
	memcpy(conn->layer, flow->layer, sizeof(conn->layer));
	conn->ending_reset = -1;
	if (client != 0)
		history_turned(conn); /* end[0] sent the first packet */
	conn->first = flow->stubs != 0 ? (struct mark){ flow->stub[0].frame, flow->stub[0].input } :
					 first->mark;
	conn->first_ns = flow->stubs != 0 ? flow->stub[0].time_ns : first->time_ns;
	slot->host = hosts_place(t->hosts, &conn->peer[SERVER].at, conn->first_ns);
	slot->accepted_at_begin = hosts_connection(t->hosts, slot->host, conn);
	if (((flow->stubs != 0 ? flow->stub[0].flags : first->tcp.flags) & TCP_SYN) == 0)
		timeline_add(conn, EVENT_MIDSTREAM, FROM_CAPTURE, conn->first, conn->first_ns, 0);
	for (uint8_t i = 0; i < flow->stubs; i++) {
		struct packet p = stub_packet(flow, i);

		conn_packet(t, slot, &p);
		copy_count(conn, endpoint_equal(&p.src, &conn->peer[CLIENT].at) ? CLIENT : SERVER,
			   &p, flow->stub[i].copies);
	}
	if (first != NULL && first->kind == PACKET_SEGMENT &&
	    (flow->not_ssh[0] | flow->not_ssh[1]) != 0)
		pass_over(slot, flow, client, first);
	flow->stubs = 0; /* from here on they hold a SYN: port_reuse.c */
	return slot;
}

/* ---- the small life of a flow ---- */

/* A proxy is told what it shall do by the very first bytes. */
static bool may_be_prelude(const struct flow *flow, const struct packet *p)
{
	return flow->not_ssh[0] == 0 && flow->not_ssh[1] == 0 && ssh_prelude_may_begin(p);
}

static bool is_worth_it(const struct track *t, struct flow *flow, const struct packet *p, int from)
{
	if (p->kind == PACKET_ICMP_ERROR)
		return has_ssh_end(t, flow);
	if (p->tcp.payload_wire_len != 0 && (ssh_may_begin(p) || may_be_prelude(flow, p)))
		return true;
	if (has_ssh_end(t, flow))
		return p->tcp.payload_wire_len != 0 || flow->stubs >= FLOW_OPENING ||
		       (p->tcp.flags & (TCP_RST | TCP_FIN)) != 0;
	if (p->tcp.payload_wire_len != 0)
		flow->not_ssh[from]++;
	return false;
}

/* Asked of all stubs for each packet, so before one is played again: a copy has the same numbers. */
static bool may_be_copy(const struct stub *stub, const struct packet *p)
{
	return stub->seq == p->tcp.seq && stub->ack == p->tcp.ack && stub->flags == p->tcp.flags;
}

static bool is_copy(struct flow *flow, const struct packet *p)
{
	for (uint8_t i = 0; i < flow->stubs && p->kind == PACKET_SEGMENT; i++) {
		struct packet stub;

		if (!may_be_copy(&flow->stub[i], p))
			continue;
		stub = stub_packet(flow, i);
		if (!copy_of_stub(&stub, p))
			continue;
		if (flow->stub[i].copies < UINT8_MAX)
			flow->stub[i].copies++;
		return true;
	}
	return false;
}

/* The last place is for the end: what else comes without payload tells less. */
static bool has_room(const struct flow *flow, const struct packet *p)
{
	bool ends = (p->tcp.flags & (TCP_RST | TCP_FIN)) != 0;

	return flow->stubs < (ends ? FLOW_STUBS : FLOW_OPENING);
}

void flow_packet(struct track *t, uint32_t index, const struct packet *p)
{
	struct flow *flow = table_flow(t->table, index);
	int from = endpoint_equal(&p->src, &flow->end[0]) ? 0 : 1;

	if (is_copy(flow, p))
		return;
	if (is_worth_it(t, flow, p, from)) {
		conn_packet(t, flow_promote(t, index, p), p);
		return;
	}
	table_touch(t->table, index);
	if (p->kind == PACKET_ICMP_ERROR)
		return;
	if (p->tcp.payload_wire_len == 0 && has_room(flow, p))
		stub_keep(flow, p, from == 1);
	if ((flow->not_ssh[0] != 0 && flow->not_ssh[1] != 0) ||
	    flow->not_ssh[from] >= NOT_SSH_ENOUGH)
		table_settle(t->table, index, FLOW_OTHER);
}

uint32_t flow_begin(struct track *t, const struct packet *p)
{
	uint32_t index;

	flow_make_room(t);
	t->counts.flows++;
	index = table_add(t->table, p);
	newcomer_keep(t, index, p);
	return index;
}

bool flow_is_waiting(const struct track *t, const struct flow *flow)
{
	return flow->state == FLOW_SMALL && flow->stubs != 0 && has_ssh_end(t, flow);
}
