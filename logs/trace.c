/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lines of trace_pipe:
 *
 *             sshd-812     [001] ..s1.  1234.567890: tcp_send_reset: skbaddr=... skaddr=... src=... ...
 *
 * The name of a process is its own to choose, "x: tcp_send_reset: " too; but the kernel gives it 16
 * columns, and what follows is the kernel's. Fields are asked for by name: from Linux 6.10 on the ends
 * of a sent reset are src= and dest=, before saddr=, daddr=, sport= and dport=.
 */
#include <string.h>

#include "logs/inside.h"

#define COMM_WIDTH 16

static const struct {
	const char *name;
	enum note_kind kind;
} reasons[] = {
#define RESET_REASON(name, kind) { #name, NOTE_##kind },
#include "logs/reset_reasons.def"
#undef RESET_REASON
};

static bool is(struct span s, const char *words)
{
	return span_begins(s, words) && s.len == strlen(words);
}

static enum note_kind kind_of(struct span reason)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (is(reason, reasons[i].name))
			return reasons[i].kind;
	}
	return NOTE_sent_unknown;
}

/* "192.0.2.1:22" or "[2001:db8::1]:22" */
static bool take_end(struct span s, struct endpoint *end)
{
	struct span ip;
	uint64_t port;

	if (span_take(&s, "["))
		ip = span_until(&s, ']');
	else
		ip = (struct span){ s.at, span_until(&s, ':').len };
	span_take(&s, ":");
	if (!span_address(ip, &end->ip) || !span_number(&s, UINT16_MAX, &port) || s.len != 0)
		return false;
	end->port = (uint16_t)port;
	return true;
}

/* An event has both families; that of the other is all zero, or the same as IPv4 in IPv6. */
static void take_address(struct span s, struct address *ip)
{
	static const struct address any4 = { .family = 4 }, any6 = { .family = 6 };
	struct address taken;

	if (span_address(s, &taken) && !address_equal(&taken, &any4) &&
	    !address_equal(&taken, &any6))
		*ip = taken;
}

static void take_port(struct span s, uint16_t *port)
{
	uint64_t number;

	if (span_number(&s, UINT16_MAX, &number) && s.len == 0)
		*port = (uint16_t)number;
}

static void take_field(struct span key, struct span value, struct note *note)
{
	if (is(key, "src"))
		take_end(value, &note->local);
	else if (is(key, "dest"))
		take_end(value, &note->remote);
	else if (is(key, "saddr") || is(key, "saddrv6"))
		take_address(value, &note->local.ip);
	else if (is(key, "daddr") || is(key, "daddrv6"))
		take_address(value, &note->remote.ip);
	else if (is(key, "sport"))
		take_port(value, &note->local.port);
	else if (is(key, "dport"))
		take_port(value, &note->remote.port);
	else if (is(key, "reason") && note->kind == NOTE_sent_unknown)
		note->kind = kind_of(value);
}

static enum log_got take_event(struct span s, struct note *note)
{
	const struct span text = s;
	struct span name = span_until(&s, ':');

	if (is(name, "tcp_send_reset"))
		note->kind = NOTE_sent_unknown;
	else if (is(name, "tcp_receive_reset"))
		note->kind = NOTE_received_reset;
	else
		return LOG_DAMAGED;
	while (s.len != 0) {
		struct span word = span_until(&s, ' '), key = span_until(&word, '=');

		take_field(key, word, note);
	}
	if (note->remote.ip.family == 0 || note->remote.port == 0 || note->local.port == 0)
		return LOG_DAMAGED;
	/* Who runs when a segment comes in is chance: it is the kernel that speaks. */
	note_process(note, span_of("kernel"));
	note->text_len = (uint16_t)span_copy(text, note->text, sizeof(note->text));
	return LOG_NOTE;
}

/* "CPU:1 [LOST 5 EVENTS]" */
static uint64_t lost_of(struct span line)
{
	uint64_t number;

	span_until(&line, '[');
	return span_take(&line, "LOST ") && span_number(&line, UINT32_MAX, &number) ? number : 0;
}

enum log_got trace_line(struct span line, int64_t ahead_ns, struct note *note, uint64_t *lost)
{
	struct span s = line;
	uint64_t pid;

	*lost = span_begins(line, "CPU:") ? lost_of(line) : 0;
	if (s.len <= COMM_WIDTH)
		return LOG_DAMAGED;
	s = (struct span){ s.at + COMM_WIDTH, s.len - COMM_WIDTH };
	if (!span_take(&s, "-") || !span_number(&s, UINT32_MAX, &pid))
		return LOG_DAMAGED;
	span_until(&s, ']'); /* the CPU */
	span_skip(&s, ' ');
	span_until(&s, ' '); /* what was disabled then */
	span_skip(&s, ' ');
	if (!stamp_seconds(&s, &note->time_ns, &note->exact_ns) || !span_take(&s, ": "))
		return LOG_DAMAGED;
	note->time_ns += ahead_ns;
	return take_event(s, note);
}

/* "	field:int reason;	offset:32;	size:4;	signed:1;" */
bool trace_has_field(struct span format, const char *name)
{
	while (format.len != 0) {
		struct span line = span_until(&format, '\n');
		struct span type = span_until(&line, ';');
		size_t len = strlen(name);

		span_skip(&type, '\t');
		while (type.len != 0 && type.at[type.len - 1] == ']') { /* an array's length */
			while (type.len != 0 && type.at[type.len - 1] != '[')
				type.len--;
			type.len -= type.len != 0;
		}
		if (span_begins(type, "field:") && type.len > len &&
		    memcmp(type.at + type.len - len, name, len) == 0 &&
		    (type.at[type.len - len - 1] == ' ' || type.at[type.len - len - 1] == '*'))
			return true;
	}
	return false;
}
