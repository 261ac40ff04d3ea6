/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <stdint.h>

#include "base/clock.h"

struct moment {
	int64_t time_ns;
	const char *rfc3339, *utc;
};

/* Seconds of each date as `date -u -d DATE +%s` tells them. */
static const struct moment moments[] = {
	{ 0, "1970-01-01T00:00:00.000000000Z", "1970-01-01 00:00:00 UTC" },
	{ 1, "1970-01-01T00:00:00.000000001Z", "1970-01-01 00:00:00 UTC" },
	{ -1, "1969-12-31T23:59:59.999999999Z", "1969-12-31 23:59:59 UTC" },
	{ -NS_PER_S, "1969-12-31T23:59:59.000000000Z", "1969-12-31 23:59:59 UTC" },
	{ 951782400 * NS_PER_S, "2000-02-29T00:00:00.000000000Z", "2000-02-29 00:00:00 UTC" },
	{ 951868799 * NS_PER_S, "2000-02-29T23:59:59.000000000Z", "2000-02-29 23:59:59 UTC" },
	{ 951868800 * NS_PER_S, "2000-03-01T00:00:00.000000000Z", "2000-03-01 00:00:00 UTC" },
	{ 1709164800 * NS_PER_S, "2024-02-29T00:00:00.000000000Z", "2024-02-29 00:00:00 UTC" },
	{ 4107542400 * NS_PER_S, "2100-03-01T00:00:00.000000000Z", "2100-03-01 00:00:00 UTC" },
	{ 4107542399 * NS_PER_S, "2100-02-28T23:59:59.000000000Z", "2100-02-28 23:59:59 UTC" },
	{ INT64_C(2147483648) * NS_PER_S, "2038-01-19T03:14:08.000000000Z",
	  "2038-01-19 03:14:08 UTC" },
	{ INT64_C(4294967295) * NS_PER_S, "2106-02-07T06:28:15.000000000Z",
	  "2106-02-07 06:28:15 UTC" },
	{ INT64_MAX, "2262-04-11T23:47:16.854775807Z", "2262-04-11 23:47:16 UTC" },
	{ INT64_MIN, "1677-09-21T00:12:43.145224192Z", "1677-09-21 00:12:43 UTC" },
};

struct span {
	int64_t span_ns;
	const char *words;
};

static const struct span spans[] = {
	{ INT64_MIN, "0 s" },
	{ -1, "0 s" },
	{ 0, "0 s" },
	{ 999, "0 s" },
	{ NS_PER_US, "1 us" },
	{ 640 * NS_PER_US, "640 us" },
	{ NS_PER_MS - 1, "999 us" },
	{ 12 * NS_PER_MS, "12 ms" },
	{ NS_PER_S - 1, "999 ms" },
	{ NS_PER_S, "1.0 s" },
	{ 3200 * NS_PER_MS, "3.2 s" },
	{ 3299 * NS_PER_MS, "3.2 s" },
	{ 100 * NS_PER_S - 1, "99.9 s" },
	{ 100 * NS_PER_S, "100 s" },
	{ 352 * NS_PER_S, "352 s" },
	{ 3599 * NS_PER_S, "3599 s" },
	{ 3600 * NS_PER_S, "1 h 0 min" },
	{ 3900 * NS_PER_S, "1 h 5 min" },
	{ 72 * 3600 * NS_PER_S - 1, "71 h 59 min" },
	{ 72 * 3600 * NS_PER_S, "3 d 0 h" },
	{ 99 * 3600 * NS_PER_S, "4 d 3 h" },
	{ INT64_MAX, "106751 d 23 h" },
};

Test(base_clock, tells_any_time_as_a_date_in_utc)
{
	char buffer[64];

	for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
		struct text t = text_in(buffer, sizeof(buffer));

		clock_add_rfc3339(&t, moments[i].time_ns);
		cr_expect_str_eq(buffer, moments[i].rfc3339);
		t = text_in(buffer, sizeof(buffer));
		clock_add_utc(&t, moments[i].time_ns);
		cr_expect_str_eq(buffer, moments[i].utc);
	}
}

Test(base_clock, tells_a_span_in_the_unit_a_person_would_choose)
{
	char buffer[32];

	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
		struct text t = text_in(buffer, sizeof(buffer));

		clock_add_span(&t, spans[i].span_ns);
		cr_expect_str_eq(buffer, spans[i].words);
	}
}

Test(base_clock, sums_and_differences_of_any_two_times_stay_in_the_type)
{
	cr_expect_eq(clock_plus(5, -7), -2);
	cr_expect_eq(clock_plus(INT64_MAX, 1), INT64_MAX);
	cr_expect_eq(clock_plus(INT64_MIN, -1), INT64_MIN);
	cr_expect_eq(clock_minus(5, 7), -2);
	cr_expect_eq(clock_minus(INT64_MIN, 1), INT64_MIN);
	cr_expect_eq(clock_minus(INT64_MAX, -1), INT64_MAX);
}
