/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A connection as a ladder: client, what is between, server from left to right, time running down. Rungs
 * say what is drawn; how is for the form of the report (text here, Mermaid and SVG elsewhere).
 *
 * A rung tells the verdict's view: a reset that a device made in the server's name starts in the
 * middle, and what was sent in vain ends there.
 */
#ifndef REPORT_LADDER_H
#define REPORT_LADDER_H

#include <stddef.h>

#include "classify/verdict.h"
#include "report/inside.h"
#include "track/conn.h"

enum lane { LANE_CLIENT, LANE_MIDDLE, LANE_SERVER, LANE_NONE };

enum rung_kind {
	RUNG_ARROW,    /* from a lane to another */
	RUNG_NOTE,     /* said of the whole: no lanes */
	RUNG_SILENCE,  /* nothing was sent for that long */
	RUNG_LEFT_OUT, /* events that are not drawn */
};

#define RUNG_LABEL_MAX 48

struct rung {
	enum rung_kind kind;
	enum lane from, to;
	bool lost;                  /* to is LANE_MIDDLE: it did not arrive */
	bool ending;                /* this is the segment that ended it */
	uint64_t events;            /* that it stands for */
	int64_t after_ns;           /* since the first frame */
	int64_t silence_ns;         /* of RUNG_SILENCE */
	struct mark mark;           /* number 0: no frame */
	char label[RUNG_LABEL_MAX]; /* printable ASCII */
};

#define LADDER_RUNGS_MAX 30 /* with a heading, a screen */

/* ladder_lanes.c: makes an arrow of the rung of an event that somebody sent; others stay as they are. */
void ladder_lanes(struct rung *, const struct conn *, const struct verdict *, const struct event *);

/* The rungs in order; how many. */
size_t ladder_of(const struct conn *, const struct verdict *, struct rung rungs[LADDER_RUNGS_MAX]);

/*
 * What the middle lane is called: "middlebox" where something was made there, "network" where it was only
 * lost, "" where nothing happens on it.
 */
const char *ladder_middle(const struct rung *, size_t count);

/*
 * As lines of the width that was asked for. Words are printable ASCII; so are the lines, unless Unicode
 * was asked for. Colour says nothing that a sign does not say.
 */
void ladder_draw(const struct report *, FILE *out, const struct rung *, size_t count);

#endif
