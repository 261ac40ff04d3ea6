/* SPDX-License-Identifier: BSD-3-Clause */
#include "commands/grammar.h"

#include <stdio.h>
#include <string.h>

#include "commands/message.h"

/* Long options get numbers behind all characters. */
enum { LONG_FIRST = 256 };

void grammar_begin(struct grammar *g, const char *verb)
{
	memset(g, 0, sizeof(*g));
	g->verb = verb;
	g->letters[0] = ':'; /* a missing argument is told apart */
	opterr = 0;
	optind = 1;
}

static int argument_of(const struct option_row *row)
{
	if (row->argument == NULL)
		return no_argument;
	return row->argument[0] == '[' ? optional_argument : required_argument;
}

static void add_letter(struct grammar *g, const struct option_row *row)
{
	size_t len = strlen(g->letters);

	g->letters[len++] = row->letter;
	if (row->argument != NULL)
		g->letters[len] = ':';
}

static void add_name(struct grammar *g, const struct option_row *row)
{
	g->longs[g->names] = (struct option){
		.name = row->name,
		.has_arg = argument_of(row),
		.val = LONG_FIRST + (int)g->rows,
	};
	snprintf(g->dashed[g->names], sizeof(g->dashed[g->names]), "--%s", row->name);
	g->nearest[g->names] = g->dashed[g->names];
	g->names++;
}

void grammar_add(struct grammar *g, const struct option_row *row, int id)
{
	if (row->letter != '\0')
		add_letter(g, row);
	if (row->name != NULL)
		add_name(g, row);
	g->row[g->rows] = *row;
	g->id[g->rows++] = id;
}

static int say_wrong(int got, char **argv, const struct grammar *g)
{
	const char *typed = argv[optind - 1];
	char letter[] = { '-', (char)optopt, '\0' };

	if (got == ':')
		message(NULL, "option '%s' needs an argument", typed);
	else if (strncmp(typed, "--", 2) == 0)
		message_unknown("option", typed, g->nearest);
	else
		message(NULL, "unknown option '%s'; see 'rstscope %s --help'", letter, g->verb);
	return GRAMMAR_WRONG;
}

int grammar_next(const struct grammar *g, int argc, char **argv)
{
	int got = getopt_long(argc, argv, g->letters, g->longs, NULL);

	if (got == -1)
		return GRAMMAR_END;
	if (got == '?' || got == ':')
		return say_wrong(got, argv, g);
	if (got >= LONG_FIRST)
		return g->id[got - LONG_FIRST];
	for (size_t i = 0; i < g->rows; i++) {
		if (g->row[i].letter == got)
			return g->id[i];
	}
	return GRAMMAR_WRONG;
}
