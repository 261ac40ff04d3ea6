/* SPDX-License-Identifier: BSD-3-Clause */
/* Times and spans for people and machines. Nanoseconds since 1970 throughout. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#include "base/text.h"

#define NS_PER_S INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_US INT64_C(1000)

/* Of any two values: at the limits of the type it stays there. */
static inline int64_t clock_plus(int64_t time_ns, int64_t span_ns)
{
	int64_t sum;

	if (__builtin_add_overflow(time_ns, span_ns, &sum))
		return span_ns < 0 ? INT64_MIN : INT64_MAX;
	return sum;
}

static inline int64_t clock_minus(int64_t time_ns, int64_t other_ns)
{
	int64_t span;

	if (__builtin_sub_overflow(time_ns, other_ns, &span))
		return time_ns < other_ns ? INT64_MIN : INT64_MAX;
	return span;
}

/* RFC 3339 in UTC with nanoseconds: 2026-11-20T09:45:27.000000001Z. Any int64_t is valid. */
void clock_add_rfc3339(struct text *, int64_t time_ns);

/* For people: "2026-11-20 09:45:27 UTC". */
void clock_add_utc(struct text *, int64_t time_ns);

/* A span in the unit a person would choose: "0 s", "640 us", "12 ms", "3.2 s", "352 s",
   "1 h 5 min", from 72 h on "3 d 0 h". Negative spans are 0. */
void clock_add_span(struct text *, int64_t span_ns);

#endif
