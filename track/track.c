/* SPDX-License-Identifier: BSD-3-Clause */
/* From packets to finished connections: the door. How long one lingers is in linger.c. */
#include "track/track.h"
#include "track/hosts.h"

#include <stdlib.h>

#include "base/die.h"
#include "track/flow.h"

struct track *track_new(const struct track_options *options)
{
	struct track *t = xcalloc(1, sizeof(*t));

	t->options = *options;
	t->table = table_new();
	t->slab = slab_new();
	t->hosts = hosts_new();
	t->now_ns = INT64_MIN;
	t->due_ns = INT64_MAX;
	t->told_ns = t->look_ns = INT64_MIN;
	t->asked_at = NO_INDEX;
	return t;
}

void track_free(struct track *t)
{
	table_free(t->table);
	slab_free(t->slab);
	hosts_free(t->hosts);
	free(t->leftover);
	free(t);
}

struct track_counts track_counts(const struct track *t)
{
	return t->counts;
}

struct clear_text *clear_text_take(struct track *t)
{
	struct clear_text *text = slab_clear_text(t->slab);

	t->counts.unread += text == NULL;
	return text;
}

void clear_text_give_back(struct track *t, struct clear_text *text)
{
	slab_clear_text_back(t->slab, text);
}

/* ---- finishing ---- */

/* A port may be shared (sslh): without -p, what does not speak SSH there is not our business. */
static bool is_foreign(const struct slot *slot)
{
	return slot->learned && !slot->conn.ssh.recognised &&
	       (slot->guessed || slot->conn.ssh.half[CLIENT].not_ssh);
}

/* What is still open may have ended in silence. */
static void slot_end(struct track *t, struct slot *slot)
{
	bool was_open = slot->conn.end.ending == ENDING_open;

	if (slot->is_over)
		return;
	slot->is_over = true;
	ending_at_last(&slot->conn);
	if (was_open)
		hosts_ended(t->hosts, slot->host, &slot->conn);
}

void slot_finish(struct track *t, uint32_t index)
{
	struct slot *slot = slab_slot(t->slab, index);

	slot_end(t, slot);
	hosts_teach(t->hosts, slot->host, slot->accepted_at_begin, &slot->conn);
	if (slot->conn.end.ending == ENDING_open && !slot->conn.port_reused &&
	    !slot->conn.judged_early)
		timeline_add(&slot->conn, EVENT_CAPTURE_END, FROM_CAPTURE, slot->conn.last,
			     slot->conn.last_ns, 0);
	if (slot->flow != NO_INDEX) {
		struct flow *flow = table_flow(t->table, slot->flow);

		flow->slot = NO_INDEX;
		table_settle(t->table, slot->flow, FLOW_DONE);
		slot->flow = NO_INDEX;
	}
	if (is_foreign(slot))
		slab_release(t->slab, index);
	else
		slab_move(t->slab, index, LIST_FINISHED);
}

void slot_finish_early(struct track *t, uint32_t index)
{
	slab_slot(t->slab, index)->conn.judged_early = true;
	t->counts.judged_early++;
	slot_finish(t, index);
}

/* ---- packets ---- */

void conn_packet(struct track *t, struct slot *slot, const struct packet *p)
{
	struct conn *conn = &slot->conn;
	bool was_open = conn->end.ending == ENDING_open;
	bool was_complete = conn->handshake == HANDSHAKE_COMPLETE;
	bool was_recognised = conn->ssh.recognised;
	bool had_key = conn->ssh.host_key_mark.number != 0;
	bool had_name = conn->ssh.half[SERVER].identification.len != 0;
	bool accepted;

	if (p->kind == PACKET_ICMP_ERROR) {
		icmp_error_seen(
			slot, endpoint_equal(&p->src, &conn->peer[CLIENT].at) ? CLIENT : SERVER, p);
		hosts_icmp(t->hosts, slot->host, conn);
		return;
	}
	segment_seen(t, slot, p);
	accepted = !was_complete && conn->handshake == HANDSHAKE_COMPLETE;
	hosts_segment(t->hosts, slot->host, conn, accepted);
	if ((p->tcp.flags & TCP_SYN) != 0)
		hosts_syn(t->hosts, slot->host, conn);
	if (accepted || had_key != (conn->ssh.host_key_mark.number != 0) ||
	    had_name != (conn->ssh.half[SERVER].identification.len != 0))
		hosts_look(t->hosts, slot->host, conn);
	if (!was_recognised && conn->ssh.recognised && !conn->roles_guessed &&
	    !ssh_is_proxied(&conn->ssh)) /* a proxy serves all kinds of protocols */
		flow_learn(t, &conn->peer[SERVER].at);
	if (was_open && conn->end.ending != ENDING_open)
		hosts_ended(t->hosts, slot->host, conn);
	if (ssh_prelude_failed(slot) && is_foreign(slot))
		slot_finish(t, slab_index(t->slab, slot)); /* makes room: proxies are busy */
	else
		relist(t, slot);
}

void track_packet(struct track *t, const struct packet *p)
{
	struct flow *flow;
	uint32_t index;
	if (p->time_ns > t->now_ns)
		t->now_ns = p->time_ns;
	t->behind_ns = t->now_ns - p->time_ns;
	finish_lingering(t);
	index = flow_find(t, p);
	if (index == NO_INDEX && p->kind == PACKET_ICMP_ERROR)
		return; /* about nothing that was seen */
	if (index == NO_INDEX)
		index = flow_begin(t, p);
	else if (flow_is_reused(t, index, p))
		index = flow_reuse(t, index, p);
	flow = table_flow(t->table, index);
	if (flow->state == FLOW_CONN)
		conn_packet(t, slab_slot(t->slab, flow->slot), p);
	else if (flow->state == FLOW_SMALL)
		flow_packet(t, index, p);
	else
		table_touch(t->table, index);
}

/* ---- the end ---- */

static int compare_leftovers(const void *a, const void *b)
{
	const struct leftover *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	if (x->mark.input != y->mark.input)
		return x->mark.input < y->mark.input ? -1 : 1;
	return (x->mark.number > y->mark.number) - (x->mark.number < y->mark.number);
}

static struct leftover leftover_of(struct track *t, uint32_t index)
{
	const struct flow *flow = table_flow(t->table, index);

	if (flow->state == FLOW_CONN) {
		const struct conn *conn = &slab_slot(t->slab, flow->slot)->conn;

		return (struct leftover){ conn->first_ns, conn->first, index };
	}
	return (struct leftover){ flow->stub[0].time_ns,
				  { flow->stub[0].frame, flow->stub[0].input },
				  index };
}

/* Asked again and again, and never answered: what this teaches must not come too late. */
static bool only_asks(const struct flow *flow)
{
	for (uint8_t i = 0; i < FLOW_OPENING; i++) {
		if (i >= flow->stubs || (flow->stub[i].flags & (TCP_SYN | TCP_ACK)) != TCP_SYN ||
		    (flow->stub[i].bits & STUB_FROM_SECOND) != 0)
			return false;
	}
	return true;
}

/* Each learns from all others: their ends come first, then the first of them is handed on. */
static void end_leftovers(struct track *t)
{
	for (uint32_t i = 0; i < t->leftovers; i++) {
		const struct flow *flow = table_flow(t->table, t->leftover[i].flow);

		if (flow->state == FLOW_SMALL && only_asks(flow) && !slab_is_full(t->slab))
			flow_promote(t, t->leftover[i].flow, NULL);
		if (flow->state == FLOW_CONN)
			slot_end(t, slab_slot(t->slab, flow->slot));
	}
}

void track_end(struct track *t)
{
	uint32_t at = NO_INDEX;

	t->leftover = xcalloc(FLOWS_MAX, sizeof(*t->leftover)); /* touched as they are used */
	while ((at = table_next(t->table, at)) != NO_INDEX) {
		const struct flow *flow = table_flow(t->table, at);

		if (flow->state == FLOW_CONN || flow_is_waiting(t, flow))
			t->leftover[t->leftovers++] = leftover_of(t, at);
	}
	qsort(t->leftover, t->leftovers, sizeof(*t->leftover), compare_leftovers);
	end_leftovers(t);
}

uint64_t track_hurry(struct track *t)
{
	uint32_t kept = t->leftover_at;
	uint64_t left_out;

	for (uint32_t i = t->leftover_at; i < t->leftovers; i++) {
		if (table_flow(t->table, t->leftover[i].flow)->state == FLOW_CONN)
			t->leftover[kept++] = t->leftover[i];
	}
	left_out = t->leftovers - kept;
	t->leftovers = kept;
	t->counts.evicted += left_out;
	return left_out;
}

static void finish_leftover(struct track *t)
{
	uint32_t index = t->leftover[t->leftover_at++].flow;

	/* Twice, when a refused SYN was in hold. */
	while (index != NO_INDEX) {
		if (flow_is_waiting(t, table_flow(t->table, index)))
			flow_promote(t, index, NULL);
		index = table_flow(t->table, index)->state == FLOW_CONN ? flow_finish(t, index) :
									  NO_INDEX;
	}
}

const struct conn *track_finished(struct track *t)
{
	uint32_t index = slab_first(t->slab, LIST_FINISHED);
	struct conn *conn;

	while (index == NO_INDEX && t->leftover_at < t->leftovers) {
		finish_leftover(t);
		index = slab_first(t->slab, LIST_FINISHED);
	}
	if (index == NO_INDEX)
		return NULL;
	conn = &slab_slot(t->slab, index)->conn;
	if (conn->id == 0)
		conn->id = ++t->handed_on;
	return conn;
}

void conn_release(struct track *t, const struct conn *conn)
{
	/* The slot begins with its connection, and it is ours to change. */
	slab_release(t->slab, slab_index(t->slab, (const struct slot *)conn));
}
