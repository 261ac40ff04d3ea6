/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The lists that connections pass through: open ones by their last segment, ended ones by their end,
 * until they have lingered long enough to be judged.
 */
#include "track/flow.h"

/* Retransmitted FINs and last acknowledgments of an orderly close come within seconds. */
#define LINGER_CLOSED_NS (5 * NS_PER_S)

/* Data after a reset, and what the next connection to that server meets, is evidence. */
#define LINGER_ODD_NS (60 * NS_PER_S)

static void due_at(struct track *t, int64_t time_ns)
{
	if (time_ns < t->due_ns)
		t->due_ns = time_ns;
}

static void finish_list(struct track *t, enum list list, int64_t linger_ns)
{
	uint32_t index;

	/* One that begins another is the last for now: SLOTS_SPARE. */
	while ((index = slab_first(t->slab, list)) != NO_INDEX &&
	       t->now_ns - slab_slot(t->slab, index)->listed_ns >= linger_ns)
		if (flow_finish(t, slab_slot(t->slab, index)->flow) != NO_INDEX) {
			due_at(t, t->now_ns);
			return;
		}
	if (index != NO_INDEX)
		due_at(t, slab_slot(t->slab, index)->listed_ns + linger_ns);
}

/* Most packets come before the next is due: only that is asked of each. */
void finish_lingering(struct track *t)
{
	if (t->now_ns < t->due_ns)
		return;
	t->due_ns = INT64_MAX;
	finish_list(t, LIST_CLOSED, LINGER_CLOSED_NS);
	finish_list(t, LIST_ODD, LINGER_ODD_NS);
}

void relist(struct track *t, struct slot *slot)
{
	const struct conn *conn = &slot->conn;
	enum list list = LIST_ODD;

	if (conn->end.ending == ENDING_open)
		list = conn->peer[CLIENT].bytes != 0 && conn->peer[SERVER].bytes != 0 ? LIST_OPEN :
											LIST_HALF;
	else if (ending_is_orderly(conn) && !ending_is_unasked(conn))
		list = LIST_CLOSED;
	if (conn->end.ending == ENDING_open || list != slot->list) {
		slot->listed_ns = t->now_ns;
		slab_move(t->slab, slab_index(t->slab, slot), list);
		if (conn->end.ending != ENDING_open)
			due_at(t, t->now_ns + LINGER_CLOSED_NS); /* the shorter one */
	}
}
