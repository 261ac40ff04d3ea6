/* SPDX-License-Identifier: BSD-3-Clause */
/* The rows of messages.def and notes.def: who speaks, and what it says. */
#include <string.h>

#include "logs/inside.h"

static const struct {
	enum program program;
	enum note_kind kind;
	const char *pattern;
} messages[] = {
#define MESSAGE(program, kind, pattern, source) { PROGRAM_##program, NOTE_##kind, pattern },
#include "logs/messages.def"
#undef MESSAGE
};

static const struct {
	enum note_moment moment;
	enum note_use use;
	const char *words;
} kinds[] = {
#define NOTE(id, moment, use, words) { MOMENT_##moment, USE_##use, words },
#include "logs/notes.def"
#undef NOTE
};

const char *note_words(enum note_kind kind)
{
	return kinds[kind].words;
}

enum note_moment note_moment(enum note_kind kind)
{
	return kinds[kind].moment;
}

enum note_use note_use(enum note_kind kind)
{
	return kinds[kind].use;
}

/* OpenSSH 9.8 has its work done by sshd-session, 10.0 the login by sshd-auth. */
enum program program_of(struct span name)
{
	static const struct {
		const char *name;
		enum program program;
	} rows[] = {
		{ "sshd", PROGRAM_SSHD },
		{ "sshd-session", PROGRAM_SSHD },
		{ "sshd-auth", PROGRAM_SSHD },
		{ "kernel", PROGRAM_KERNEL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (name.len == strlen(rows[i].name) && span_begins(name, rows[i].name))
			return rows[i].program;
	}
	return PROGRAM_OTHER;
}

void note_process(struct note *note, struct span tag)
{
	struct span name = span_until(&tag, '[');
	uint64_t pid;

	span_copy(name, note->process, sizeof(note->process));
	note->pid = span_number(&tag, UINT32_MAX, &pid) ? (uint32_t)pid : 0;
}

/* "error: " by sshd's log.c; "[ 12.345678] " by a kernel that stamps its own lines in syslog. */
static struct span bare(struct span s, enum program program)
{
	static const char preauth[] = " [preauth]";
	const size_t len = sizeof(preauth) - 1;
	struct span stamp = s;

	if (program == PROGRAM_KERNEL && span_take(&stamp, "[")) {
		span_until(&stamp, ']');
		span_skip(&stamp, ' ');
		return stamp;
	}
	if (!span_take(&s, "error: "))
		span_take(&s, "fatal: ");
	while (s.len != 0 && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\r'))
		s.len--;
	if (s.len >= len && memcmp(s.at + s.len - len, preauth, len) == 0)
		s.len -= len;
	return s;
}

bool note_message(struct note *note, enum program program, struct span message)
{
	struct span s = bare(message, program);

	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		if (messages[i].program != program || !pattern_fits(messages[i].pattern, s, note))
			continue;
		note->kind = messages[i].kind;
		note->text_len = (uint16_t)span_copy(s, note->text, sizeof(note->text));
		return true;
	}
	return false;
}
