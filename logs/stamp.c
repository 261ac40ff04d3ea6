/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Times as logs write them. Own arithmetic: strptime() and mktime() know locales and the zone of this
 * host, which is not that of the log.
 */
#include <string.h>

#include "logs/inside.h"

/* 64 bits of nanoseconds end in 2262; what is before 1970 is no log. */
#define YEAR_FIRST 1970
#define YEAR_LAST 2261

#define NS_PER_DAY (86400 * NS_PER_S)
#define NS_PER_MINUTE (60 * NS_PER_S)

struct date {
	uint64_t year, month, day, hour, minute, second;
};

/* Days since 1970-01-01 of the Gregorian calendar, counting years from March. */
static int64_t days_of(const struct date *d)
{
	int64_t year = (int64_t)d->year - (d->month <= 2);
	int64_t month = (int64_t)d->month + (d->month <= 2 ? 9 : -3);

	return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 +
	       (int64_t)d->day - 1 - 719468;
}

static bool is_date(const struct date *d)
{
	return d->year >= YEAR_FIRST && d->year <= YEAR_LAST && d->month >= 1 && d->month <= 12 &&
	       d->day >= 1 && d->day <= 31 && d->hour <= 23 && d->minute <= 59 && d->second <= 60;
}

static int64_t time_of(const struct date *d)
{
	return days_of(d) * NS_PER_DAY +
	       (int64_t)(d->hour * 3600 + d->minute * 60 + d->second) * NS_PER_S;
}

static bool take_month(struct span *s, uint64_t *month)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (*month = 1; *month <= 12; (*month)++) {
		if (s->len >= 3 && memcmp(s->at, names + 3 * (*month - 1), 3) == 0) {
			s->at += 3;
			s->len -= 3;
			return true;
		}
	}
	return false;
}

/* "Nov 20 18:00:01", with a space in place of a first zero. */
static bool take_month_to_second(struct span *s, struct date *d)
{
	if (!take_month(s, &d->month) || !span_take(s, " "))
		return false;
	span_skip(s, ' ');
	return span_number(s, 31, &d->day) && span_take(s, " ") && span_number(s, 23, &d->hour) &&
	       span_take(s, ":") && span_number(s, 59, &d->minute) && span_take(s, ":") &&
	       span_number(s, 60, &d->second);
}

static uint64_t distance(int64_t a, int64_t b)
{
	return a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;
}

/* What is read in January may have been written in December. */
bool stamp_without_year(struct span *s, int64_t around_ns, int64_t *time_ns)
{
	struct date d = { .year = YEAR_FIRST };
	uint64_t guess = YEAR_FIRST + (uint64_t)(around_ns > 0 ? around_ns / NS_PER_DAY / 365 : 0);
	bool any = false;

	if (!take_month_to_second(s, &d))
		return false;
	for (d.year = guess > YEAR_FIRST ? guess - 1 : guess; d.year <= guess + 1; d.year++) {
		int64_t at;

		if (!is_date(&d))
			continue;
		at = time_of(&d);
		if (!any || distance(at, around_ns) < distance(*time_ns, around_ns))
			*time_ns = at;
		any = true;
	}
	return any;
}

bool stamp_with_year(struct span *s, int64_t *time_ns)
{
	struct date d;

	span_until(s, ' '); /* the day of the week */
	if (!take_month_to_second(s, &d) || !span_take(s, " ") ||
	    !span_number(s, YEAR_LAST, &d.year) || !is_date(&d))
		return false;
	*time_ns = time_of(&d);
	return true;
}

/* ".123456" or ",123456": each digit makes it more exact. */
static void take_fraction(struct span *s, int64_t *time_ns, int64_t *exact_ns)
{
	int64_t unit = NS_PER_S;

	*exact_ns = NS_PER_S;
	if (s->len < 2 || (*s->at != '.' && *s->at != ',') || s->at[1] < '0' || s->at[1] > '9')
		return;
	s->at++;
	s->len--;
	while (s->len != 0 && *s->at >= '0' && *s->at <= '9') {
		unit /= 10;
		*time_ns += unit * (*s->at - '0');
		if (unit != 0)
			*exact_ns = unit;
		s->at++;
		s->len--;
	}
}

/* False when it looks like a zone and is none. */
static bool take_zone(struct span *s, int64_t *time_ns, bool *zoned)
{
	bool west = span_begins(*s, "-");
	struct span hours;
	uint64_t hour, minute;

	*zoned = span_take(s, "Z");
	if (*zoned || (!span_begins(*s, "+") && !west))
		return true;
	if (s->len < 5)
		return false;
	hours = (struct span){ s->at + 1, 2 };
	s->at += 3;
	s->len -= 3;
	span_take(s, ":");
	if (!span_number(&hours, 14, &hour) || hours.len != 0 || !span_number(s, 59, &minute))
		return false;
	*time_ns += (west ? 1 : -1) * (int64_t)(hour * 60 + minute) * NS_PER_MINUTE;
	*zoned = true;
	return true;
}

bool stamp_iso(struct span *s, int64_t *time_ns, int64_t *exact_ns, bool *zoned)
{
	struct date d;

	if (!span_number(s, YEAR_LAST, &d.year) || !span_take(s, "-") ||
	    !span_number(s, 12, &d.month) || !span_take(s, "-") || !span_number(s, 31, &d.day))
		return false;
	if (!span_take(s, "T") && !span_take(s, " "))
		return false;
	if (!span_number(s, 23, &d.hour) || !span_take(s, ":") || !span_number(s, 59, &d.minute) ||
	    !span_take(s, ":") || !span_number(s, 60, &d.second) || !is_date(&d))
		return false;
	*time_ns = time_of(&d);
	take_fraction(s, time_ns, exact_ns);
	return take_zone(s, time_ns, zoned);
}

bool stamp_seconds(struct span *s, int64_t *time_ns, int64_t *exact_ns)
{
	uint64_t seconds;

	if (!span_number(s, INT64_MAX / NS_PER_S - 1, &seconds))
		return false;
	*time_ns = (int64_t)seconds * NS_PER_S;
	take_fraction(s, time_ns, exact_ns);
	return true;
}
