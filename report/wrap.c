/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * All text of people's reports leaves through here, so this is where it is made printable: lengths
 * are those of what is seen, and no caller can forget it.
 */
#include "report/wrap.h"

#include <assert.h>
#include <string.h>

#include "report/escape.h"

/* Ours are shorter; the longest of the wire is an identification string of 255 bytes, escaped. */
#define WORDS_MAX 2048

/* How much of the text goes on a line: up to its last space, or all of it when it has none. */
static size_t line_len(const char *text, size_t width)
{
	size_t len = strnlen(text, width + 1);

	if (len <= width)
		return len;
	for (len = width; len > 0; len--) {
		if (text[len] == ' ')
			return len;
	}
	return width;
}

static void put_lines(FILE *out, size_t columns, const char *lead, const char *text)
{
	size_t indent = strlen(lead);
	size_t len;

	assert(indent < WRAP_COLUMNS / 2 && columns >= WRAP_COLUMNS_MIN);
	fputs(lead, out);
	text += strspn(text, " ");
	for (;;) {
		len = line_len(text, columns - indent);
		fprintf(out, "%.*s\n", (int)len, text);
		text += len;
		text += strspn(text, " ");
		if (*text == '\0')
			return;
		fprintf(out, "%*s", (int)indent, "");
	}
}

void wrap_in(FILE *out, size_t columns, const char *lead, const char *words)
{
	char buffer[ESCAPED_SIZE(WORDS_MAX)];
	struct text text = text_in(buffer, sizeof(buffer));

	escape_add_words(&text, words);
	put_lines(out, columns, lead, buffer);
}

void wrap(FILE *out, const char *lead, const char *words)
{
	wrap_in(out, WRAP_COLUMNS, lead, words);
}

void wrap_not(FILE *out, const char *lead, const char *lines)
{
	char buffer[ESCAPED_SIZE(WORDS_MAX)];
	struct text text = text_in(buffer, sizeof(buffer));

	escape_add_lines(&text, lines);
	for (const char *at = buffer; *at != '\0';) {
		size_t len = strcspn(at, "\n");

		fprintf(out, "%s%.*s\n", len != 0 ? lead : "", (int)len, at);
		at += len + (at[len] == '\n');
	}
}
