/* SPDX-License-Identifier: BSD-3-Clause */
/* For bash, without the helpers of bash-completion, which need not be there. */
#include <stdio.h>

#include "packaging/completions/completions.h"

static void put_pattern(const struct option_row *o)
{
	printf("\t");
	if (o->letter != '\0')
		printf("-%c", o->letter);
	if (o->name != NULL)
		printf("%s--%s", o->letter != '\0' ? "|" : "", o->name);
	printf(")\n");
}

static void put_value(const struct option_row *o)
{
	if (o->argument == NULL || is_optional(o->argument)) /* the next word is another one */
		return;
	put_pattern(o);
	if (is_list(o->argument))
		printf("\t\tcompopt -o nospace\n\t\tlist=${word%%\"${word##*,}\"}\n"
		       "\t\tmapfile -t COMPREPLY < <(compgen -P \"$list\" -W 'reset %s' -- "
		       "\"${word##*,}\")\n",
		       words_of(o->argument));
	else if (words_of(o->argument) != NULL)
		printf("\t\tmapfile -t COMPREPLY < <(compgen -W '%s' -- \"$word\")\n",
		       words_of(o->argument));
	else if (is_interface(o->argument))
		printf("\t\tmapfile -t COMPREPLY < <(compgen -W \"any $(cd /sys/class/net 2>/dev/null "
		       "&& echo *)\" -- \"$word\")\n");
	else if (is_path(o->argument))
		printf("\t\t_rstscope_files \"$word\"\n");
	printf("\t\treturn ;;\n");
}

static void put_options(int taker)
{
	for (size_t i = 0; i < option_count; i++) {
		if ((takers_of(&option_rows[i]) & taker) == 0)
			continue;
		if (option_rows[i].letter != '\0')
			printf(" -%c", option_rows[i].letter);
		if (option_rows[i].name != NULL)
			printf(" --%s", option_rows[i].name);
	}
}

void put_bash(void)
{
	puts("_rstscope_files()\n"
	     "{\n"
	     "\tcompopt -o filenames\n"
	     "\tmapfile -t COMPREPLY < <(compgen -f -- \"$1\")\n"
	     "}\n"
	     "\n"
	     "_rstscope()\n"
	     "{\n"
	     "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} list\n"
	     "\n"
	     "\tCOMPREPLY=()\n"
	     "\t# --format=json is three words to bash.\n"
	     "\tif [[ $before == = ]]; then\n"
	     "\t\tbefore=${COMP_WORDS[COMP_CWORD - 2]}\n"
	     "\telif [[ $word == = ]]; then\n"
	     "\t\tword=\n"
	     "\tfi\n"
	     "\tcase $before in");
	for (size_t i = 0; i < option_count; i++)
		put_value(&option_rows[i]);
	printf("\tesac\n"
	       "\tif [[ ${COMP_WORDS[1]} == explain && $COMP_CWORD -gt 1 ]]; then\n"
	       "\t\tmapfile -t COMPREPLY < <(compgen -W 'timers%s' -- \"$word\")\n"
	       "\telif [[ ${COMP_WORDS[1]} == live && $word == -* ]]; then\n"
	       "\t\tmapfile -t COMPREPLY < <(compgen -W '",
	       causes);
	put_options(OF_LIVE);
	printf("' -- \"$word\")\n"
	       "\telif [[ $word == -* ]]; then\n"
	       "\t\tmapfile -t COMPREPLY < <(compgen -W '");
	put_options(OF_READ);
	printf("' -- \"$word\")\n"
	       "\telse\n"
	       "\t\t_rstscope_files \"$word\"\n"
	       "\t\tif [[ $COMP_CWORD -eq 1 ]]; then\n"
	       "\t\t\tmapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W '");
	for (size_t i = 0; i < verb_count; i++)
		printf(" %s", verb_rows[i].name);
	puts("' -- \"$word\")\n"
	     "\t\tfi\n"
	     "\tfi\n"
	     "}\n"
	     "\n"
	     "complete -F _rstscope rstscope");
}
