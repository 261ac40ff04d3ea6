/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Own calendar arithmetic: gmtime() and strftime() fail on years that a hostile capture may hold.
 */
#include "base/clock.h"

#include <inttypes.h>

struct date {
	int64_t year;
	int month, day, hour, minute, second;
	int64_t nanosecond;
};

/* Days to a Gregorian date, counting years from March so that the leap day comes last. */
static struct date date_of(int64_t time_ns)
{
	int64_t ns = time_ns % NS_PER_S, seconds = time_ns / NS_PER_S;
	int64_t days, of_day, era, of_era, year_of_era, of_year, month;

	if (ns < 0) {
		ns += NS_PER_S;
		seconds--;
	}
	days = seconds / 86400;
	of_day = seconds % 86400;
	if (of_day < 0) {
		of_day += 86400;
		days--;
	}
	days += 719468; /* from 0000-03-01 to 1970-01-01 */
	era = (days >= 0 ? days : days - 146096) / 146097;
	of_era = days - era * 146097;
	year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	month = (5 * of_year + 2) / 153;
	return (struct date){
		.year = year_of_era + era * 400 + (month >= 10),
		.month = (int)(month < 10 ? month + 3 : month - 9),
		.day = (int)(of_year - (153 * month + 2) / 5 + 1),
		.hour = (int)(of_day / 3600),
		.minute = (int)(of_day / 60 % 60),
		.second = (int)(of_day % 60),
		.nanosecond = ns,
	};
}

/* By hand: they stand in every row of a report, and printf() would take ten times as long. */
static void add_part(struct text *t, const char *before, int value)
{
	text_add_bytes(t, before, 1);
	text_add_digits(t, (uint64_t)value, 2);
}

static void add_date(struct text *t, const struct date *d, const char *before_time)
{
	text_add_digits(t, (uint64_t)d->year, 4); /* 64 bits of nanoseconds: 1677 to 2262 */
	add_part(t, "-", d->month);
	add_part(t, "-", d->day);
	add_part(t, before_time, d->hour);
	add_part(t, ":", d->minute);
	add_part(t, ":", d->second);
}

void clock_add_rfc3339(struct text *t, int64_t time_ns)
{
	struct date d = date_of(time_ns);

	add_date(t, &d, "T");
	text_add_bytes(t, ".", 1);
	text_add_digits(t, (uint64_t)d.nanosecond, 9);
	text_add_bytes(t, "Z", 1);
}

void clock_add_utc(struct text *t, int64_t time_ns)
{
	struct date d = date_of(time_ns);

	add_date(t, &d, " ");
	text_add_bytes(t, " UTC", 4);
}

/* Three days are still counted in hours by who waits for a timer; more hours nobody can picture. */
#define HOURS_UNTIL_S (72 * INT64_C(3600))

void clock_add_span(struct text *t, int64_t span_ns)
{
	int64_t s = span_ns / NS_PER_S;

	if (span_ns < NS_PER_US)
		text_add(t, "0 s");
	else if (span_ns < NS_PER_MS)
		text_add(t, "%" PRId64 " us", span_ns / NS_PER_US);
	else if (span_ns < NS_PER_S)
		text_add(t, "%" PRId64 " ms", span_ns / NS_PER_MS);
	else if (s < 100)
		text_add(t, "%" PRId64 ".%" PRId64 " s", s, span_ns / (NS_PER_S / 10) % 10);
	else if (s < 3600)
		text_add(t, "%" PRId64 " s", s);
	else if (s < HOURS_UNTIL_S)
		text_add(t, "%" PRId64 " h %" PRId64 " min", s / 3600, s / 60 % 60);
	else
		text_add(t, "%" PRId64 " d %" PRId64 " h", s / 86400, s / 3600 % 24);
}
