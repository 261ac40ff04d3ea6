/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "logs/inside.h"

TestSuite(logs_offset);

#define S(seconds, conn)                                                                           \
	{                                                                                          \
		(int64_t)((seconds)*1e9), conn,                                                    \
		{                                                                                  \
			0                                                                          \
		}                                                                                  \
	}
#define OF(zoned, ...)                                                                             \
	offset_of((struct offset_sample[]){ __VA_ARGS__ },                                         \
		  sizeof((struct offset_sample[]){ __VA_ARGS__ }) / sizeof(struct offset_sample),  \
		  zoned)

Test(logs_offset, nothing_to_compare_is_said)
{
	cr_expect_eq(offset_of(NULL, 0, true).clock, LOG_CLOCK_UNKNOWN);
}

Test(logs_offset, one_connection_shows_that_clocks_agree)
{
	struct offset o = OF(true, S(0.4, 1));

	cr_expect_eq(o.clock, LOG_CLOCK_FOUND);
	cr_expect_eq(o.ns, 400 * NS_PER_MS);
	cr_expect_eq(o.compared, 1);
}

Test(logs_offset, the_median_bears_what_is_late)
{
	struct offset o = OF(true, S(0.1, 1), S(0.2, 2), S(0.2, 3), S(4.9, 4), S(0.15, 5));

	cr_expect_eq(o.ns, 200 * NS_PER_MS);
	cr_expect_eq(o.compared, 5);
}

Test(logs_offset, an_odd_clock_needs_three_connections)
{
	cr_expect_eq(OF(true, S(77.0, 1), S(77.1, 2), S(77.2, 3)).clock, LOG_CLOCK_FOUND);
	cr_expect_eq(OF(true, S(77.0, 1), S(77.1, 2), S(77.2, 3)).ns, INT64_C(77100000000));
	cr_expect_eq(OF(true, S(77.0, 1), S(77.1, 2)).clock, LOG_CLOCK_AWAY);
	/* Begin and end of the same connection are not two. */
	cr_expect_eq(OF(true, S(77.0, 1), S(77.1, 1), S(77.2, 2), S(77.2, 2)).clock,
		     LOG_CLOCK_AWAY);
	cr_expect_eq(OF(true, S(77.0, 1), S(900.0, 2), S(-5000.0, 3)).clock, LOG_CLOCK_AWAY);
}

Test(logs_offset, a_zone_needs_two_events)
{
	cr_expect_eq(OF(false, S(3600.3, 1), S(3600.4, 1)).clock, LOG_CLOCK_FOUND);
	cr_expect_eq(OF(false, S(-12600.3, 1), S(-12600.4, 2)).clock, LOG_CLOCK_FOUND);
	cr_expect_eq(OF(false, S(3600.3, 1)).clock, LOG_CLOCK_AWAY);
	cr_expect_eq(OF(false, S(3700.3, 1), S(3700.4, 1)).clock, LOG_CLOCK_AWAY);
	/* A log that names its zone has no such excuse. */
	cr_expect_eq(OF(true, S(3600.3, 1), S(3600.4, 1)).clock, LOG_CLOCK_AWAY);
}

Test(logs_offset, a_port_that_came_back_does_not_shift_the_clock)
{
	struct offset o = OF(true, S(0.2, 1), S(7000.0, 1), S(0.3, 2), S(-4000.0, 2), S(0.4, 3));

	cr_expect_eq(o.clock, LOG_CLOCK_FOUND);
	cr_expect_eq(o.ns, 300 * NS_PER_MS);
	/* Nor do two that agree by chance, beside one that is as usual. */
	cr_expect_eq(OF(false, S(0.2, 1), S(3600.0, 2), S(3600.0, 3)).ns, 200 * NS_PER_MS);
}

Test(logs_offset, many_that_agree_outweigh_one_near_by_chance)
{
	struct offset o = OF(true, S(3.0, 1), S(500.1, 2), S(500.2, 3), S(500.3, 4), S(500.3, 5));

	cr_expect_eq(o.ns / NS_PER_S, 500);
}

Test(logs_offset, a_sample_of_another_offset_is_told)
{
	struct offset o = { LOG_CLOCK_FOUND, 0, 1 };
	struct offset_sample near = S(4, 1), far = S(6, 1);

	cr_expect(offset_has(&o, &near));
	cr_expect_not(offset_has(&o, &far));
	o.clock = LOG_CLOCK_AWAY;
	cr_expect_not(offset_has(&o, &near));
}
