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

/* One write a line: those of a report are many. */
static void put_line(FILE *out, const char *lead, size_t indent, const char *at, size_t len)
{
	char line[WRAP_COLUMNS_MAX + sizeof("\n")];
	struct text t = text_in(line, sizeof(line));

	text_add_bytes(&t, lead, indent);
	text_add_bytes(&t, at, len);
	text_add_bytes(&t, "\n", 1);
	fwrite(line, 1, t.len, out);
}

static void put_lines(FILE *out, size_t columns, const char *lead, const char *text)
{
	static const char blanks[] = "                                        ";
	size_t indent = strlen(lead);

	_Static_assert(sizeof(blanks) > WRAP_COLUMNS / 2, "for the longest lead");
	assert(indent < WRAP_COLUMNS / 2 && columns >= WRAP_COLUMNS_MIN &&
	       columns <= WRAP_COLUMNS_MAX);
	text += strspn(text, " ");
	do {
		size_t len = line_len(text, columns - indent);

		put_line(out, lead, indent, text, len);
		lead = blanks;
		text += len;
		text += strspn(text, " ");
	} while (*text != '\0');
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

		fputs(len != 0 ? lead : "", out);
		fwrite(at, 1, len, out);
		putc('\n', out);
		at += len + (at[len] == '\n');
	}
}
