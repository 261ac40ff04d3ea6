/* SPDX-License-Identifier: BSD-3-Clause */
/* Which losses are of whose time. The counters are set by hand: spans are what is tested. */
#include <criterion/criterion.h>

#include "base/clock.h"
#include "commands/live_health.h"

TestSuite(commands_live_health);

static struct live_health health;
static struct live *nothing; /* a capture of no interface at all */
static struct live_clocks now;
static struct track_counts track;

static void begin(void)
{
	char error[CAPTURE_ERROR_MAX];
	const struct live_options none = { .names = 0 };

	nothing = live_open(&none, error);
	cr_assert_not_null(nothing);
	now = (struct live_clocks){ 100 * NS_PER_S, 1000000 * NS_PER_S };
	live_health_begin(&health, nothing, now);
}

static void pass(int64_t elapsed_ns, int64_t real_ns)
{
	now.elapsed_ns += elapsed_ns;
	now.real_ns += real_ns;
	live_health_tick(&health, nothing, &track, now, false);
}

/* Ticks as the loop does, ten times a second. */
static void seconds(int64_t count)
{
	for (int64_t i = 0; i < 10 * count; i++)
		pass(100 * NS_PER_MS, 100 * NS_PER_MS);
}

static struct health between(int64_t from_s, int64_t to_s)
{
	return live_health_between(&health, (1000000 + from_s) * NS_PER_S,
				   (1000000 + to_s) * NS_PER_S);
}

Test(commands_live_health, a_loss_is_told_to_whom_it_happened)
{
	begin();
	seconds(10);
	track.evicted = 7; /* in the 11th second */
	seconds(10);
	cr_expect_eq(between(2, 8).evicted, 0);
	cr_expect_eq(between(8, 10).evicted, 7, "the second that touches it counts");
	cr_expect_eq(between(10, 11).evicted, 7);
	cr_expect_eq(between(0, 100).evicted, 7);
	cr_expect_eq(between(13, 15).evicted, 0);
	cr_expect(between(13, 15).live);
}

Test(commands_live_health, a_month_is_remembered_as_a_whole)
{
	begin();
	for (int64_t hour = 0; hour < 30 * 24; hour++) {
		track.evicted++;
		for (int64_t s = 0; s < 3600; s++)
			pass(NS_PER_S, NS_PER_S);
	}
	cr_expect_leq(health.spans, HEALTH_SPANS);
	cr_expect_eq(between(0, 31 * 86400).evicted, 30 * 24);
	cr_expect_eq(health.counts.gaps, 0);
	/* The latest minutes are exact, the first hour is not: rather too much. */
	cr_expect_eq(between(30 * 86400 - 300, 30 * 86400).evicted, 0);
	cr_expect_geq(between(0, 3600).evicted, 1);
}

Test(commands_live_health, a_clock_that_is_set_is_counted_where_it_was)
{
	begin();
	seconds(5);
	pass(NS_PER_S, -3600 * NS_PER_S);
	seconds(5);
	cr_expect_eq(health.counts.clock_steps, 1);
	cr_expect_eq(between(-3599, -3590).clock_steps, 1);
	cr_expect_eq(between(1, 3).clock_steps, 1, "what lay between the two times is not sure");
	pass(NS_PER_S, 90 * NS_PER_S);
	cr_expect_eq(health.counts.clock_steps, 2);
}

Test(commands_live_health, a_clock_that_is_slewed_is_not_set)
{
	begin();
	for (int i = 0; i < 1000; i++)
		pass(NS_PER_S, NS_PER_S + NS_PER_MS / 2);
	cr_expect_eq(health.counts.clock_steps, 0);
}

Test(commands_live_health, time_in_which_we_did_not_run_is_a_gap)
{
	begin();
	seconds(3);
	pass(2 * NS_PER_S, 2 * NS_PER_S);
	seconds(3);
	cr_expect_eq(health.counts.gaps, 1);
	cr_expect_eq(health.counts.gap_ns, 2 * NS_PER_S);
	cr_expect_eq(health.counts.clock_steps, 0);
	cr_expect_eq(between(4, 5).gaps, 1);
	cr_expect_eq(between(7, 8).gaps, 0);
}

Test(commands_live_health, nothing_is_known_of_no_interface)
{
	begin();
	seconds(2);
	cr_expect_eq(health.counts.interfaces, 0);
	cr_expect_eq(health.counts.seen, 0);
}
