/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <inttypes.h>

#include "base/clock.h"
#include "capture/inside.h"

/* The last time whose difference to any other fits, rounded down to a second. */
#define LAST_NS INT64_C(4611686017000000000)

struct row {
	const char *what;
	uint8_t resolution;
	int64_t offset_s;
	uint64_t ticks;
	int64_t time_ns;
};

#define BINARY 0x80

static const struct row rows[] = {
	{ "seconds", 0, 0, 3, 3 * NS_PER_S },
	{ "microseconds", 6, 0, 1234567, 1234567000 },
	{ "nanoseconds", 9, 0, 1234567890123, 1234567890123 },
	{ "picoseconds", 12, 0, 1234567890123, 1234567890 },
	{ "10^-19 s", 19, 0, UINT64_C(18446744073709551615), 1844674407 },
	{ "10^-20 s: less than a second in all", 20, 0, UINT64_C(18446744073709551615), 184467440 },
	{ "10^-27 s", 27, 0, UINT64_C(18446744073709551615), 18 },
	{ "10^-28 s", 28, 0, UINT64_C(18446744073709551615), 1 },
	{ "10^-29 s", 29, 0, UINT64_C(18446744073709551615), 0 },
	{ "10^-127 s", 127, 0, UINT64_C(18446744073709551615), 0 },
	{ "whole seconds, in binary", BINARY | 0, 0, 3, 3 * NS_PER_S },
	{ "2^-10 s", BINARY | 10, 0, 1024 + 512, 1500000000 },
	{ "2^-32 s: NTP", BINARY | 32, 0, (UINT64_C(5) << 32) + (UINT64_C(1) << 31), 5500000000 },
	{ "2^-33 s", BINARY | 33, 0, (UINT64_C(5) << 33) + (UINT64_C(1) << 32), 5500000000 },
	{ "2^-63 s", BINARY | 63, 0, (UINT64_C(1) << 63) + (UINT64_C(1) << 62), 1500000000 },
	{ "2^-64 s", BINARY | 64, 0, UINT64_C(1) << 63, 500000000 },
	{ "2^-95 s", BINARY | 95, 0, UINT64_C(18446744073709551615), 0 },
	{ "2^-127 s", BINARY | 127, 0, UINT64_C(18446744073709551615), 0 },
	{ "an offset", 6, 1000, 1, 1000 * NS_PER_S + 1000 },
	{ "an offset back before 1970", 6, -1000, 1, -1000 * NS_PER_S + 1000 },
};

Test(capture_stamp, every_resolution_becomes_nanoseconds)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct stamp_unit unit = { rows[i].resolution, rows[i].offset_s };
		int64_t time_ns = stamp_of_ticks(&unit, rows[i].ticks);

		cr_expect_eq(time_ns, rows[i].time_ns, "%s: %" PRId64, rows[i].what, time_ns);
	}
}

Test(capture_stamp, the_halves_of_a_time_add_up)
{
	cr_expect_eq(stamp_ns(5, 7), 5 * NS_PER_S + 7);
	cr_expect_eq(stamp_ns(-5, 7), -5 * NS_PER_S + 7);
	cr_expect_eq(stamp_ns(5, 2 * NS_PER_S + 7), 7 * NS_PER_S + 7);
	cr_expect_eq(stamp_ns(5, -NS_PER_S - 7), 4 * NS_PER_S - 7);
}

/* Each of the two numbers may be the largest, and the difference of two results must fit. */
Test(capture_stamp, no_two_times_are_too_far_apart)
{
	static const int64_t ends[] = { INT64_MIN, -LAST_NS, -1, 0, 1, LAST_NS, INT64_MAX };
	const struct stamp_unit units[] = { { 0, INT64_MAX }, { 0, INT64_MIN },
					    { 0, 0 },         { 6, INT64_MAX },
					    { BINARY, 0 },    { BINARY, INT64_MIN } };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		for (size_t k = 0; k < sizeof(ends) / sizeof(ends[0]); k++) {
			int64_t time_ns = stamp_ns(ends[i], ends[k]);

			cr_expect(time_ns <= INT64_MAX / 2 && time_ns >= -(INT64_MAX / 2));
		}
	}
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		int64_t time_ns = stamp_of_ticks(&units[i], UINT64_MAX);

		cr_expect(time_ns <= INT64_MAX / 2 && time_ns >= -(INT64_MAX / 2));
	}
	cr_expect_geq(stamp_of_ticks(&units[0], UINT64_MAX), LAST_NS - NS_PER_S);
	cr_expect_geq(stamp_ns(INT64_MAX, 0), LAST_NS - NS_PER_S);
	cr_expect_leq(stamp_ns(INT64_MIN, 0), -LAST_NS + NS_PER_S);
	cr_expect_geq(stamp_of_ticks(&units[2], UINT64_MAX), LAST_NS - NS_PER_S);
	cr_expect_leq(stamp_of_ticks(&units[1], 0), -LAST_NS + NS_PER_S);
}
