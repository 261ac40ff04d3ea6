/* SPDX-License-Identifier: BSD-3-Clause */
/* For fish: a line for each option. */
#include <stdio.h>

#include "packaging/completions/completions.h"

/* Where an option is offered, by who takes it. */
static const char *const where[] = {
	[OF_READ] = "not __fish_seen_subcommand_from explain live",
	[OF_LIVE] = "__fish_seen_subcommand_from live",
	[OF_READ | OF_LIVE] = "not __fish_seen_subcommand_from explain",
};

static void put_value(const struct option_row *o)
{
	if (o->argument == NULL || is_optional(o->argument)) /* the next word is another one */
		return;
	if (is_list(o->argument)) {
		printf(" -x -a '(__fish_complete_list , __rstscope_words)'");
	} else if (words_of(o->argument) != NULL) {
		printf(" -x -a ");
		put_quoted(words_of(o->argument));
	} else if (is_interface(o->argument)) {
		printf(" -x -a 'any (command ls /sys/class/net)'");
	} else {
		printf(is_path(o->argument) ? " -r -F" : " -x");
	}
}

static void put_option(const struct option_row *o)
{
	printf("complete -c rstscope -n '%s'", where[takers_of(o)]);
	if (o->letter != '\0')
		printf(" -s %c", o->letter);
	if (o->name != NULL)
		printf(" -l %s", o->name);
	put_value(o);
	printf(" -d ");
	put_quoted(o->purpose);
	putchar('\n');
}

void put_fish(void)
{
	printf("function __rstscope_words\n"
	       "\tstring split ' ' -- reset%s\n"
	       "end\n"
	       "\n",
	       causes);
	for (size_t i = 0; i < verb_count; i++) {
		printf("complete -c rstscope -n __fish_use_subcommand -a %s -d ",
		       verb_rows[i].name);
		put_quoted(verb_rows[i].purpose);
		putchar('\n');
	}
	printf("complete -c rstscope -n '__fish_seen_subcommand_from explain' -f -a 'timers%s'\n",
	       causes);
	for (size_t i = 0; i < option_count; i++)
		put_option(&option_rows[i]);
}
