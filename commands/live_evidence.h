/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The minutes before an end: recent frames are kept in memory, and when a connection ended oddly, its own
 * and those that tell of its hosts are written to a file.
 */
#ifndef COMMANDS_LIVE_EVIDENCE_H
#define COMMANDS_LIVE_EVIDENCE_H

#include "capture/live.h"
#include "commands/live_options.h"
#include "dissect/dissect.h"
#include "report/live_counts.h"

struct live_evidence;

/* NULL: the directory cannot be used, and that has been said. The options are borrowed. */
struct live_evidence *live_evidence_new(const struct live_choice *);
void live_evidence_free(struct live_evidence *);
/* The directory, for a sandbox. */
int live_evidence_fd(const struct live_evidence *);

/* packet: what was made of the frame; NULL: nothing. */
void live_evidence_keep(struct live_evidence *, const struct frame *, const struct packet *);
/* Writes a file if it ended oddly, unless there were too many within a short time. */
void live_evidence_judged(struct live_evidence *, const struct live *, int64_t elapsed_ns,
			  const struct conn *, const struct verdict *);
void live_evidence_count(const struct live_evidence *, struct live_counts *);

#endif
