/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/overview.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/clock.h"
#include "tests/report/example.h"

static struct overview overview;
static struct conn conn;
static struct verdict verdict;

static void tell(void)
{
	if (overview_count(&overview, &conn, &verdict))
		overview_tell(&overview, &conn, &verdict);
}

static void add(int64_t first_s, int64_t end_s, bool in_session)
{
	example_conn(&conn);
	example_verdict(&verdict);
	conn.first_ns = EXAMPLE_BEGIN_NS + first_s * NS_PER_S;
	conn.last_ns = conn.end.time_ns = EXAMPLE_BEGIN_NS + end_s * NS_PER_S;
	conn.ssh.phase = in_session ? SSH_PHASE_SESSION : SSH_PHASE_AUTH;
	conn.id = (uint64_t)(1000 + first_s);
	tell();
}

static uint32_t drawn(void)
{
	uint32_t sum = 0;

	for (size_t row = 0; row < OVERVIEW_FAMILIES; row++) {
		for (size_t i = 0; i < OVERVIEW_COLUMNS; i++)
			sum += overview.ended[row][i];
	}
	return sum;
}

/* Where an end at that time must be drawn. */
static uint32_t at(int64_t end_s)
{
	int64_t since_ns = EXAMPLE_BEGIN_NS + end_s * NS_PER_S - overview.begin_ns;

	return overview.ended[overview_family(CAUSE_idle_timeout)][since_ns / overview.width_ns];
}

Test(report_overview, no_end_is_lost_however_long_it_takes)
{
	for (int i = 0; i < 1000; i++)
		add(i * 100, i * 100 + 50, true);
	cr_expect_eq(drawn(), 1000);
	cr_expect_gt(at(99950), 0);
	cr_expect_leq(overview.last_ns, overview.begin_ns + OVERVIEW_COLUMNS * overview.width_ns);
	cr_expect_gt(2 * (overview.last_ns - overview.begin_ns),
		     OVERVIEW_COLUMNS * overview.width_ns, "most of the width is used");
}

Test(report_overview, what_began_earlier_may_end_later)
{
	add(5000, 5010, true);
	add(4990, 5020, true);
	add(0, 6000, true);
	cr_expect_leq(overview.begin_ns, EXAMPLE_BEGIN_NS);
	cr_expect_eq(drawn(), 3);
	cr_expect_gt(at(5010), 0);
	cr_expect_gt(at(6000), 0);
}

Test(report_overview, a_clock_that_steps_back_breaks_nothing)
{
	add(1000, 1010, true);
	add(1000, -100000, true);
	cr_expect_eq(drawn(), 2);
}

Test(report_overview, lost_sessions_take_the_lanes_of_what_never_began)
{
	size_t sessions = 0;

	for (int i = 0; i < 2 * OVERVIEW_LANES; i++)
		add(i, i + 1, i >= OVERVIEW_LANES && i % 2 == 0);
	overview_sort(&overview);
	cr_expect_eq(overview.lanes, OVERVIEW_LANES);
	cr_expect_eq(overview.odd, 2 * OVERVIEW_LANES);
	for (size_t i = 0; i < overview.lanes; i++) {
		sessions += overview.lane[i].in_session;
		cr_expect(i == 0 || overview.lane[i - 1].first_ns <= overview.lane[i].first_ns);
	}
	cr_expect_eq(sessions, OVERVIEW_LANES / 2);
}

Test(report_overview, healthy_ones_are_counted_and_have_no_lane)
{
	example_healthy(&conn, &verdict, 7);
	tell();
	cr_expect_eq(overview.lanes, 0);
	cr_expect_eq(overview.odd, 0);
	cr_expect_eq(overview.of_family[overview_family(CAUSE_orderly_close)], 1);
}

/* ---- many at once ---- */

static struct overview_mass mass[OVERVIEW_MASSES];

Test(report_overview, a_restart_among_ends_of_every_hour_is_seen)
{
	for (int i = 0; i < 24; i++)
		add(i * 3600, i * 3600 + 1800, true);
	cr_expect_eq(overview_masses(&overview, mass), 0, "these are spread evenly");
	for (int i = 0; i < 12; i++)
		add(36000 + i, 40000, true);
	cr_assert_eq(overview_masses(&overview, mass), 1);
	cr_expect_geq(mass[0].ended, 12);
	cr_expect_leq(mass[0].ended, 13, "one of the others may be in the same column");
	cr_expect_eq(mass[0].from + mass[0].columns - 1,
		     (size_t)((EXAMPLE_BEGIN_NS + 40000 * NS_PER_S - overview.begin_ns) /
			      overview.width_ns));
}

Test(report_overview, two_at_once_are_chance_and_healthy_ends_are_no_news)
{
	add(0, 100, true);
	add(1, 100, true);
	add(0, 1000, true);
	for (int i = 0; i < 50; i++) {
		example_healthy(&conn, &verdict, 5);
		conn.first_ns = EXAMPLE_BEGIN_NS;
		conn.last_ns = conn.end.time_ns = EXAMPLE_BEGIN_NS + 500 * NS_PER_S;
		tell();
	}
	cr_expect_eq(overview_masses(&overview, mass), 0);
	add(2, 100, true);
	cr_expect_eq(overview_masses(&overview, mass), 1);
	cr_expect_eq(mass[0].ended, 3);
}

Test(report_overview, many_masses_are_told_up_to_a_limit)
{
	for (int i = 0; i < 30; i++)
		add(i / 3 * 100, i / 3 * 100 + 50, true);
	cr_expect_eq(overview_masses(&overview, mass), OVERVIEW_MASSES);
}

static void lose(int64_t after_s, bool uncaptured)
{
	example_event(&conn, uncaptured ? EVENT_MISSING : EVENT_RETRANSMISSION, FROM_CLIENT, 70,
		      after_s * 1000, 1, 0);
}

Test(report_overview, a_lane_shows_what_was_sent_again_and_what_the_capture_lacks)
{
	example_conn(&conn);
	example_verdict(&verdict);
	lose(10, false);
	lose(20, true);
	tell();
	cr_assert_eq(overview.lane[0].ticks, 2);
	cr_expect_not(overview.lane[0].tick[0].uncaptured);
	cr_expect(overview.lane[0].tick[1].uncaptured);
	cr_expect_eq(overview.lane[0].tick[1].time_ns - overview.lane[0].tick[0].time_ns,
		     10 * NS_PER_S);
}

Test(report_overview, of_very_much_loss_the_whole_course_is_kept)
{
	struct overview_lane *lane = &overview.lane[0];

	example_conn(&conn);
	example_verdict(&verdict);
	for (int i = 0; i < 90; i++)
		lose(400 + i, false);
	tell();
	cr_assert_leq(lane->ticks, OVERVIEW_TICKS);
	cr_assert_gt(lane->ticks, OVERVIEW_TICKS / 2 - 1);
	for (size_t i = 1; i < lane->ticks; i++)
		cr_expect_gt(lane->tick[i].time_ns, lane->tick[i - 1].time_ns);
	cr_expect_gt(lane->tick[lane->ticks - 1].time_ns - lane->tick[0].time_ns, 80 * NS_PER_S);
}

Test(report_overview, what_ended_within_years_did_not_end_at_once)
{
	for (int i = 0; i < 20; i++)
		add(i, i + 1, true);
	add(400000000, 400000001, true);
	cr_expect_eq(overview_masses(&overview, mass), 0);
}
