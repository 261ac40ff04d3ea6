/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the generator of completions share: the tables, and a writer for each shell. */
#ifndef PACKAGING_COMPLETIONS_H
#define PACKAGING_COMPLETIONS_H

#include <stdbool.h>
#include <stddef.h>

struct option_row {
	char letter;                           /* '\0': none */
	const char *name, *argument, *purpose; /* name, argument: NULL for none */
	const char *id;
};

enum { OF_READ = 1, OF_LIVE = 2 };

struct verb_row {
	const char *name, *purpose;
};

extern const struct option_row option_rows[];
extern const struct verb_row verb_rows[];
extern const size_t option_count, verb_count;

/* Which commands take it: OF_READ, OF_LIVE or both. No letter or name is of two rows. */
int takers_of(const struct option_row *);

/* Words, each with a blank before it. causes: families, too. */
extern const char formats[], causes[];

/* What may stand for an argument, separated by blanks; NULL: it is none of a few words. */
const char *words_of(const char *argument);
/* A file is to be named. */
bool is_path(const char *argument);
bool is_interface(const char *argument);
/* It may be left out, and stands behind "=": a file, as all such are. */
bool is_optional(const char *argument);
/* Words, separated by commas; "reset" is one of them, too. */
bool is_list(const char *argument);

/* In single quotes, for any of the shells. */
void put_quoted(const char *words);

void put_bash(void);
void put_zsh(void);
void put_fish(void);

#endif
