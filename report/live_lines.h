/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What whoever sits before a live capture sees: a line for each verdict, and no more of them a second
 * than a person can read.
 */
#ifndef REPORT_LIVE_LINES_H
#define REPORT_LIVE_LINES_H

#include "report/live_counts.h"
#include "report/report.h"

/* So many a second: a page. */
#define LIVE_LINES_A_SECOND 24

struct live_lines;

/* all: what ended well, too; else what ended oddly, and what was open at the end. fd: borrowed. Frees with live_lines_free(). */
struct live_lines *live_lines_new(int fd, bool all);
void live_lines_free(struct live_lines *);

/*
 * note: a few words about the connection that stand behind its sentence, "" for none. now_ns: of a clock
 * that never steps. A reader that does not read is not waited for: what it misses is counted.
 */
void live_lines_judged(struct live_lines *, int64_t now_ns, const struct conn *,
		       const struct verdict *, const char *note);
/* Says what was left out, when there is room for it. */
void live_lines_tick(struct live_lines *, int64_t now_ns);
/* A sentence of ours; it counts as no verdict. */
void live_lines_say(struct live_lines *, const char *words);
/* What was seen, what was lost, and how many verdicts of each cause. */
void live_lines_end(struct live_lines *, const struct live_counts *, const struct totals *);
/* Whether what was to be written could be, but for readers that went away. */
bool live_lines_good(const struct live_lines *);

#endif
