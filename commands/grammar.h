/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables of options, as words for getopt; and what is said of a word that is none of them. */
#ifndef COMMANDS_GRAMMAR_H
#define COMMANDS_GRAMMAR_H

#include <getopt.h>
#include <stddef.h>

/* Of one command: each has letter and name, of which one may be lacking ('\0', NULL). */
struct option_row {
	char letter;
	const char *name, *argument, *purpose;
};

#define GRAMMAR_ROWS_MAX 48

struct grammar {
	const char *verb;
	size_t rows, names;
	struct option_row row[GRAMMAR_ROWS_MAX];
	int id[GRAMMAR_ROWS_MAX];
	char letters[2 * GRAMMAR_ROWS_MAX + 2];
	struct option longs[GRAMMAR_ROWS_MAX + 1];
	const char *nearest[GRAMMAR_ROWS_MAX + 1]; /* with their dashes */
	char dashed[GRAMMAR_ROWS_MAX][24];
};

/* verb: of the help that is pointed to. */
void grammar_begin(struct grammar *, const char *verb);
void grammar_add(struct grammar *, const struct option_row *, int id);

enum { GRAMMAR_END = -1, GRAMMAR_WRONG = -2 };

/*
 * The id of the next option of the line, and its argument in optarg; GRAMMAR_END: optind is at the
 * words that are no options. GRAMMAR_WRONG: what is wrong has been said.
 */
int grammar_next(const struct grammar *, int argc, char **argv);

#endif
