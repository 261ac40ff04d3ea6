/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a live capture may have missed while a connection lived. Times are rounded to the capture's own
 * looks at its counters, outwards: rather a loss too many is told than one too few.
 */
#ifndef TRACK_CONN_HEALTH_H
#define TRACK_CONN_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

struct health {
	bool live; /* false: of a file nothing is known, and all else is 0 */
	bool dropped_by_interface_known;
	uint64_t seen;                 /* frames of any connection that passed the filter */
	uint64_t dropped_by_kernel;    /* of the same kind, for lack of room */
	uint64_t dropped_by_interface; /* of any kind; meaningless unless known */
	int64_t link_down_ns;
	uint64_t clock_steps;
	uint64_t gaps; /* times this program did not run */
	int64_t gap_ns;
	uint64_t evicted; /* flows that made room */
};

#endif
