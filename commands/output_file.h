/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file that appears under its name only when it is complete: until then it has another in the same
 * directory, so a full disk or a kill leaves what was there before.
 */
#ifndef COMMANDS_OUTPUT_FILE_H
#define COMMANDS_OUTPUT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct output_file {
	const char *path; /* borrowed */
	char *part;       /* its name while it is written */
	FILE *file;
};

/* What must not be replaced: nobody has another copy of it. */
struct output_guard {
	const char *const *input; /* paths */
	size_t inputs;
	const char *const *log; /* paths */
	size_t logs;
	const char *key; /* NULL: none is used */
};

/* False: it cannot be opened, and that has been said. */
bool output_file_open(struct output_file *, const char *path, const struct output_guard *);
/* Whether a path leads to this file, which is not complete yet. */
bool output_file_is(const struct output_file *, const char *path);
/* written: all that was to be in it. False: it is not there, and that has been said. */
bool output_file_close(struct output_file *, bool written);
/* Leaves nothing of it; also of one that could not be opened. */
void output_file_discard(struct output_file *);

#endif
