/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "track/inside.h"

static struct conn conn;

static void add(enum event_kind kind, enum event_from from, uint32_t frame, uint32_t arg)
{
	timeline_add(&conn, kind, from, (struct mark){ frame, 0 }, (int64_t)frame * 1000, arg);
}

/* Events that do not fold. */
static void fill(uint32_t count)
{
	for (uint32_t i = 1; i <= count; i++)
		add(EVENT_FIN, FROM_CLIENT, i, 0);
}

Test(track_timeline, a_bulk_transfer_is_one_line_with_its_bytes)
{
	for (uint32_t i = 1; i <= 1000; i++)
		add(EVENT_DATA, FROM_SERVER, i, 1448);
	cr_assert_eq(timeline_kept(&conn.timeline), 1);
	cr_expect_eq(timeline_at(&conn.timeline, 0)->count, 1000);
	cr_expect_eq(timeline_at(&conn.timeline, 0)->arg, 1448000);
	cr_expect_eq(timeline_at(&conn.timeline, 0)->frame, 1, "the first frame stands for all");
	cr_expect_eq(timeline_at(&conn.timeline, 0)->time_ns, 1000);
}

Test(track_timeline, bytes_beyond_what_can_be_counted_stay_at_the_limit)
{
	add(EVENT_DATA, FROM_SERVER, 1, UINT32_MAX - 10);
	add(EVENT_DATA, FROM_SERVER, 2, 10);
	add(EVENT_DATA, FROM_SERVER, 3, 1);
	cr_expect_eq(timeline_at(&conn.timeline, 0)->arg, UINT32_MAX);
}

Test(track_timeline, the_other_side_the_other_kind_and_another_meaning_are_lines_of_their_own)
{
	add(EVENT_DATA, FROM_SERVER, 1, 10);
	add(EVENT_DATA, FROM_CLIENT, 2, 10);
	add(EVENT_RETRANSMISSION, FROM_CLIENT, 3, 10);
	add(EVENT_RESET, FROM_CLIENT, 4, RESET_FIT_EXACT);
	add(EVENT_RESET, FROM_CLIENT, 5, RESET_FIT_EXACT);
	add(EVENT_RESET, FROM_CLIENT, 6, RESET_FIT_OUTSIDE);
	add(EVENT_FIN, FROM_CLIENT, 7, 0);
	add(EVENT_FIN, FROM_CLIENT, 8, 0);
	cr_assert_eq(timeline_kept(&conn.timeline), 7);
	cr_expect_eq(timeline_at(&conn.timeline, 3)->count, 2);
	cr_expect_eq(timeline_at(&conn.timeline, 3)->arg, RESET_FIT_EXACT, "not added up");
	cr_expect_eq(timeline_at(&conn.timeline, 4)->arg, RESET_FIT_OUTSIDE);
}

Test(track_timeline, of_a_long_one_the_beginning_and_the_end_are_kept)
{
	fill(1000);
	cr_assert_eq(timeline_kept(&conn.timeline), TIMELINE_FIRST + TIMELINE_LAST);
	for (uint32_t i = 0; i < TIMELINE_FIRST + TIMELINE_LAST; i++) {
		uint32_t frame =
			i < TIMELINE_FIRST ? i + 1 : 1000 - TIMELINE_LAST + 1 + i - TIMELINE_FIRST;

		cr_expect_eq(timeline_at(&conn.timeline, i)->frame, frame, "event %u", i);
		cr_expect_eq(timeline_gap_before(&conn.timeline, i),
			     i == TIMELINE_FIRST ? 1000u - TIMELINE_FIRST - TIMELINE_LAST : 0u,
			     "event %u", i);
	}
}

Test(track_timeline, one_that_just_fits_has_no_gap)
{
	fill(TIMELINE_FIRST + TIMELINE_LAST);
	for (uint32_t i = 0; i < TIMELINE_FIRST + TIMELINE_LAST; i++) {
		cr_expect_eq(timeline_at(&conn.timeline, i)->frame, i + 1);
		cr_expect_eq(timeline_gap_before(&conn.timeline, i), 0);
	}
	add(EVENT_FIN, FROM_CLIENT, 97, 0);
	cr_expect_eq(timeline_gap_before(&conn.timeline, TIMELINE_FIRST), 1);
	cr_expect_eq(timeline_at(&conn.timeline, TIMELINE_FIRST)->frame, TIMELINE_FIRST + 2);
}

Test(track_timeline, events_fold_at_the_end_of_a_long_one_too)
{
	fill(500);
	add(EVENT_DATA, FROM_CLIENT, 501, 1);
	add(EVENT_DATA, FROM_CLIENT, 502, 1);
	cr_expect_eq(timeline_at(&conn.timeline, 95)->count, 2);
	cr_expect_eq(conn.timeline.total, 501);
}

Test(track_timeline, an_empty_one_has_no_events)
{
	cr_expect_eq(timeline_kept(&conn.timeline), 0);
}

Test(track_timeline, each_kind_has_a_name_of_its_own)
{
	for (int i = 0; i < EVENT_COUNT; i++) {
		for (int j = 0; j < i; j++)
			cr_expect_str_neq(event_name((enum event_kind)i),
					  event_name((enum event_kind)j));
	}
}
