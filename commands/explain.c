/* SPDX-License-Identifier: BSD-3-Clause */
/* rstscope explain: the verdicts and the timers, without a capture and without a network. */
#include <stdio.h>
#include <string.h>

#include "classify/verdict.h"
#include "commands/commands.h"
#include "commands/message.h"

static void explain_all(void)
{
	puts("Causes (rstscope explain CAUSE tells what to do about one):\n");
	for (int i = 0; i < CAUSE_COUNT; i++)
		printf("  %-20s %s\n", cause_name((enum cause_id)i), cause_title((enum cause_id)i));
	puts("\nrstscope explain timers lists how long devices remember an idle connection.");
}

static void explain_cause(enum cause_id id)
{
	const struct remedy *remedy = cause_remedy(id);

	printf("%s: %s\nfamily %s\n\nWhat to do\n  %s\n  %s\n", cause_name(id), cause_title(id),
	       cause_family(id), remedy->text, remedy->why);
	for (int i = 0; i < REMEDY_STEPS_MAX && remedy->step[i].text != NULL; i++) {
		const struct remedy_step *step = &remedy->step[i];

		printf("\n  %s: %s\n", where_name(step->where), step->text);
		for (const char *line = step->command; *line != '\0';) {
			int len = (int)strcspn(line, "\n");

			printf("      %.*s\n", len, line);
			line += len + (line[len] == '\n');
		}
	}
}

static void explain_timers(void)
{
	const struct idle_timer *timer;

	puts("How long devices remember an idle TCP connection. A value names a class of device,\n"
	     "never a product: several share each.\n");
	for (size_t i = 0; (timer = idle_timer(i)) != NULL; i++)
		printf("%7lld s  %s, %s: %s\n           setting: %s\n           source: %s\n",
		       (long long)timer->seconds, timer->vendor, timer->product, timer->forgets,
		       timer->setting, timer->source);
}

static int explain(const char *word)
{
	const char *words[CAUSE_COUNT + 2] = { "timers" };

	if (strcmp(word, "timers") == 0) {
		explain_timers();
		return STATUS_DONE;
	}
	for (int i = 0; i < CAUSE_COUNT; i++) {
		words[i + 1] = cause_name((enum cause_id)i);
		if (strcmp(word, words[i + 1]) == 0) {
			explain_cause((enum cause_id)i);
			return STATUS_DONE;
		}
	}
	message_unknown("cause", word, words);
	return STATUS_USAGE;
}

int command_explain(int argc, char **argv)
{
	int status = STATUS_DONE;

	if (argc > 2) {
		message(NULL, "explain takes one word");
		return STATUS_USAGE;
	}
	if (argc < 2 || strcmp(argv[1], "--help") == 0)
		explain_all();
	else
		status = explain(argv[1]);
	if (status == STATUS_DONE && fflush(stdout) != 0) {
		message("standard output", "could not be written");
		return STATUS_IMPOSSIBLE;
	}
	return status;
}
