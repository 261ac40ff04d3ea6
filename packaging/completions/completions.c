/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * completions bash|zsh|fish: what a shell completes after "rstscope", on standard output.
 *
 * Made from the tables of the program itself, so a new option, format, verb or cause is completed
 * without a word here. What an argument may be is told by its name in options.def.
 */
#include "packaging/completions/completions.h"

#include <stdio.h>
#include <string.h>

/* Those of live come first: takers_of() goes by that. */
#define OPTION(id, letter, name, argument, purpose) { letter, name, argument, purpose, #id },
const struct option_row option_rows[] = {
#include "commands/live_options.def"
#include "commands/options.def"
};

static const struct option_row live_rows[] = {
#include "commands/live_options.def"
};
#undef OPTION

#define SHARED(id) #id,
static const char *const shared[] = {
#include "commands/live_shared.def"
};
#undef SHARED

static const size_t live_count = sizeof(live_rows) / sizeof(live_rows[0]);
const size_t option_count = sizeof(option_rows) / sizeof(option_rows[0]);

int takers_of(const struct option_row *row)
{
	if (row < option_rows + live_count)
		return OF_LIVE;
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++) {
		if (strcmp(shared[i], row->id) == 0)
			return OF_READ | OF_LIVE;
	}
	return OF_READ;
}

#define VERB(name, arguments, purpose) { #name, purpose },
const struct verb_row verb_rows[] = {
#include "commands/verbs.def"
};
#undef VERB

const size_t verb_count = sizeof(verb_rows) / sizeof(verb_rows[0]);

const char formats[] =
#define FORMAT(id, ending) " " #id
#include "report/formats.def"
#undef FORMAT
	;

/* Some families have the word of one of their causes: a shell does not mind. */
const char causes[] =
#define CAUSE(id, prior) " " #id
#include "classify/causes.def"
#undef CAUSE
#define FAMILY(id, title) " " #id
#include "classify/families.def"
#undef FAMILY
	;

static const struct {
	const char *name, *words;
} kinds[] = {
	{ "FORMAT", formats + 1 },
	{ "LIST", causes + 1 },
	{ "WHEN", "auto always never" },
};

const char *words_of(const char *argument)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (argument != NULL && strcmp(argument, kinds[i].name) == 0)
			return kinds[i].words;
	}
	return NULL;
}

bool is_path(const char *argument)
{
	return argument != NULL && (strcmp(argument, "FILE") == 0 || strcmp(argument, "OUT") == 0 ||
				    strcmp(argument, "DIR") == 0);
}

bool is_interface(const char *argument)
{
	return argument != NULL && strcmp(argument, "IFACE") == 0;
}

bool is_optional(const char *argument)
{
	return argument != NULL && argument[0] == '[';
}

bool is_list(const char *argument)
{
	return argument != NULL && strcmp(argument, "LIST") == 0;
}

void put_quoted(const char *words)
{
	putchar('\'');
	for (const char *at = words; *at != '\0'; at++) {
		if (*at == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*at);
	}
	putchar('\'');
}

static const struct {
	const char *name;
	void (*put)(void);
} shells[] = {
	{ "bash", put_bash },
	{ "zsh", put_zsh },
	{ "fish", put_fish },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof(shells) / sizeof(shells[0]); i++) {
		if (strcmp(argv[1], shells[i].name) != 0)
			continue;
		puts(strcmp(argv[1], "zsh") == 0 ? "#compdef rstscope" : "# rstscope");
		puts("# Made from the tables of rstscope by packaging/completions/; not to be edited.");
		shells[i].put();
		return fflush(stdout) == 0 ? 0 : 1;
	}
	fputs("usage: completions bash|zsh|fish\n", stderr);
	return 2;
}
