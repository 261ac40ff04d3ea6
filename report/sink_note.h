/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What journal and syslog have in common: a sentence with fields, few enough for people to read, over
 * a socket.
 */
#ifndef REPORT_SINK_NOTE_H
#define REPORT_SINK_NOTE_H

#include "report/sink.h"
#include "report/sink_socket.h"

enum note_field {
#define FIELD(name, NAME) NOTE_##name,
#include "report/sink_fields.def"
#undef FIELD
	NOTE_FIELDS,
};

/* The longest is a detail, each byte of it escaped. */
#define NOTE_VALUE_MAX (4 * VERDICT_DETAIL_MAX + 8)
#define NOTE_MESSAGE_MAX (VERDICT_SENTENCE_MAX + 256)
/* All of it in any form: what every receiver of syslog should take (RFC 5424 section 6.1). */
#define NOTE_RECORD_MAX 2048

/* Of RFC 5424 section 6.2.1, and of the journal's PRIORITY. */
enum note_severity { NOTE_WARNING = 4, NOTE_NOTICE = 5, NOTE_INFO = 6 };

struct note {
	enum note_severity severity;
	const char *id;                          /* MESSAGE_ID */
	const char *cause;                       /* the word; of what was folded "folded" */
	char value[NOTE_FIELDS][NOTE_VALUE_MAX]; /* printable; "": not known */
	char message[NOTE_MESSAGE_MAX];          /* printable, one line */
};

/* Events that came too fast to be told one by one. */
struct fold {
	uint64_t first, last, count;
	enum note_severity worst;
	int64_t since_ns;
};

void note_of_event(struct note *, const struct sinks_options *, uint64_t event, const struct conn *,
		   const struct verdict *);
void note_of_fold(struct note *, const struct fold *, int64_t now_ns);
/* Of a cause; CAUSE_COUNT: of what was folded. */
const char *note_id(enum cause_id);

/* ---- sink_noted.c: such a sink; sink->own begins with it ---- */

struct noted {
	/* One record of a note, at most size bytes; its length. */
	size_t (*record)(const struct sink *, const struct note *, char *out, size_t size);
	struct sink_socket socket;
	struct fold fold;
	int64_t due_ns; /* when the next event were due, had all come at the rate */
};

void noted_open(struct sink *, struct noted *);
void noted_judged(struct sink *, uint64_t event, const struct conn *, const struct verdict *);
enum put noted_put(struct sink *, uint64_t event, const char *bytes, size_t len);
void noted_tick(struct sink *, const struct live_counts *);
void noted_end(struct sink *, const struct totals *);
void noted_free(struct sink *);

#endif
