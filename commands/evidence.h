/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * -o NAME.pcapng: the frames of the connections that ended oddly, with our sentences beside them.
 *
 * Which those are is known only when they are over, so the input is read twice: evidence_add() keeps
 * of each odd connection its ends, its frames of evidence and the words; evidence_write() reads
 * again and copies.
 */
#ifndef COMMANDS_EVIDENCE_H
#define COMMANDS_EVIDENCE_H

#include "base/pseudonym.h"
#include "capture/capture.h"
#include "commands/options.h"
#include "report/report.h"

#define EVIDENCE_ENDING ".pcapng"

/* Whether the ending of an output chooses this. */
bool evidence_is_named(const char *path);
/* An input that cannot be read twice; NULL when all can. */
const char *evidence_unreadable_twice(const struct options *);

struct evidence_kept;

/*
 * options: copied, but for the paths, which are what the inputs are called; path: where they are. names:
 * what stands for names in frames, NULL for frames as they are. Comments are made of what
 * evidence_add() is told, in either case. All are borrowed.
 */
struct evidence_kept *evidence_new(const struct report_options *options, const char *const *path,
				   const struct pseudonyms *names);
/*
 * Takes note of a connection, if it ended oddly. captured: with the addresses that are in the input;
 * told: as the reader is to see it (the same, unless something is taken out).
 */
void evidence_add(struct evidence_kept *, const struct conn *captured, const struct conn *told,
		  const struct verdict *);
/*
 * Reads the inputs again, so much of each as totals say was read. False: they are not what they were,
 * which has been said. Whether out could be written, out knows.
 */
bool evidence_write(struct evidence_kept *, FILE *out, const struct totals *);
void evidence_free(struct evidence_kept *);

#endif
