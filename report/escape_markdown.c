/* SPDX-License-Identifier: BSD-3-Clause */
/* Sentences for renderers of Markdown, which find markup, links and people in any text. */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "report/escape.h"

/* A backslash stands before these in every Markdown, the first included; sentences with it stay legible. */
#define BACKSLASHED "_{}[]"

/* Before these only in some, others print it, or see the markup all the same: all know entities. */
#define ENTITIES "<>&|~$*`\\"

/* U+200B: breaks a word for the one who looks for names in it, and is not seen. */
#define NO_SPACE "&#8203;"

static bool is_word(char c)
{
	return isalnum((unsigned char)c) != 0;
}

/* Where an @name, a #123, a www. or a scheme:// would be made a link by the renderer. */
static bool begins_link(const char *at)
{
	if (*at == '@')
		return is_word(at[1]);
	if (*at == '#')
		return is_word(at[1]) || at[1] == '#' || at[1] == ' ';
	if (*at == ':')
		return at[1] == '/' && at[2] == '/';
	return strncasecmp(at, "www.", 4) == 0;
}

/* What would make a heading, a list or a rule of what it begins: of CommonMark section 4 and 5. */
static bool begins_block(const char *words, const char *at)
{
	if (*at == '.' || *at == ')')
		return at != words && (at[1] == ' ' || at[1] == '\0') &&
		       strspn(words, "0123456789") == (size_t)(at - words);
	return at == words && strchr("#+-=", *at) != NULL;
}

/* Blanks at the beginning are those of code. */
static bool begins_code(const char *words, const char *at)
{
	return *at == ' ' && at == words;
}

void escape_add_markdown(struct text *t, const char *words)
{
	for (const char *at = words; *at != '\0'; at++) {
		if (*at < 0x20 || *at > 0x7e)
			text_add_wire(t, at, 1);
		else if (strchr(ENTITIES, *at) != NULL || begins_code(words, at) ||
			 begins_block(words, at))
			text_add(t, "&#%d;", *at);
		else if (strchr(BACKSLASHED, *at) != NULL)
			text_add(t, "\\%c", *at);
		else
			text_add_bytes(t, at, 1);
		if (begins_link(at))
			text_add(t, NO_SPACE);
	}
}

void escape_add_mermaid(struct text *t, const char *words)
{
	for (const char *at = words; *at != '\0'; at++) {
		if (is_word(*at) || strchr(" .,()_+-/", *at) != NULL)
			text_add_bytes(t, at, 1);
		else
			text_add(t, "#%d;", (unsigned char)*at);
	}
}
