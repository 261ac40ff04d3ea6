/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "logs/inside.h"

TestSuite(logs_stamp);

/* 2026-11-20T18:00:01Z */
#define NOVEMBER (INT64_C(1795197601) * NS_PER_S)

static const char *rfc3339(int64_t time_ns)
{
	static char out[64];
	struct text t = text_in(out, sizeof(out));

	clock_add_rfc3339(&t, time_ns);
	return out;
}

#define expect_time(time_ns, wanted) cr_expect_str_eq(rfc3339(time_ns), wanted)

Test(logs_stamp, a_stamp_without_a_year_has_that_of_the_capture)
{
	static const struct {
		const char *stamp;
		int64_t around_ns;
		const char *is;
	} rows[] = {
		{ "Nov 20 18:00:01 h", NOVEMBER, "2026-11-20T18:00:01.000000000Z" },
		{ "Nov  2 08:00:01 h", NOVEMBER, "2026-11-02T08:00:01.000000000Z" },
		/* Read in the other year. */
		{ "Dec 31 23:59:59 h", NOVEMBER + 60 * 86400 * NS_PER_S,
		  "2026-12-31T23:59:59.000000000Z" },
		{ "Jan  1 00:00:00 h", NOVEMBER, "2027-01-01T00:00:00.000000000Z" },
		{ "Feb 29 12:00:00 h", INT64_C(1709280000) * NS_PER_S,
		  "2024-02-29T12:00:00.000000000Z" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct span s = span_of(rows[i].stamp);
		int64_t time_ns = 0;

		cr_expect(stamp_without_year(&s, rows[i].around_ns, &time_ns), "%s", rows[i].stamp);
		cr_expect_str_eq(rfc3339(time_ns), rows[i].is, "%s: %s", rows[i].stamp,
				 rfc3339(time_ns));
		cr_expect(span_begins(s, " h"));
	}
}

Test(logs_stamp, any_clock_of_a_capture_is_borne)
{
	static const int64_t around[] = { INT64_MIN, -1, 0, 1, INT64_MAX };

	for (size_t i = 0; i < sizeof(around) / sizeof(around[0]); i++) {
		struct span s = span_of("Nov 20 18:00:01 h");
		int64_t time_ns;

		stamp_without_year(&s, around[i], &time_ns);
	}
}

Test(logs_stamp, an_iso_stamp_has_its_zone_and_its_digits)
{
	static const struct {
		const char *stamp, *is;
		int64_t exact_ns;
		bool zoned;
	} rows[] = {
		{ "2026-11-20T18:00:01.123456+01:00", "2026-11-20T17:00:01.123456000Z", 1000,
		  true },
		{ "2026-11-20T18:00:01,5-0330", "2026-11-20T21:30:01.500000000Z", NS_PER_S / 10,
		  true },
		{ "2026-11-20T18:00:01Z", "2026-11-20T18:00:01.000000000Z", NS_PER_S, true },
		{ "2026-11-20 18:00:01", "2026-11-20T18:00:01.000000000Z", NS_PER_S, false },
		{ "2026-11-20T18:00:01.1234567891234Z", "2026-11-20T18:00:01.123456789Z", 1, true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct span s = span_of(rows[i].stamp);
		int64_t time_ns = 0, exact_ns = 0;
		bool zoned = false;

		cr_expect(stamp_iso(&s, &time_ns, &exact_ns, &zoned), "%s", rows[i].stamp);
		cr_expect_str_eq(rfc3339(time_ns), rows[i].is, "%s", rows[i].stamp);
		cr_expect_eq(exact_ns, rows[i].exact_ns, "%s", rows[i].stamp);
		cr_expect_eq(zoned, rows[i].zoned, "%s", rows[i].stamp);
		cr_expect_eq(s.len, 0, "%s", rows[i].stamp);
	}
}

Test(logs_stamp, what_is_no_time_is_refused)
{
	static const char *const rows[] = {
		"",
		"2026",
		"2026-13-20T18:00:01Z",
		"2026-00-20T18:00:01Z",
		"2026-11-20T24:00:01Z",
		"2026-11-20T18:60:01Z",
		"9999-11-20T18:00:01Z",
		"0000-11-20T18:00:01Z",
		"1900-11-20T18:00:01Z",
		"2026-11-20T18:00:01+99:00",
		"2026-11-20T18:00:01+",
		"99999999999999999999-11-20T18:00:01Z",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct span s = span_of(rows[i]);
		int64_t time_ns, exact_ns;
		bool zoned;

		cr_expect_not(stamp_iso(&s, &time_ns, &exact_ns, &zoned), "%s", rows[i]);
	}
}

Test(logs_stamp, dmesg_writes_the_day_of_the_week_and_the_year)
{
	struct span s = span_of("Fri Nov 20 18:00:01 2026] x");
	int64_t time_ns = 0;

	cr_assert(stamp_with_year(&s, &time_ns));
	expect_time(time_ns, "2026-11-20T18:00:01.000000000Z");
	cr_expect(span_begins(s, "] x"));
}

Test(logs_stamp, every_stamp_may_be_cut_anywhere)
{
	static const char *const rows[] = { "Nov 20 18:00:01", "2026-11-20T18:00:01.123456+01:00",
					    "Fri Nov 20 18:00:01 2026", "1732125601.123456" };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t cut = 0; cut <= strlen(rows[i]); cut++) {
			char *piece = malloc(cut + 1);
			int64_t time_ns, exact_ns;
			struct span s = { piece, cut };
			bool zoned;

			memcpy(piece, rows[i], cut);
			stamp_without_year(&s, NOVEMBER, &time_ns);
			s = (struct span){ piece, cut };
			stamp_iso(&s, &time_ns, &exact_ns, &zoned);
			s = (struct span){ piece, cut };
			stamp_with_year(&s, &time_ns);
			s = (struct span){ piece, cut };
			stamp_seconds(&s, &time_ns, &exact_ns);
			free(piece);
		}
	}
}
