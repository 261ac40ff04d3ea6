/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Files of events: the lines of -f jsonl (or another format of lines) as they come.
 *
 * Their keys are fixed, and number none of them. So that a lost event can be noticed all the same,
 * rstscope's own format has two more kinds of lines: at the start of each file "events" with the
 * number of the event that comes next, and "lost" where some are missing. The others' formats have
 * no room for either.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/die.h"
#include "report/escape.h"
#include "report/sink.h"
#include "report/sink_file.h"

/* The longest event has about 80 KB, the usual one 10: minutes of a full disk. */
#define QUEUE_SIZE (8 << 20)

#define OWN_LINE_MAX 512

struct events {
	struct line_file file;
	struct report *report;
	FILE *stream; /* into bytes: one line at a time */
	char *bytes;
	size_t len;
	bool numbered;   /* the format is ours */
	bool aside;      /* it is full: another one for the next line */
	uint64_t next;   /* the number of the event that has to come now */
	uint64_t events; /* in the file that is open */
	int64_t opened_ns;
};

static bool open_events(struct sink *sink, const struct sinks_options *o, size_t index,
			struct text *error)
{
	struct text name = text_in(sink->name, sizeof(sink->name));
	const char *format;
	struct events *e;

	if (index >= o->event_files)
		return false;
	escape_add_path(&name, o->events[index]);
	format = report_format_of(o->events[index]);
	if (!sinks_take(o->events[index])) {
		text_add(error, "its ending names no format of lines");
		return false;
	}
	e = xcalloc(1, sizeof(*e));
	if (!line_file_open(&e->file, o->events[index], o->rotate_keep, error)) {
		free(e);
		return false;
	}
	e->stream = open_memstream(&e->bytes, &e->len);
	e->report = report_begin(format, e->stream, &o->report);
	e->numbered = strcmp(format, "jsonl") == 0;
	e->next = 1;
	sink->own = e;
	queue_open(&sink->queue, QUEUE_SIZE);
	return true;
}

/* ---- lines ---- */

/* What was printed since the last time, in e->bytes. The stream's memory is used again. */
static size_t printed(struct events *e)
{
	size_t len;

	fflush(e->stream);
	len = e->len;
	fseek(e->stream, 0, SEEK_SET);
	return len;
}

static void judged(struct sink *sink, uint64_t event, const struct conn *conn,
		   const struct verdict *verdict)
{
	struct events *e = sink->own;

	report_each(e->report, conn, verdict);
	sink_push(sink, event, e->bytes, printed(e));
}

static int64_t wall_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* Who reads a file alone can tell what it is, and whether one is missing before it. */
static enum line write_header(struct events *e, struct text *error)
{
	char line[OWN_LINE_MAX];
	struct text t = text_in(line, sizeof(line));

	text_add(&t,
		 "{\"type\":\"events\",\"schema\":\"%s\",\"tool\":{\"name\":\"rstscope\","
		 "\"version\":\"%s\"},\"opened\":\"",
		 REPORT_SCHEMA, RSTSCOPE_VERSION);
	clock_add_rfc3339(&t, wall_ns());
	text_add(&t, "\",\"first_event\":%" PRIu64 "}\n", e->next);
	return line_file_write(&e->file, line, t.len, error);
}

static enum line write_gap(struct events *e, uint64_t until, struct text *error)
{
	char line[OWN_LINE_MAX];
	struct text t = text_in(line, sizeof(line));

	text_add(&t,
		 "{\"type\":\"lost\",\"events\":%" PRIu64 ",\"first_event\":%" PRIu64
		 ",\"last_event\":%" PRIu64 "}\n",
		 until - e->next, e->next, until - 1);
	return line_file_write(&e->file, line, t.len, error);
}

/* What has to stand before event number next. */
static enum line write_before(struct sink *sink, uint64_t next, struct text *error)
{
	struct events *e = sink->own;
	enum line line = LINE_WRITTEN;

	if (e->file.fresh) {
		e->events = 0;
		e->opened_ns = sink->all->now_ns;
		if (e->numbered)
			line = write_header(e, error);
		if (line != LINE_WRITTEN)
			return line;
		e->file.fresh = false;
	}
	if (e->numbered && next > e->next)
		line = write_gap(e, next, error);
	if (line == LINE_WRITTEN)
		e->next = next;
	return line;
}

/* ---- another file ---- */

/* At least one event in each: a limit below the length of a line would otherwise never end. */
static bool is_full(const struct sink *sink, size_t len)
{
	const struct events *e = sink->own;
	const struct sinks_options *o = &sink->all->options;
	const bool empty = e->file.fresh ? e->file.len == 0 : e->events == 0;

	if (!e->file.regular || empty)
		return false;
	if (o->rotate_len != 0 && e->file.len + len > o->rotate_len)
		return true;
	return o->rotate_ns != 0 && !e->file.fresh &&
	       sink->all->now_ns - e->opened_ns >= o->rotate_ns;
}

/* A file too long is better than none: should this fail, writing goes on in the old one. */
static void rotate_if_full(struct sink *sink, size_t len)
{
	struct events *e = sink->own;
	char buffer[SINKS_MESSAGE_MAX];
	struct text error = text_in(buffer, sizeof(buffer));

	if (is_full(sink, len) && !line_file_rotate(&e->file, &error))
		sink_say(sink, "%s", buffer);
}

static enum put put(struct sink *sink, uint64_t event, const char *bytes, size_t len)
{
	static const enum put puts[] = {
		[LINE_WRITTEN] = PUT_DONE,
		[LINE_WAITS] = PUT_FULL,
		[LINE_AWAY] = PUT_DOWN,
		[LINE_LOST] = PUT_LOST,
	};
	struct events *e = sink->own;
	char buffer[SINKS_MESSAGE_MAX];
	struct text error = text_in(buffer, sizeof(buffer));
	enum line line = LINE_AWAY;

	rotate_if_full(sink, len);
	if (line_file_ready(&e->file, &error))
		line = write_before(sink, event, &error);
	if (line == LINE_WRITTEN)
		line = line_file_write(&e->file, bytes, len, &error);
	if (line == LINE_WRITTEN) {
		e->next = event + 1;
		e->events++;
	}
	if (error.len != 0)
		sink_say(sink, "%s", buffer);
	return puts[line];
}

static void tick(struct sink *sink, const struct live_counts *counts)
{
	(void)counts;
	rotate_if_full(sink, 0);
}

static void reopen(struct sink *sink)
{
	struct events *e = sink->own;
	char buffer[SINKS_MESSAGE_MAX];
	struct text error = text_in(buffer, sizeof(buffer));

	if (!line_file_reopen(&e->file, &error))
		sink_say(sink, "%s", buffer);
}

static int directory(const struct sink *sink)
{
	const struct events *e = sink->own;

	return e->file.folder.fd;
}

/* ---- the end ---- */

static void end(struct sink *sink, const struct totals *totals)
{
	struct events *e = sink->own;
	char buffer[SINKS_MESSAGE_MAX];
	struct text error = text_in(buffer, sizeof(buffer));
	bool good;

	good = report_end(e->report, totals);
	e->report = NULL;
	good = line_file_ready(&e->file, &error) &&
	       write_before(sink, sink->all->events + 1, &error) == LINE_WRITTEN && good;
	if (good)
		good = line_file_write(&e->file, e->bytes, printed(e), &error) == LINE_WRITTEN;
	if (!line_file_close(&e->file, &error))
		good = false;
	sink->unfinished = !good;
	if (!good)
		sink_say(sink, "%s", buffer);
}

static void free_events(struct sink *sink)
{
	struct events *e = sink->own;
	char buffer[SINKS_MESSAGE_MAX];
	struct text error = text_in(buffer, sizeof(buffer));
	static const struct totals none;

	if (e->report != NULL)
		report_end(e->report, &none);
	line_file_close(&e->file, &error);
	fclose(e->stream);
	free(e->bytes);
	free(e);
}

const struct sink_kind sink_events = {
	.name = "events",
	.open = open_events,
	.judged = judged,
	.put = put,
	.tick = tick,
	.reopen = reopen,
	.directory = directory,
	.end = end,
	.free = free_events,
};
