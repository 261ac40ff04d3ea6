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
 * What is done to a frame before it is written, and its interface, to take out what others must not
 * see: bytes and lengths may be changed, the bytes where they lie, or be others that live until the
 * next call. False leaves the frame out. Comments are made of what evidence_add() was told.
 */
struct evidence_change {
	bool (*frame)(void *own, struct frame *, struct capture_interface *);
	void *own;
};

/* options: copied, but for the paths. change: NULL for frames as they are; else borrowed. */
struct evidence_kept *evidence_new(const struct report_options *options,
				   const struct evidence_change *change);
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
