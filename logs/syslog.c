/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a syslog daemon writes to a file, and what it sends: RFC 3164 ("Nov 20 18:00:01 host sshd[812]:
 * ..."), the same with an ISO time in front (rsyslog's default since 2023), and RFC 5424. With or
 * without a priority, with or without the host's name.
 */
#include "logs/inside.h"

#define LINES_ASKED 20
#define TAG_MAX 64 /* RFC 5424 allows 48, RFC 3164 32 */

static void take_priority(struct span *s)
{
	struct span rest = *s;
	uint64_t number;

	if (span_take(&rest, "<") && span_number(&rest, 191, &number) && span_take(&rest, ">"))
		*s = rest;
}

/* "sshd[812]" or "kernel": a word of few letters. */
static bool is_tag(struct span word)
{
	return word.len > 0 && word.len <= TAG_MAX && word.at[0] != '-';
}

/* "host sshd[812]: message"; a message of one word and a colon would be a tag, and says nothing. */
static bool take_tag(struct span *s, struct span *tag)
{
	for (int word = 0; word < 2; word++) {
		*tag = span_until(s, ' ');
		if (tag->len > 1 && tag->at[tag->len - 1] == ':') {
			tag->len--;
			return is_tag(*tag);
		}
		span_skip(s, ' ');
	}
	return false;
}

/* "host sshd 812 - [structured data] message", behind "1 " and the time. */
static bool take_fields(struct span *s, struct span *name, struct span *pid)
{
	span_until(s, ' ');
	*name = span_until(s, ' ');
	*pid = span_until(s, ' ');
	span_until(s, ' ');
	if (!span_take(s, "-")) {
		while (s->len != 0 && span_begins(*s, "[")) {
			span_until(s, ']');
			if (!span_begins(*s, "["))
				break;
		}
	}
	span_skip(s, ' ');
	span_take(s, "\xef\xbb\xbf"); /* RFC 5424 section 6.4: the mark of UTF-8 */
	return is_tag(*name);
}

static bool parse_5424(struct span *s, struct note *note, struct span *name)
{
	struct span pid;
	uint64_t number;
	bool zoned;

	if (!span_take(s, "1 ") || !stamp_iso(s, &note->time_ns, &note->exact_ns, &zoned) ||
	    !span_take(s, " ") || !take_fields(s, name, &pid))
		return false;
	note_process(note, *name);
	note->pid = span_number(&pid, UINT32_MAX, &number) ? (uint32_t)number : 0;
	return true;
}

static bool parse_plain(struct span *s, int64_t around_ns, struct note *note, struct span *name)
{
	bool zoned;

	note->exact_ns = NS_PER_S;
	if (!stamp_without_year(s, around_ns, &note->time_ns) &&
	    !stamp_iso(s, &note->time_ns, &note->exact_ns, &zoned))
		return false;
	if (!span_take(s, " ") || !take_tag(s, name))
		return false;
	note_process(note, *name);
	*name = span_until(name, '[');
	return true;
}

static enum log_got parse(struct span line, int64_t around_ns, struct note *note)
{
	struct span name, s = line;

	take_priority(&s);
	line = s;
	if (!parse_5424(&s, note, &name)) {
		s = line;
		if (!parse_plain(&s, around_ns, note, &name))
			return LOG_DAMAGED;
	}
	span_skip(&s, ' ');
	return note_message(note, program_of(name), s) ? LOG_NOTE : LOG_OTHER;
}

bool syslog_is(struct span ahead)
{
	int known = 0, asked = 0;

	while (ahead.len != 0 && asked < LINES_ASKED) {
		struct note note = { .time_ns = 0 };
		struct span line = span_until(&ahead, '\n');

		if (line.len == 0 || span_begins(line, "-- "))
			continue;
		asked++;
		known += parse(line, 0, &note) != LOG_DAMAGED;
	}
	return 2 * known > asked;
}

enum log_got syslog_next(struct lines *lines, int64_t around_ns, struct note *note)
{
	struct span line;

	if (!lines_next(lines, &line))
		return LOG_END;
	if (line.len == 0 || span_begins(line, "-- ")) /* journalctl's own remarks */
		return LOG_OTHER;
	return parse(line, around_ns, note);
}
