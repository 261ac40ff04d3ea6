/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Time that no packet tells. A file ends, and what is open then is judged; a live capture goes on for
 * months. So whoever lingers is finished by the clock, too, and silence is an ending when it has lasted
 * longer than any stack goes on asking.
 */
#include "track/flow.h"

/*
 * The longest pause within retransmissions is 120 s: RFC 6298 section 2.5 allows a bound of no less than
 * 60 s, Linux has 120 s (TCP_RTO_MAX). After more than two of these nobody asks any more.
 */
#define GIVE_UP_NS (300 * NS_PER_S)

/* Linux sends seven SYNs and gives up after 127 s (tcp_syn_retries), others sooner. */
#define GIVE_UP_ASKING_NS (180 * NS_PER_S)

/* A look at all connections is not for each tick. */
#define LOOK_EVERY_NS (5 * NS_PER_S)
/* Time is told several times a second; a link that is never silent for so long is a flood. */
#define JUMP_NS (30 * NS_PER_S)
/* Flows looked at in one go: of a full table, all in a minute and a half of such looks. */
#define FLOWS_AT_ONCE 16384

/* Whether silence is an ending now: asked of a copy, as to ask is to settle it. */
static bool is_silent_for_good(const struct slot *slot)
{
	struct conn conn = slot->conn;

	ending_at_last(&conn);
	return conn.end.ending != ENDING_open;
}

/* Of a list that is in the order of the last segments. */
static void give_up_silent(struct track *t, enum list list)
{
	uint32_t index = slab_first(t->slab, list), next;

	for (; index != NO_INDEX; index = next) {
		struct slot *slot = slab_slot(t->slab, index);

		if (t->now_ns - slot->listed_ns < GIVE_UP_NS)
			return;
		next = slot->next;
		if (!is_silent_for_good(slot))
			continue;
		/* One that begins another needs a slot: the rest waits until these are handed on. */
		if (flow_finish(t, slot->flow) != NO_INDEX || slab_is_full(t->slab))
			return;
	}
}

/* To a port that is asked for SSH, and no stub but its SYNs. */
static bool asks_in_vain(const struct track *t, const struct flow *flow)
{
	const int64_t since_ns = t->now_ns - t->behind_ns - flow->stub[0].time_ns;

	if (!flow_is_waiting(t, flow) || since_ns < GIVE_UP_ASKING_NS)
		return false;
	for (uint8_t i = 0; i < flow->stubs; i++) {
		if ((flow->stub[i].flags & (TCP_SYN | TCP_ACK)) != TCP_SYN ||
		    (flow->stub[i].bits & STUB_FROM_SECOND) != 0)
			return false;
	}
	return true;
}

static void give_up_asking(struct track *t)
{
	for (uint32_t i = 0; i < FLOWS_AT_ONCE && !slab_is_full(t->slab); i++) {
		t->asked_at = table_next(t->table, t->asked_at);
		if (t->asked_at == NO_INDEX)
			return;
		if (!asks_in_vain(t, table_flow(t->table, t->asked_at)))
			continue;
		flow_promote(t, t->asked_at, NULL);
		flow_finish(t, t->asked_at);
	}
}

/*
 * A clock that was set, or a machine that slept: in that time nobody asked, so it does not count. Who
 * does ask is heard within the next minutes.
 */
static bool has_jumped(struct track *t)
{
	const bool jumped = t->told_ns != INT64_MIN && t->now_ns - t->told_ns > JUMP_NS;

	t->told_ns = t->now_ns;
	return jumped;
}

void track_time(struct track *t, int64_t now_ns)
{
	if (now_ns > t->now_ns)
		t->now_ns = now_ns;
	finish_lingering(t);
	if (has_jumped(t))
		t->look_ns = t->now_ns + GIVE_UP_NS;
	if (t->now_ns < t->look_ns)
		return;
	t->look_ns = t->now_ns + LOOK_EVERY_NS;
	give_up_silent(t, LIST_HALF);
	give_up_silent(t, LIST_OPEN);
	give_up_asking(t);
}
