/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a live capture knows of itself, for whoever is told: what it saw, and what it may have missed.
 * All counts run from the start of the capture and never wrap.
 */
#ifndef REPORT_LIVE_COUNTS_H
#define REPORT_LIVE_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More would be a list of ports of a switch; "any" is for that. */
#define LIVE_INTERFACES_MAX 16
#define LIVE_NAME_MAX 64 /* as it was given, made printable: IFNAMSIZ octets of any kind */

struct live_interface {
	char name[LIVE_NAME_MAX];
	uint64_t seen;                 /* frames that passed the filter and were read */
	uint64_t dropped_by_kernel;    /* the ring was full */
	uint64_t dropped_by_interface; /* of any traffic; meaningless unless known */
	bool dropped_by_interface_known;
	bool link_is_down, gone; /* at this moment */
	int64_t link_down_ns;    /* in all, this moment's included */
};

struct live_counts {
	struct live_interface interface[LIVE_INTERFACES_MAX];
	size_t interfaces;
	/* Of all interfaces together; known: of each of them. */
	uint64_t seen, dropped_by_kernel, dropped_by_interface;
	bool dropped_by_interface_known;
	int64_t link_down_ns;
	uint64_t clock_steps; /* times the clock of the day went another way than time */
	uint64_t gaps; /* times this program itself did not run: stopped, starved, suspended */
	int64_t gap_ns;
	/* What became of what was seen. */
	uint64_t flows;        /* TCP connections of any kind */
	uint64_t evicted;      /* flows that made room before they were known to be SSH */
	uint64_t judged_early; /* SSH connections that made room */
	/* Files of packets from before an end; 0 unless asked for. */
	uint64_t evidence_written, evidence_removed, evidence_failed;
};

#endif
