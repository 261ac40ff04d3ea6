/* SPDX-License-Identifier: BSD-3-Clause */
/* Text in HTML and SVG, also inside an attribute in either kind of quotes. */
#include "report/escape.h"

#include <stdbool.h>

/* How many letters in a row are written as they are: in a page they are nearly all. */
static size_t plain_len(const char *at, bool newlines)
{
	size_t len = 0;

	while ((at[len] >= 0x20 && at[len] <= 0x7e && at[len] != '&' && at[len] != '<' &&
		at[len] != '>' && at[len] != '"' && at[len] != '\'') ||
	       (newlines && at[len] == '\n'))
		len++;
	return len;
}

static void add(struct text *t, const char *at, bool newlines)
{
	for (;;) {
		size_t len = plain_len(at, newlines);

		text_add_bytes(t, at, len);
		at += len;
		if (*at == '\0')
			return;
		if (*at < 0x20 || *at > 0x7e)
			text_add_wire(t, at, 1);
		else
			text_add(t, "&#%d;", *at);
		at++;
	}
}

void escape_add_html(struct text *t, const char *words)
{
	add(t, words, false);
}

void escape_add_html_lines(struct text *t, const char *lines)
{
	add(t, lines, true);
}
