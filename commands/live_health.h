/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How well the capture fares, from start to now and in any span of time that is still remembered.
 */
#ifndef COMMANDS_LIVE_HEALTH_H
#define COMMANDS_LIVE_HEALTH_H

#include "capture/live.h"
#include "report/live_counts.h"
#include "track/track.h"

/*
 * The counters are looked at once a second. The last 512 seconds are kept as they were; older ones are
 * merged in pairs each time that the room is full, so a month takes some dozen entries more.
 */
#define HEALTH_SPANS 1024

struct health_span {
	int64_t from_ns, to_ns; /* as frames are stamped; outwards, when the clock stepped */
	struct health lost;
};

struct live_health {
	struct live_counts counts;
	struct live_counts before;   /* at the end of the last span */
	int64_t elapsed_ns, real_ns; /* clocks at the end of the last span */
	int64_t alive_ns;            /* when the program was seen to run last */
	struct health_span span[HEALTH_SPANS];
	size_t spans;
};

/* Both clocks: one that runs on whatever happens, suspension included, and that of the frames. */
struct live_clocks {
	int64_t elapsed_ns, real_ns;
};
struct live_clocks live_clocks(void);

void live_health_begin(struct live_health *, struct live *, struct live_clocks);
/* To be called all the time. Looks at the counters when a second is over, or at_once. */
void live_health_tick(struct live_health *, struct live *, const struct track_counts *,
		      struct live_clocks, bool at_once);
/* All spans that touch this time. */
struct health live_health_between(const struct live_health *, int64_t from_ns, int64_t to_ns);

#endif
