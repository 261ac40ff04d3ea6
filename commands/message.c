/* SPDX-License-Identifier: BSD-3-Clause */
#include "commands/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/names.h"
#include "base/text.h"

#define LINE_MAX_LEN 1024

void message(const char *subject, const char *format, ...)
{
	char words[LINE_MAX_LEN], line[2 * LINE_MAX_LEN];
	struct text t = text_in(line, sizeof(line));
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	text_add(&t, "rstscope: ");
	if (subject != NULL) {
		text_add_wire(&t, subject, strlen(subject));
		text_add(&t, ": ");
	}
	text_add_wire(&t, words, strlen(words));
	fprintf(stderr, "%s\n", line);
}

/* Only a short list helps when nothing is near. */
#define WORDS_SHOWN 8

void message_unknown(const char *kind, const char *typed, const char *const *words)
{
	const char *nearest = names_nearest(typed, words);
	char list[LINE_MAX_LEN / 2];
	struct text t = text_in(list, sizeof(list));
	int count = 0;

	for (; words[count] != NULL; count++)
		text_add(&t, "%s%s", count != 0 ? ", " : "", words[count]);
	if (nearest != NULL)
		message(NULL, "unknown %s '%s'; did you mean '%s'?", kind, typed, nearest);
	else if (count <= WORDS_SHOWN)
		message(NULL, "unknown %s '%s'; it is one of: %s", kind, typed, list);
	else
		message(NULL, "unknown %s '%s'; see 'rstscope --help'", kind, typed);
}
