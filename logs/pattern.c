/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Does a message fit a pattern of messages.def?
 *
 * Who logs in chooses a name, and may choose "x from 192.0.2.1 port 5". So what stands before the free
 * text is compared from the front, what stands behind it from the end, and nothing is searched for: each
 * message has one reading, and the free text cannot change it.
 */
#include <string.h>

#include "logs/inside.h"

#define PARTS_MAX 16 /* of what stands behind the free text; the longest row has 7 */

/* A part of a pattern: a placeholder's letter, or '=' and words. */
struct part {
	char kind;
	char next; /* what the pattern goes on with; an address ends there */
	struct span words;
};

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool belongs(char kind, char c, char next)
{
	switch (kind) {
	case 'I':
	case 'J':
		return is_hex(c) || c == '.' || (c == ':' && next != ':');
	case 'W':
		return c > ' ' && c <= '~';
	default:
		return c >= '0' && c <= '9';
	}
}

static bool store_part(const struct part *part, struct span s, struct note *note)
{
	uint64_t number;

	switch (part->kind) {
	case 'I':
		return span_address(s, &note->remote.ip);
	case 'J':
		return span_address(s, &note->local.ip);
	case 'P':
	case 'Q':
		if (!span_number(&s, UINT16_MAX, &number) || s.len != 0)
			return false;
		*(part->kind == 'P' ? &note->remote.port : &note->local.port) = (uint16_t)number;
		return true;
	case 'D':
		if (!span_number(&s, UINT32_MAX, &number) || s.len != 0)
			return false;
		note->about_pid = (uint32_t)number;
		return true;
	default:
		return s.len != 0;
	}
}

static bool take_front(const struct part *part, struct span *text, struct note *note)
{
	struct span s = { text->at, 0 };

	if (part->words.at != NULL) {
		if (text->len < part->words.len ||
		    memcmp(text->at, part->words.at, part->words.len) != 0)
			return false;
		s.len = part->words.len;
	} else {
		while (s.len < text->len && belongs(part->kind, s.at[s.len], part->next))
			s.len++;
		if (!store_part(part, s, note))
			return false;
	}
	text->at += s.len;
	text->len -= s.len;
	return true;
}

static bool take_back(const struct part *part, struct span *text, struct note *note)
{
	struct span s = { NULL, 0 };

	if (part->words.at != NULL) {
		s.len = part->words.len;
		if (text->len < s.len ||
		    memcmp(text->at + text->len - s.len, part->words.at, s.len) != 0)
			return false;
	} else {
		while (s.len < text->len &&
		       belongs(part->kind, text->at[text->len - s.len - 1], part->next))
			s.len++;
		s.at = text->at + text->len - s.len;
		if (!store_part(part, s, note))
			return false;
	}
	text->len -= s.len;
	return true;
}

/* The next part of a pattern; '*' for the free text, '\0' at the end. */
static struct part next_part(const char **pattern)
{
	const char *at = *pattern;
	struct part part = { .kind = '=' };

	if (*at == '\0')
		return (struct part){ .kind = '\0' };
	if (*at == '%') {
		part = (struct part){ .kind = at[1], .next = at[2] };
		*pattern += 2;
		return part;
	}
	part.words = (struct span){ at, strcspn(at, "%") };
	*pattern += part.words.len;
	return part;
}

/* What stands before free text is a word of its own: "%*%I" is "" or "user x " and an address. */
static bool is_apart(const char *behind, struct span text)
{
	return *behind != '%' || text.len == 0 || text.at[text.len - 1] == ' ';
}

static bool fits_behind(const char *pattern, struct span text, struct note *note)
{
	struct part part[PARTS_MAX];
	const char *behind = pattern;
	size_t parts = 0;

	while (parts < PARTS_MAX) {
		part[parts] = next_part(&pattern);
		if (part[parts].kind == '\0')
			break;
		parts++;
	}
	while (parts > 0) {
		if (!take_back(&part[--parts], &text, note))
			return false;
	}
	return is_apart(behind, text);
}

bool pattern_fits(const char *pattern, struct span text, struct note *note)
{
	struct note filled;
	struct part part;

	if (*pattern != '%' && (text.len == 0 || *text.at != *pattern))
		return false; /* as most: nothing was copied for it */
	filled = *note;
	for (part = next_part(&pattern); part.kind != '\0'; part = next_part(&pattern)) {
		if (part.kind == '*') {
			if (!fits_behind(pattern, text, &filled))
				return false;
			*note = filled;
			return true;
		}
		if (!take_front(&part, &text, &filled))
			return false;
	}
	if (text.len != 0)
		return false;
	*note = filled;
	return true;
}
