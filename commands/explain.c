/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * rstscope explain: the verdicts and the timers, without a capture and without a network. The texts
 * of a cause are in its own file, classify/causes/ID.c; the rows of the timers in idle_timers.def.
 */
#include <stdio.h>
#include <string.h>

#include "base/names.h"
#include "base/text.h"
#include "classify/verdict.h"
#include "commands/commands.h"
#include "commands/message.h"
#include "report/report.h"

#define TIMERS "timers"

/* More than these are no answer to a slip of the finger. */
#define NEAR_MOST 4

/* All there is to explain, NULL at the end: some families have the word of one of their causes. */
static void words_of(const char *words[])
{
	const struct family *family;
	size_t count = 0;

	for (int i = 0; i < CAUSE_COUNT; i++)
		words[count++] = cause_name((enum cause_id)i);
	for (size_t i = 0; (family = family_row(i)) != NULL; i++)
		words[count++] = family->name;
	words[count++] = TIMERS;
	words[count] = NULL;
}

static void say_unknown(const char *typed)
{
	const char *words[2 * CAUSE_COUNT + 2], *near[NEAR_MOST];
	char list[256];
	struct text t = text_in(list, sizeof(list));
	size_t count;

	words_of(words);
	count = names_near(typed, words, near, NEAR_MOST);
	for (size_t i = 0; i < count; i++)
		text_add(&t, "%s'%s'", i == 0 ? "" : i + 1 < count ? ", " : " or ", near[i]);
	if (count != 0)
		message(NULL, "nothing to explain is called '%s'; did you mean %s?", typed, list);
	else
		message(NULL, "nothing to explain is called '%s'; 'rstscope explain' lists all",
			typed);
}

/* A cause before a family of the same name: it says more. */
static int explain(const char *word)
{
	const struct family *family;

	for (int i = 0; i < CAUSE_COUNT; i++) {
		if (strcmp(word, cause_name((enum cause_id)i)) == 0) {
			report_explain_cause(stdout, (enum cause_id)i);
			return STATUS_DONE;
		}
	}
	for (size_t i = 0; (family = family_row(i)) != NULL; i++) {
		if (strcmp(word, family->name) == 0) {
			report_explain_family(stdout, family);
			return STATUS_DONE;
		}
	}
	if (strcmp(word, TIMERS) != 0) {
		say_unknown(word);
		return STATUS_USAGE;
	}
	report_explain_timers(stdout);
	return STATUS_DONE;
}

int command_explain(int argc, char **argv)
{
	int status = STATUS_DONE;

	if (argc > 2) {
		message(NULL, "explain takes one word");
		return STATUS_USAGE;
	}
	if (argc < 2 || strcmp(argv[1], "--help") == 0)
		report_explain_all(stdout);
	else
		status = explain(argv[1]);
	if (status == STATUS_DONE && fflush(stdout) != 0) {
		message("standard output", "could not be written");
		return STATUS_IMPOSSIBLE;
	}
	return status;
}
