/* SPDX-License-Identifier: BSD-3-Clause */
/* The logs that were given: read once, compared with the connections, asked for each. */
#include "logs/logs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "logs/inside.h"

struct source {
	struct log_total total;
	const struct log_format *format;
	struct lines *lines;
	struct offset_sample *sample;
	size_t samples;
	struct join_source join;
};

struct logs {
	struct store *store;
	struct source source[LOGS_MAX];
	size_t count;
	bool given; /* the user knows the offset */
	int64_t given_ns;
};

struct logs *logs_new(void)
{
	struct logs *logs = xcalloc(1, sizeof(*logs));

	logs->store = store_new();
	return logs;
}

void logs_free(struct logs *logs)
{
	if (logs == NULL)
		return;
	for (size_t i = 0; i < logs->count; i++) {
		lines_close(logs->source[i].lines);
		free(logs->source[i].sample);
	}
	store_free(logs->store);
	free(logs);
}

bool logs_add(struct logs *logs, const char *path, char error[LOGS_ERROR_MAX])
{
	struct source *s = &logs->source[logs->count];

	if (logs->count == LOGS_MAX) {
		snprintf(error, LOGS_ERROR_MAX, "at most %d logs can be read", LOGS_MAX);
		return false;
	}
	s->lines = lines_open(path, error);
	if (s->lines == NULL)
		return false;
	s->total = (struct log_total){ .path = path };
	s->sample = xcalloc(OFFSET_SAMPLES_MAX, sizeof(*s->sample));
	s->join.source = (uint16_t)logs->count++;
	return true;
}

bool logs_begin(struct logs *logs, size_t index, char error[LOGS_ERROR_MAX])
{
	struct source *s = &logs->source[index];

	if (!lines_begin(s->lines, error))
		return false;
	s->format = format_of(lines_ahead(s->lines));
	if (s->format == NULL) {
		snprintf(error, LOGS_ERROR_MAX, "its form is not known: it begins like none of %s",
			 logs_forms());
		return false;
	}
	s->total.format = s->format->name;
	return true;
}

void logs_offset(struct logs *logs, int64_t offset_ns)
{
	logs->given = true;
	logs->given_ns = offset_ns;
}

/* ---- reading ---- */

/* 0.0.0.0 and :: are no host's own. */
static void learn_host(struct join_source *join, const struct address *ip)
{
	static const uint8_t any[sizeof(ip->bytes)];

	for (size_t i = 0; i < join->hosts; i++) {
		if (address_equal(&join->host[i], ip))
			return;
	}
	if (ip->family != 0 && memcmp(ip->bytes, any, sizeof(any)) != 0 &&
	    join->hosts < JOIN_HOSTS_MAX)
		join->host[join->hosts++] = *ip;
}

/* What is older than any clock and any session makes no room for what is not. */
#define OLD_NS (INT64_C(86400) * NS_PER_S + OFFSET_MOST_NS)

static bool is_old(const struct logs *logs, const struct note *note, int64_t around_ns)
{
	const int64_t given_ns = logs->given ? logs->given_ns : 0;

	return note->time_ns + note->exact_ns < clock_plus(around_ns, given_ns - OLD_NS);
}

static void read_notes(struct logs *logs, struct source *s, int64_t around_ns)
{
	enum log_got got;

	do {
		struct note note;

		memset(&note, 0, sizeof(note));
		got = s->format->next(s->lines, around_ns, &note);
		note.source = s->join.source;
		note.line = (uint32_t)lines_count(s->lines);
		s->total.damaged += got == LOG_DAMAGED;
		if (got != LOG_NOTE)
			continue;
		/* Whose log it is: "... on 192.0.2.1 port 22". */
		if (!note.on_path)
			learn_host(&s->join, &note.local.ip);
		s->total.notes++;
		if (!is_old(logs, &note, around_ns) && !store_add(logs->store, &note))
			s->total.cut = true;
	} while (got != LOG_END);
	s->total.lines = lines_count(s->lines);
	s->total.damaged += lines_cut(s->lines);
}

bool logs_read(struct logs *logs, int64_t around_ns, char error[LOGS_ERROR_MAX])
{
	bool whole = true;

	for (size_t i = 0; i < logs->count; i++) {
		struct source *s = &logs->source[i];

		read_notes(logs, s, around_ns);
		if (lines_error(s->lines) != 0) {
			snprintf(error, LOGS_ERROR_MAX, "%.60s: %s", s->total.path,
				 strerror(lines_error(s->lines)));
			whole = false;
		}
		lines_close(s->lines);
		s->lines = NULL;
	}
	store_sort(logs->store);
	return whole;
}

/* ---- what connections teach about a log ---- */

static void sample(struct source *s, const struct note *note, const struct conn *conn,
		   const struct address *host)
{
	const bool ended = conn->end.ending == ENDING_reset || conn->end.ending == ENDING_closed;
	const bool begun = conn->handshake != HANDSHAKE_MISSING;
	int64_t ahead_ns = note->time_ns + note->exact_ns / 2;

	if (s->samples == OFFSET_SAMPLES_MAX)
		return;
	if (note_moment(note->kind) == MOMENT_BEGIN && begun)
		ahead_ns = clock_minus(ahead_ns, conn->first_ns);
	else if (note_moment(note->kind) == MOMENT_END && ended)
		ahead_ns = clock_minus(ahead_ns, conn->end.time_ns);
	else
		return;
	s->sample[s->samples++] = (struct offset_sample){ ahead_ns, conn->id, *host };
}

static void meet(const struct logs *logs, struct source *s, const struct conn *conn, uint16_t port)
{
	static const struct address nobody;
	const int64_t ahead_ns = logs->given ? logs->given_ns : 0;
	const int64_t until_ns = clock_plus(conn->last_ns, ahead_ns + OFFSET_MOST_NS);
	struct store_range r = store_of_port(logs->store, s->join.source, port);
	enum note_side side;

	r = store_since(r, clock_plus(conn->first_ns, ahead_ns - OFFSET_MOST_NS));
	for (; r.from < r.to && r.from->time_ns <= until_ns; r.from++) {
		const struct note *note = store_note(logs->store, r.from->index);

		if (!note_names(note, conn, &side))
			continue;
		sample(s, note, conn,
		       side == NOTE_OF_PATH ?
			       &nobody :
			       &conn->peer[side == NOTE_OF_SERVER ? SERVER : CLIENT].at.ip);
	}
}

void logs_meet(struct logs *logs, const struct conn *conn)
{
	for (size_t i = 0; i < logs->count; i++) {
		meet(logs, &logs->source[i], conn, conn->peer[CLIENT].at.port);
		if (conn->peer[SERVER].at.port != conn->peer[CLIENT].at.port)
			meet(logs, &logs->source[i], conn, conn->peer[SERVER].at.port);
	}
}

static void settle(const struct logs *logs, struct source *s)
{
	struct offset offset = { LOG_CLOCK_GIVEN, logs->given_ns, 0 };

	if (!logs->given)
		offset = offset_of(s->sample, s->samples, s->format->zoned);
	s->total.clock = offset.clock;
	s->total.offset_ns = offset.ns;
	s->total.compared = offset.compared;
	s->join.offset_ns = offset.ns;
	for (size_t i = 0; i < s->samples; i++) {
		if (offset_has(&offset, &s->sample[i]))
			learn_host(&s->join, &s->sample[i].host);
	}
}

void logs_settle(struct logs *logs)
{
	for (size_t i = 0; i < logs->count; i++)
		settle(logs, &logs->source[i]);
}

/* ---- what they say ---- */

void logs_of(struct logs *logs, const struct conn *conn, struct noted_conn *out)
{
	out->count = 0;
	out->hidden = false;
	for (size_t i = 0; i < logs->count; i++) {
		struct source *s = &logs->source[i];
		const uint8_t before = out->count;

		if (s->total.clock == LOG_CLOCK_AWAY)
			continue;
		join(logs->store, &s->join, conn, out);
		s->total.used += (uint64_t)(out->count - before);
	}
}

size_t logs_count(const struct logs *logs)
{
	return logs->count;
}

struct log_total logs_total(const struct logs *logs, size_t index)
{
	return logs->source[index].total;
}
