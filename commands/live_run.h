/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * All that a live capture has open, and what is done with a verdict. Everything is opened in
 * live_run_open(), in one place: behind it no file is opened but by the descriptors of directories.
 */
#ifndef COMMANDS_LIVE_RUN_H
#define COMMANDS_LIVE_RUN_H

#include "base/pseudonym.h"
#include "commands/commands.h"
#include "commands/live_evidence.h"
#include "commands/live_health.h"
#include "commands/live_options.h"
#include "commands/own.h"
#include "dissect/dissect.h"
#include "report/live_lines.h"
#include "report/sinks.h"
#include "track/track.h"

struct live_run {
	const struct live_choice *choice;
	struct live *live;
	struct fragments *fragments;
	struct track *track;
	struct live_lines *lines;
	struct sinks *sinks;
	struct live_evidence *evidence; /* NULL: none was asked for */
	struct live_health health;
	struct own own;
	struct pseudonyms pseudonyms; /* with --redact */
	struct conn conn, redacted;   /* the one that is judged */
	struct totals totals;
	struct live_clocks now;
	int64_t track_ns; /* for track_time() */
	uint64_t left;    /* frames until -c */
	bool told_gone[LIVE_MAX];
	uint64_t told_dropped; /* frames, and when that was said */
	int64_t told_dropped_ns;
	bool found; /* what --fail-on names */
};

/* NULL: something cannot be opened, and that has been said. */
struct live_run *live_run_open(const struct live_choice *);
/* Judges all connections that are finished. */
void live_run_judge(struct live_run *);
/* The same at the end, but bare attempts only until then: what is left out is said. */
void live_run_judge_rest(struct live_run *, int64_t until_ns);
/* Counters, and what waits for its time; at_once: the last look. */
void live_run_tick(struct live_run *, bool at_once);
/* SIGHUP. */
void live_run_reopen(struct live_run *);
/* The totals; frees all. */
enum status live_run_close(struct live_run *);

#endif
