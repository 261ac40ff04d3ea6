/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * conntrack -E -o timestamp: "[1732125601.123456]	    [NEW] tcp      6 120 SYN_SENT src=... dst=...
 * sport=... dport=... [UNREPLIED] src=...". The first ends are those of the client's first segment as
 * it came; the second those of the answer, which behind a NAT are others. When the first do not name
 * the connection of the capture, the second may: they are what the other side of the NAT sees.
 */
#include "logs/inside.h"

/* One direction: who sent, and to whom. */
struct tuple {
	struct endpoint src, dst;
};

static bool take_port(struct span value, uint16_t *port)
{
	uint64_t number;

	if (!span_number(&value, UINT16_MAX, &number) || value.len != 0)
		return false;
	*port = (uint16_t)number;
	return true;
}

static bool take_value(struct span key, struct span value, struct tuple *t)
{
	if (key.len == 3 && span_begins(key, "src"))
		return span_address(value, &t->src.ip);
	if (key.len == 3 && span_begins(key, "dst"))
		return span_address(value, &t->dst.ip);
	if (key.len == 5 && span_begins(key, "sport"))
		return take_port(value, &t->src.port);
	if (key.len == 5 && span_begins(key, "dport"))
		return take_port(value, &t->dst.port);
	return true; /* packets, bytes, mark, id and what comes */
}

/* All "key=value"; a second src= begins the answer's direction. */
static bool take_tuples(struct span line, struct tuple tuple[2])
{
	int at = 0;

	while (line.len != 0) {
		struct span word = span_until(&line, ' ');
		struct span key = span_until(&word, '=');

		if (word.len == 0)
			continue;
		if (key.len == 3 && span_begins(key, "src") && tuple[at].src.ip.family != 0)
			at = 1;
		if (!take_value(key, word, &tuple[at]))
			return false;
	}
	return tuple[0].src.ip.family != 0 && tuple[0].dst.ip.family != 0;
}

static bool same(const struct tuple *there, const struct tuple *back)
{
	return endpoint_equal(&there->src, &back->dst) && endpoint_equal(&there->dst, &back->src);
}

/*
 * Behind a NAT the connection has two names, and this note bears one: what the server sees when the
 * client's address is replaced, what the client sees otherwise. The capture beside the other one does
 * not find it, which is a miss and no error.
 */
static void name_ends(struct note *note, const struct tuple tuple[2])
{
	const bool translated = tuple[1].src.ip.family != 0 && !same(&tuple[0], &tuple[1]);

	note->remote = translated ? tuple[1].dst : tuple[0].src;
	note->local = translated ? tuple[1].src : tuple[0].dst;
	note->on_path = true;
}

static enum log_got parse(struct span line, struct note *note)
{
	struct tuple tuple[2] = { 0 };
	struct span text;
	bool gone;

	if (!span_take(&line, "[") || !stamp_seconds(&line, &note->time_ns, &note->exact_ns) ||
	    !span_take(&line, "]"))
		return LOG_DAMAGED;
	span_skip(&line, '\t');
	span_skip(&line, ' ');
	text = line;
	gone = span_take(&line, "[DESTROY] ");
	if (!gone && !span_take(&line, "[NEW] "))
		return span_begins(line, "[UPDATE] ") ? LOG_OTHER : LOG_DAMAGED;
	if (!span_begins(line, "tcp "))
		return LOG_OTHER;
	if (!take_tuples(line, tuple))
		return LOG_DAMAGED;
	name_ends(note, tuple);
	note->kind = gone ? NOTE_flow_gone : NOTE_flow_begun;
	note_process(note, span_of("conntrack"));
	note->text_len = (uint16_t)span_copy(text, note->text, sizeof(note->text));
	return LOG_NOTE;
}

bool conntrack_is(struct span ahead)
{
	struct note note = { .time_ns = 0 };

	return parse(span_until(&ahead, '\n'), &note) != LOG_DAMAGED;
}

enum log_got conntrack_next(struct lines *lines, int64_t around_ns, struct note *note)
{
	struct span line;

	(void)around_ns;
	if (!lines_next(lines, &line))
		return LOG_END;
	return line.len == 0 ? LOG_OTHER : parse(line, note);
}
