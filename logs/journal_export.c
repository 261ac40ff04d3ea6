/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * journalctl -o export (systemd's Journal Export Format): "FIELD=value" a line, or for a value that is
 * not plain text "FIELD", its length in 8 octets little-endian, and the octets; an empty line ends the
 * entry. Fields that begin with "_" are the journal's own and cannot be forged.
 */
#include "base/cursor.h"
#include "logs/inside.h"

#define VALUE_MAX 1024 /* a message of sshd has less */

struct entry {
	char message[VALUE_MAX], name[NOTE_PROCESS_MAX], comm[NOTE_PROCESS_MAX], transport[16];
	uint64_t pid, time_us;
	bool any;
};

static bool is(struct span name, const char *words)
{
	return span_begins(name, words) && name.len == span_of(words).len;
}

static void take_field(struct entry *e, struct span name, struct span value)
{
	e->any = true;
	if (is(name, "MESSAGE"))
		span_copy(value, e->message, sizeof(e->message));
	else if (is(name, "SYSLOG_IDENTIFIER"))
		span_copy(value, e->name, sizeof(e->name));
	else if (is(name, "_COMM"))
		span_copy(value, e->comm, sizeof(e->comm));
	else if (is(name, "_TRANSPORT"))
		span_copy(value, e->transport, sizeof(e->transport));
	else if (is(name, "_PID") || (is(name, "SYSLOG_PID") && e->pid == 0))
		span_number(&value, UINT32_MAX, &e->pid);
	else if (is(name, "__REALTIME_TIMESTAMP"))
		span_number(&value, INT64_MAX / NS_PER_US, &e->time_us);
}

/* The value of a field whose line was its name alone. */
static bool take_octets(struct lines *lines, struct entry *e, struct span name)
{
	char octets[8], value[VALUE_MAX], kept[32], end[1];
	struct cursor c = cursor_over(octets, sizeof(octets));
	struct span field = { kept, span_copy(name, kept, sizeof(kept)) };
	uint64_t len;

	if (!lines_bytes(lines, sizeof(octets), octets, sizeof(octets)))
		return false;
	len = cursor_u32le(&c);
	len |= (uint64_t)cursor_u32le(&c) << 32;
	if (!lines_bytes(lines, len, value, sizeof(value)) || !lines_bytes(lines, 1, end, 1))
		return false;
	take_field(e, field, (struct span){ value, len < VALUE_MAX ? (size_t)len : VALUE_MAX });
	return end[0] == '\n';
}

/* Whoever may write to the journal may call itself sshd; what runs is known to the journal. */
static enum log_got note_of(const struct entry *e, struct note *note)
{
	const bool kernel = is(span_of(e->transport), "kernel");
	const char *name = kernel ? "kernel" : e->comm[0] != '\0' ? e->comm : e->name;

	if (e->time_us == 0)
		return LOG_DAMAGED;
	note->time_ns = (int64_t)e->time_us * NS_PER_US;
	note->exact_ns = NS_PER_US;
	note_process(note, span_of(name));
	note->pid = (uint32_t)e->pid;
	return note_message(note, program_of(span_of(name)), span_of(e->message)) ? LOG_NOTE :
										    LOG_OTHER;
}

bool journal_export_is(struct span ahead)
{
	return span_begins(ahead, "__CURSOR=") || span_begins(ahead, "__REALTIME_TIMESTAMP=");
}

enum log_got journal_export_next(struct lines *lines, int64_t around_ns, struct note *note)
{
	struct entry e = { .any = false };
	struct span line;

	(void)around_ns;
	while (lines_next(lines, &line)) {
		const struct span whole = line;
		struct span name = span_until(&line, '=');

		if (whole.len == 0 && e.any)
			return note_of(&e, note);
		if (whole.len == 0)
			continue;
		if (name.len != whole.len)
			take_field(&e, name, line);
		else if (!take_octets(lines, &e, name))
			return LOG_DAMAGED;
	}
	return e.any ? note_of(&e, note) : LOG_END;
}
