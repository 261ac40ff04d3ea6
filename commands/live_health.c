/* SPDX-License-Identifier: BSD-3-Clause */
#include "commands/live_health.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"

#define LOOK_EVERY_NS NS_PER_S

/* NTP turns a clock by half a millisecond a second at most: so much more was set by someone. */
#define STEP_NS (100 * NS_PER_MS)

/* The loop comes around some ten times a second: who is that late was stopped, starved or suspended. */
#define GAP_NS NS_PER_S

static int64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

struct live_clocks live_clocks(void)
{
	return (struct live_clocks){ clock_ns(CLOCK_BOOTTIME), clock_ns(CLOCK_REALTIME) };
}

/* ---- the counters ---- */

static void look_at(struct live_counts *c, struct live_interface *of,
		    const struct live_interface_stats *stats)
{
	struct text name = text_in(of->name, sizeof(of->name));

	text_add_wire(&name, stats->name, strlen(stats->name));
	of->seen = stats->seen;
	of->dropped_by_kernel = stats->dropped_by_kernel;
	of->dropped_by_interface = stats->dropped_by_interface;
	of->dropped_by_interface_known = stats->dropped_by_interface_known;
	of->link_is_down = stats->link_is_down;
	of->gone = stats->gone;
	of->link_down_ns = stats->link_down_ns;
	c->seen += of->seen;
	c->dropped_by_kernel += of->dropped_by_kernel;
	c->dropped_by_interface += of->dropped_by_interface;
	c->dropped_by_interface_known &= of->dropped_by_interface_known;
	c->link_down_ns += of->link_down_ns;
}

static void look(struct live_counts *c, struct live *live, const struct track_counts *track)
{
	c->interfaces = live_interfaces(live);
	c->seen = c->dropped_by_kernel = c->dropped_by_interface = 0;
	c->link_down_ns = 0;
	c->dropped_by_interface_known = true;
	for (size_t i = 0; i < c->interfaces; i++) {
		struct live_interface_stats stats = live_stats(live, i);

		look_at(c, &c->interface[i], &stats);
	}
	if (track == NULL)
		return;
	c->flows = track->flows;
	c->evicted = track->evicted;
	c->judged_early = track->judged_early;
}

void live_health_begin(struct live_health *h, struct live *live, struct live_clocks now)
{
	look(&h->counts, live, NULL);
	h->before = h->counts;
	h->elapsed_ns = h->alive_ns = now.elapsed_ns;
	h->real_ns = now.real_ns;
}

/* ---- spans ---- */

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void add(struct health *sum, const struct health *h)
{
	sum->seen += h->seen;
	sum->dropped_by_kernel += h->dropped_by_kernel;
	sum->dropped_by_interface += h->dropped_by_interface;
	sum->dropped_by_interface_known |= h->dropped_by_interface_known;
	sum->link_down_ns += h->link_down_ns;
	sum->clock_steps += h->clock_steps;
	sum->gaps += h->gaps;
	sum->gap_ns += h->gap_ns;
	sum->evicted += h->evicted;
}

/* The older half, two by two; what is known of one of the two is known of both, as a lower bound. */
static void merge_old(struct live_health *h)
{
	const size_t half = HEALTH_SPANS / 2, merged = half / 2;

	for (size_t i = 0; i < merged; i++) {
		struct health_span a = h->span[2 * i];
		const struct health_span *b = &h->span[2 * i + 1];

		a.from_ns = least(a.from_ns, b->from_ns);
		a.to_ns = most(a.to_ns, b->to_ns);
		add(&a.lost, &b->lost);
		h->span[i] = a;
	}
	memmove(&h->span[merged], &h->span[half], (h->spans - half) * sizeof(h->span[0]));
	h->spans -= half - merged;
}

static struct health difference(const struct live_counts *now, const struct live_counts *before)
{
	return (struct health){
		.live = true,
		.dropped_by_interface_known = now->dropped_by_interface_known,
		.seen = now->seen - before->seen,
		.dropped_by_kernel = now->dropped_by_kernel - before->dropped_by_kernel,
		.dropped_by_interface = now->dropped_by_interface - before->dropped_by_interface,
		.link_down_ns = now->link_down_ns - before->link_down_ns,
		.clock_steps = now->clock_steps - before->clock_steps,
		.gaps = now->gaps - before->gaps,
		.gap_ns = now->gap_ns - before->gap_ns,
		.evicted =
			now->evicted + now->judged_early - before->evicted - before->judged_early,
	};
}

static void end_span(struct live_health *h, struct live_clocks now)
{
	if (h->spans == HEALTH_SPANS)
		merge_old(h);
	h->span[h->spans++] = (struct health_span){
		.from_ns = least(h->real_ns, now.real_ns),
		.to_ns = most(h->real_ns, now.real_ns),
		.lost = difference(&h->counts, &h->before),
	};
	h->before = h->counts;
	h->elapsed_ns = now.elapsed_ns;
	h->real_ns = now.real_ns;
}

void live_health_tick(struct live_health *h, struct live *live, const struct track_counts *track,
		      struct live_clocks now, bool at_once)
{
	const int64_t late_ns = now.elapsed_ns - h->alive_ns;
	const int64_t since_ns = now.elapsed_ns - h->elapsed_ns;

	h->alive_ns = now.elapsed_ns;
	if (late_ns > GAP_NS) {
		h->counts.gaps++;
		h->counts.gap_ns += late_ns;
	}
	if (since_ns < LOOK_EVERY_NS && !at_once)
		return;
	h->counts.clock_steps += llabs(now.real_ns - h->real_ns - since_ns) > STEP_NS;
	look(&h->counts, live, track);
	end_span(h, now);
}

struct health live_health_between(const struct live_health *h, int64_t from_ns, int64_t to_ns)
{
	struct health sum = { .live = true };

	for (size_t i = 0; i < h->spans; i++) {
		if (h->span[i].from_ns <= to_ns && h->span[i].to_ns >= from_ns)
			add(&sum, &h->span[i].lost);
	}
	return sum;
}
