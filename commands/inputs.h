/* SPDX-License-Identifier: BSD-3-Clause */
/* From the words of the command line to open captures: what cannot be read is said here. */
#ifndef COMMANDS_INPUTS_H
#define COMMANDS_INPUTS_H

#include "capture/capture.h"
#include "commands/options.h"
#include "report/report.h"

struct inputs {
	const char **path; /* of those that are read, by their index in the capture */
	size_t count;
	bool missing;              /* one that was named cannot be read */
	bool partly;               /* a directory that was named has a file that cannot be read */
	bool from_stdin;           /* one is standard input, and that is a pipe */
	struct capture_list *list; /* the files of what was named, if that is a directory */
	size_t lists;
};

/* Lists the directories among what the options name; looks at no byte of a file. */
void inputs_list(struct inputs *, const struct options *);
/* The files that may be opened. An array of what is borrowed; free() it. */
const char **inputs_named(const struct inputs *, const struct options *, size_t *count);
/* Adds to the capture what was listed. inputs_free() is due after capture_close(). */
void inputs_open(struct inputs *, struct capture *, const struct options *);
void inputs_free(struct inputs *);

/* All but what was skipped. Borrows from the capture. */
struct input_total inputs_total(const struct capture *, size_t index);

#endif
