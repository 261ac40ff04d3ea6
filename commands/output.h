/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where reports go: standard output, and files that appear under their name only when they are
 * complete.
 */
#ifndef COMMANDS_OUTPUT_H
#define COMMANDS_OUTPUT_H

#include "base/pseudonym.h"
#include "commands/options.h"
#include "report/report.h"

struct outputs;
struct noted_conn; /* logs/note.h */

/*
 * Opens all that the options ask for, but what would replace one of the inputs. NULL: one could not be
 * opened, and that has been said.
 */
struct outputs *outputs_open(const struct options *, const char *const *input, size_t inputs);
/*
 * When it is known what is read. path: of these inputs, whatever the reports call them. names: what
 * stands for names in frames, NULL for frames as they are.
 */
void outputs_begin(struct outputs *, const struct options *, const struct report_options *,
		   const char *const *path, const struct pseudonyms *names);
/* Instead of outputs_close(): as if none had been asked for. */
void outputs_discard(struct outputs *);
/* Whether connections appear on a terminal as they end. */
bool outputs_are_seen(const struct outputs *, const struct options *);
/*
 * captured: with the addresses that are in the input; told: as readers are to see it, which is the
 * same unless something is taken out. The verdict of the latter, with what logs say (NULL: none were
 * given), needs no words: when a report asks for them, they are added.
 */
void outputs_each(struct outputs *, const struct conn *captured, const struct conn *told,
		  const struct noted_conn *, struct verdict *);
/* False: one could not be written, and that has been said. A reader that went away is no failure. */
bool outputs_close(struct outputs *, const struct totals *);

#endif
