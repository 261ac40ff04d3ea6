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

/* Of the shortcodes those that could be a part of a time or of an IPv6 address. */
static bool is_picture_of_digits(const char *name, size_t len)
{
	static const char *const names[] = { "100", "1234", "a",   "ab", "abc", "abcd",
					     "b",   "bed",  "bee", "cd", "de" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strlen(names[i]) == len && memcmp(name, names[i], len) == 0)
			return true;
	}
	return false;
}

/* ":tada:" is a picture, also within a word, and ":b:" within an address. */
static bool begins_picture(const char *at)
{
	size_t len = strspn(at + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_+-");

	if (*at != ':' || len == 0 || at[1 + len] != ':')
		return false;
	return strspn(at + 1, "0123456789abcdef") < len || is_picture_of_digits(at + 1, len);
}

/*
 * Where a renderer would make a link: to people, tickets (#1, GH-1), merge requests (!1), snippets ($1),
 * epics (&1), milestones (%1), labels (~a), alerts (^a) and wikis, a www. or a scheme://. Entities do not
 * hinder those who look for names in what was rendered. A number in hex is a link only where a commit has
 * it, and then it still says what it said: those can be copied as they are.
 */
static bool begins_link(const char *words, const char *at)
{
	if (*at == '#')
		return is_word(at[1]) || at[1] == '#' || at[1] == ' ' || at[1] == '"';
	if (strchr("@!$&%~^", *at) != NULL)
		return is_word(at[1]) || at[1] == '"';
	if (*at == '[')
		return at[1] == '[';
	if (*at == ':')
		return (at[1] == '/' && at[2] == '/') || begins_picture(at);
	if (strncasecmp(at, "gh-", 3) == 0)
		return isdigit((unsigned char)at[3]) && (at == words || !is_word(at[-1]));
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
		if (begins_link(words, at))
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
