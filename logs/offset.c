/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How far is a log's clock ahead of the capture's? The same event in both gives a sample: address and
 * port name the connection, and its begin or end the moment.
 *
 * A port comes back, and another host may see the same address and port, so a sample may be false. That
 * clocks of two hosts agree to some seconds is usual, and one sample is enough for it. An odd offset
 * has to be shown by some connections at once; a whole number of quarter hours, where the log names no
 * zone, by two events.
 */
#include <stdlib.h>

#include "logs/inside.h"

/* Hosts without NTP drift by some seconds a week. */
#define USUAL_NS (5 * NS_PER_S)
/* Samples of one offset lie within this: a stamp of one second, and how long a program waits. */
#define SPREAD_NS (2 * NS_PER_S)
#define ZONE_NS (INT64_C(900) * NS_PER_S)
#define ODD_LEAST 3  /* connections; with 28,000 ports two may agree by chance in a long log */
#define ZONE_LEAST 2 /* events */

struct cluster {
	size_t from, to; /* of the sorted samples; to is not among them */
	uint32_t conns;
};

static int compare(const void *left, const void *right)
{
	const struct offset_sample *a = left, *b = right;

	if (a->ahead_ns != b->ahead_ns)
		return a->ahead_ns < b->ahead_ns ? -1 : 1;
	return a->conn < b->conn ? -1 : a->conn > b->conn;
}

static bool seen_before(const struct offset_sample *s, size_t from, size_t at)
{
	for (size_t i = from; i < at; i++) {
		if (s[i].conn == s[at].conn)
			return true;
	}
	return false;
}

static void count_conns(const struct offset_sample *s, struct cluster *c)
{
	c->conns = 0;
	for (size_t i = c->from; i < c->to; i++)
		c->conns += !seen_before(s, c->from, i);
}

/* Those about no offset at all. */
static struct cluster usual(const struct offset_sample *s, size_t count)
{
	struct cluster c = { 0, 0, 0 };

	while (c.from < count && s[c.from].ahead_ns < -USUAL_NS)
		c.from++;
	for (c.to = c.from; c.to < count && s[c.to].ahead_ns <= USUAL_NS; c.to++)
		;
	count_conns(s, &c);
	return c;
}

static struct cluster densest(const struct offset_sample *s, size_t count)
{
	struct cluster best = { 0, 0, 0 };
	size_t from = 0;

	for (size_t to = 1; to <= count; to++) {
		while (clock_minus(s[to - 1].ahead_ns, s[from].ahead_ns) > SPREAD_NS)
			from++;
		if (to - from > best.to - best.from)
			best = (struct cluster){ from, to, 0 };
	}
	count_conns(s, &best);
	return best;
}

static bool is_zone(int64_t ahead_ns)
{
	int64_t rest = ahead_ns % ZONE_NS;

	rest = rest < 0 ? rest + ZONE_NS : rest;
	return rest <= USUAL_NS || rest >= ZONE_NS - USUAL_NS;
}

static int64_t median(const struct offset_sample *s, const struct cluster *c)
{
	return s[c->from + (c->to - c->from) / 2].ahead_ns;
}

struct offset offset_of(struct offset_sample *s, size_t count, bool zoned)
{
	struct cluster near, most;
	bool believed;

	if (count == 0)
		return (struct offset){ .clock = LOG_CLOCK_UNKNOWN };
	qsort(s, count, sizeof(*s), compare);
	near = usual(s, count);
	most = densest(s, count);
	believed = most.conns >= ODD_LEAST ||
		   (!zoned && most.to - most.from >= ZONE_LEAST && is_zone(median(s, &most)));
	if (near.conns != 0 && (!believed || 2 * near.conns >= most.conns))
		most = near;
	else if (!believed)
		return (struct offset){ LOG_CLOCK_AWAY, median(s, &most), most.conns };
	return (struct offset){ LOG_CLOCK_FOUND, median(s, &most), most.conns };
}

bool offset_has(const struct offset *offset, const struct offset_sample *s)
{
	int64_t off_ns = clock_minus(s->ahead_ns, offset->ns);

	return (offset->clock == LOG_CLOCK_FOUND || offset->clock == LOG_CLOCK_GIVEN) &&
	       off_ns <= USUAL_NS && off_ns >= -USUAL_NS;
}
