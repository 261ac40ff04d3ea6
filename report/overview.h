/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The whole capture at a glance: how many connections of each family ended when, and the gravest of the
 * odd ones as lanes. Of fixed size, kept while connections come and go.
 */
#ifndef REPORT_OVERVIEW_H
#define REPORT_OVERVIEW_H

#include <stddef.h>

#include "classify/verdict.h"
#include "track/conn.h"

#define OVERVIEW_COLUMNS 192 /* in a drawing of 960 units, each is 5 to 10 wide */
#define OVERVIEW_FAMILIES 8  /* families.def has fewer */
#define OVERVIEW_LANES 40    /* more are no picture any more */

/* Of a lane that lost more, each second one is left out as often as needed: still a picture of when. */
#define OVERVIEW_TICKS 32

/* Something of the connection was lost: sent again, or not in the capture. */
struct overview_tick {
	int64_t time_ns;
	bool uncaptured;
};

struct overview_lane {
	uint64_t id;
	struct endpoint client, server;
	int64_t first_ns, end_ns, last_ns;
	int64_t silence_ns; /* before the end */
	enum ending ending;
	enum who who;
	enum cause_id cause;
	bool in_session;
	uint8_t ticks;
	struct overview_tick tick[OVERVIEW_TICKS];
	char sentence[VERDICT_SENTENCE_MAX];
};

struct overview {
	bool some;
	int64_t first_ns, last_ns;  /* of all connections */
	int64_t begin_ns, width_ns; /* column i holds the ends from begin + i * width on */
	uint32_t ended[OVERVIEW_FAMILIES][OVERVIEW_COLUMNS]; /* row: as family_row() */
	uint64_t of_family[OVERVIEW_FAMILIES];
	uint64_t odd;
	size_t lanes;
	struct overview_lane lane[OVERVIEW_LANES];
};

/* By its verdict without words; whether it may have a lane, and so is to be told. */
bool overview_count(struct overview *, const struct conn *, const struct verdict *);
/* Of one that was counted: its lane, if it is odd and there is one for it. */
void overview_tell(struct overview *, const struct conn *, const struct verdict *);

/* The lanes in the order of their beginnings. For the end, once. */
void overview_sort(struct overview *);

/* Many odd ends at once: a restart, a reboot, a device that lost its table. None in years of capture. */
struct overview_mass {
	size_t from, columns;
	uint64_t ended;
};

#define OVERVIEW_MASSES 5 /* more are no news any more */

/* In the order of time; how many. */
size_t overview_masses(const struct overview *, struct overview_mass mass[OVERVIEW_MASSES]);

/* The row of a cause's family. */
size_t overview_family(enum cause_id);

#endif
