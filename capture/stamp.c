/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Times of frames. Any number that a file can hold becomes a time whose difference to any other
 * fits into 64 bits.
 */
#include "base/clock.h"
#include "capture/inside.h"

/* 2^61: two of them can be added. */
#define SECONDS_MAX (INT64_MAX / 4)

static int64_t clamp(int64_t value, int64_t limit)
{
	return value < -limit ? -limit : value > limit ? limit : value;
}

int64_t stamp_ns(int64_t seconds, int64_t ns)
{
	const int64_t limit_s = INT64_MAX / 2 / NS_PER_S - 1;
	int64_t s;

	/* Nearly every time there is, and without a division. */
	if (seconds >= 0 && seconds <= limit_s && ns >= 0 && ns < NS_PER_S)
		return seconds * NS_PER_S + ns;
	s = clamp(seconds, limit_s) + ns / NS_PER_S; /* a file may hold more than 1 s of ns */

	return clamp(s, limit_s) * NS_PER_S + ns % NS_PER_S;
}

/* 10 to the power of n; only for n that fit, which are 0 to 19. */
static uint64_t power_of_10(unsigned int n)
{
	uint64_t power = 1;

	while (n-- > 0)
		power *= 10;
	return power;
}

/* Seconds and nanoseconds of ticks, of which there are 2^n in a second. */
static uint64_t split_binary(uint64_t ticks, unsigned int n, uint64_t *ns)
{
	uint64_t seconds = n < 64 ? ticks >> n : 0;
	uint64_t rest = n < 64 ? ticks - (seconds << n) : ticks;

	/* 32 binary digits are finer than nanoseconds, and can be multiplied. */
	if (n > 32) {
		rest = n - 32 < 64 ? rest >> (n - 32) : 0;
		n = 32;
	}
	*ns = rest * NS_PER_S >> n;
	return seconds;
}

#define US_PER_S UINT64_C(1000000)

/* The same with 10^n ticks in a second. */
static uint64_t split_decimal(uint64_t ticks, unsigned int n, uint64_t *ns)
{
	uint64_t per_second;

	/* What nearly all writers have, by constants: a division for each frame takes its time. */
	if (n == 6) {
		*ns = ticks % US_PER_S * 1000;
		return ticks / US_PER_S;
	}
	if (n == 9) {
		*ns = ticks % (uint64_t)NS_PER_S;
		return ticks / (uint64_t)NS_PER_S;
	}
	if (n >= 20) { /* more than 64 bits of ticks: less than a second in all */
		*ns = n - 9 < 20 ? ticks / power_of_10(n - 9) : 0;
		return 0;
	}
	per_second = power_of_10(n);
	*ns = ticks % per_second;
	*ns = n <= 9 ? *ns * power_of_10(9 - n) : *ns / power_of_10(n - 9);
	return ticks / per_second;
}

int64_t stamp_of_ticks(const struct stamp_unit *unit, uint64_t ticks)
{
	/* draft-ietf-opsawg-pcapng section 4.2, if_tsresol: the top bit chooses the base. */
	unsigned int n = unit->resolution & 0x7f;
	uint64_t seconds, ns;

	if ((unit->resolution & 0x80) != 0)
		seconds = split_binary(ticks, n, &ns);
	else
		seconds = split_decimal(ticks, n, &ns);
	if (seconds > (uint64_t)SECONDS_MAX)
		seconds = (uint64_t)SECONDS_MAX;
	return stamp_ns((int64_t)seconds + clamp(unit->offset_s, SECONDS_MAX), (int64_t)ns);
}
