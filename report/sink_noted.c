/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A sink that people read. Whoever can make connections can make events, and must not be able to
 * bury the rest of the log in them: beyond a rate they are counted, and told as one number.
 */
#include <stdlib.h>

#include "report/sink_note.h"

/* A server that restarts ends some hundred sessions at once; each is worth a line. */
#define BURST 200
#define PER_S 20
#define INTERVAL_NS (NS_PER_S / PER_S)

/* Of what came too fast a line in so many seconds. */
#define FOLD_NS (10 * NS_PER_S)

/* At least five hundred of the longest. */
#define QUEUE_SIZE (1 << 20)

void noted_open(struct sink *sink, struct noted *noted)
{
	sink->own = noted;
	queue_open(&sink->queue, QUEUE_SIZE);
}

/* Events are let through as if each took an interval, and BURST of them may be owed. */
static bool is_in_time(struct noted *noted, int64_t now_ns)
{
	if (noted->due_ns < now_ns)
		noted->due_ns = now_ns;
	if (noted->due_ns - now_ns >= BURST * INTERVAL_NS)
		return false;
	noted->due_ns += INTERVAL_NS;
	return true;
}

static void fold(struct sink *sink, uint64_t event, enum note_severity severity)
{
	struct noted *noted = sink->own;

	if (noted->fold.count++ == 0) {
		noted->fold.first = event;
		noted->fold.worst = severity;
		noted->fold.since_ns = sink->all->now_ns;
	}
	noted->fold.last = event;
	if (severity < noted->fold.worst)
		noted->fold.worst = severity;
	sink->folded++;
}

void noted_judged(struct sink *sink, uint64_t event, const struct conn *conn,
		  const struct verdict *v)
{
	struct noted *noted = sink->own;
	char record[NOTE_RECORD_MAX];
	struct note note;

	if (cause_is_healthy(v->cause) && !sink->all->options.report.all)
		return;
	note_of_event(&note, &sink->all->options, event, conn, v);
	if (is_in_time(noted, sink->all->now_ns))
		sink_push(sink, event, record, noted->record(sink, &note, record, sizeof(record)));
	else
		fold(sink, event, note.severity);
}

enum put noted_put(struct sink *sink, uint64_t event, const char *bytes, size_t len)
{
	struct noted *noted = sink->own;
	char buffer[SINKS_MESSAGE_MAX];
	struct text error = text_in(buffer, sizeof(buffer));
	enum put result = socket_put(&noted->socket, bytes, len, &error);

	(void)event;
	if (error.len != 0)
		sink_say(sink, "%s", buffer);
	return result;
}

static size_t unfold(struct sink *sink, char *record, size_t size)
{
	struct noted *noted = sink->own;
	struct note note;

	note_of_fold(&note, &noted->fold, sink->all->now_ns);
	noted->fold = (struct fold){ 0 };
	return noted->record(sink, &note, record, size);
}

void noted_tick(struct sink *sink, const struct live_counts *counts)
{
	struct noted *noted = sink->own;
	char record[NOTE_RECORD_MAX];

	(void)counts;
	if (noted->fold.count == 0 || sink->all->now_ns - noted->fold.since_ns < FOLD_NS)
		return;
	sink_push(sink, 0, record, unfold(sink, record, sizeof(record)));
}

void noted_end(struct sink *sink, const struct totals *totals)
{
	const struct noted *noted = sink->own;
	char record[NOTE_RECORD_MAX];

	(void)totals;
	if (noted->fold.count != 0)
		noted_put(sink, 0, record, unfold(sink, record, sizeof(record)));
}

void noted_free(struct sink *sink)
{
	struct noted *noted = sink->own;

	socket_close(&noted->socket);
	free(noted);
}
