/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An allow-list of bytes: a list of what is dangerous would have to know each terminal's control
 * sequences (0x9b begins one on some), and the marks of Unicode that turn the direction of text.
 */
#include "report/escape.h"

#include <stdbool.h>
#include <string.h>

/* By value, not isprint(): what is printable "according to the locale" is no defence. */
static size_t passing_len(const char *at, bool newlines)
{
	size_t len = 0;

	while ((at[len] >= 0x20 && at[len] <= 0x7e) || (newlines && at[len] == '\n'))
		len++;
	return len;
}

/* What does not pass is handed on alone, so that nothing is lost and nothing merges. */
static void add(struct text *t, const char *at, bool newlines)
{
	while (*at != '\0') {
		size_t len = passing_len(at, newlines);

		if (len != 0)
			text_add_bytes(t, at, len);
		else
			text_add_wire(t, at, len = 1);
		at += len;
	}
}

void escape_add_words(struct text *t, const char *words)
{
	add(t, words, false);
}

void escape_add_lines(struct text *t, const char *lines)
{
	add(t, lines, true);
}

void escape_add_path(struct text *t, const char *path)
{
	text_add_wire(t, path, strlen(path));
}
