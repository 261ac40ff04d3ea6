/* SPDX-License-Identifier: BSD-3-Clause */
/* For zsh: a table for _arguments, as zshcompsys(1) has it. */
#include <stdio.h>

#include "packaging/completions/completions.h"

/* Inside of [], and where a colon ends the field. */
static void put_escaped(const char *words)
{
	for (const char *at = words; *at != '\0'; at++) {
		if (*at == '[' || *at == ']' || *at == ':' || *at == '\\')
			putchar('\\');
		if (*at == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*at);
	}
}

static void put_value(const struct option_row *o)
{
	if (o->argument == NULL)
		return;
	if (is_optional(o->argument)) {
		printf("::KEYFILE:_files");
		return;
	}
	printf(":%s:", o->argument);
	if (is_list(o->argument))
		printf("_values -s , word reset %s", words_of(o->argument));
	else if (words_of(o->argument) != NULL)
		printf("(%s)", words_of(o->argument));
	else if (is_interface(o->argument))
		printf("{compadd any; _net_interfaces}");
	else if (is_path(o->argument))
		printf("_files");
	else
		printf(" ");
}

/* "*": may be given again, which is harmless where it has no sense. */
static void put_option(const struct option_row *o)
{
	const char *value = o->argument != NULL ? "+" : "";

	if (o->letter != '\0') {
		printf("\t\t'*-%c%s[", o->letter, value);
		put_escaped(o->purpose);
		printf("]");
		put_value(o);
		puts("' \\");
	}
	if (o->name != NULL) {
		printf("\t\t'*--%s%s[", o->name,
		       is_optional(o->argument) ? "=-" :
		       o->argument != NULL      ? "=" :
						  "");
		put_escaped(o->purpose);
		printf("]");
		put_value(o);
		puts("' \\");
	}
}

static void put_options(int taker)
{
	for (size_t i = 0; i < option_count; i++) {
		if ((takers_of(&option_rows[i]) & taker) != 0)
			put_option(&option_rows[i]);
	}
}

void put_zsh(void)
{
	puts("_rstscope()\n"
	     "{\n"
	     "\tlocal -a verbs\n"
	     "\n"
	     "\tverbs=(");
	for (size_t i = 0; i < verb_count; i++) {
		printf("\t\t'%s:", verb_rows[i].name);
		put_escaped(verb_rows[i].purpose);
		puts("'");
	}
	printf("\t)\n"
	       "\tif (( CURRENT > 2 )) && [[ $words[2] == explain ]]; then\n"
	       "\t\tcompadd -- timers%s\n"
	       "\t\treturn\n"
	       "\tfi\n"
	       "\tif (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
	       "\t\t_describe command verbs\n"
	       "\tfi\n"
	       "\tif [[ $words[2] == live ]]; then\n"
	       "\t\t_arguments -s -S \\\n",
	       causes);
	put_options(OF_LIVE);
	puts("\t\t'*:BPF: '\n"
	     "\t\treturn\n"
	     "\tfi\n"
	     "\t_arguments -s -S \\");
	put_options(OF_READ);
	puts("\t\t'*:FILE:_files'\n"
	     "}\n"
	     "\n"
	     "if [[ $funcstack[1] == _rstscope ]]; then\n"
	     "\t_rstscope \"$@\"\n"
	     "else\n"
	     "\tcompdef _rstscope rstscope\n"
	     "fi");
}
