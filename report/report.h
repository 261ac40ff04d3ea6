/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The report room's door: connections with their verdicts in, what the reader sees out.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/text.h"
#include "classify/verdict.h"
#include "track/conn.h"

/* The number of the JSON format: a change that breaks a reader of it makes it larger. */
#define REPORT_SCHEMA "rstscope.report/1"

/* What is a failure to whoever asks for one: words of --fail-on. */
struct fail_on {
	bool reset;
	bool cause[CAUSE_COUNT];
};

struct report_options {
	bool all;       /* each connection in full: healthy ones, and however many */
	bool events;    /* each event that was kept, not the ladder alone: text only */
	bool redacted;  /* names are not the wire's: said, and Community IDs are marked */
	bool color;     /* terminal colours: text only */
	bool unicode;   /* lines of a drawing, never words: text only */
	size_t columns; /* of the terminal; 0: as for mails and tickets. Text only */
	uint16_t community_id_seed;
	struct fail_on fail_on; /* test cases fail by it; nothing else depends on it */
	size_t inputs;          /* with more than one, frames are named together with their file */
	const char *const *paths; /* of the inputs, by index; borrowed until report_end() */
	/* Where a format that waits keeps what it has; report_end() closes it. NULL: a file is made. */
	FILE *scratch;
};

/* What a reader of a redacted report has to know. */
#define REPORT_REDACTED                                                                            \
	"Redacted: addresses, names and texts stand for others; the same key gives the same ones."

struct log_total; /* logs/note.h */

struct skipped {
	const char *name, *text; /* JSON key, words */
	uint64_t count;
};

struct input_total {
	const char *path, *format;
	const char *compression; /* NULL: none */
	const char *const *link_names;
	size_t link_types;
	uint64_t packets, bytes;
	int64_t first_ns, last_ns; /* meaningless while packets == 0 */
	const char *damaged;       /* a sentence, or NULL */
	const struct skipped *skipped;
	size_t skips;
};

struct live_counts;

struct totals {
	const struct input_total *input;
	size_t inputs;
	const struct log_total *log; /* that were read beside them */
	size_t logs;
	uint64_t connections, judged, resets, evicted, judged_early;
	uint64_t causes[CAUSE_COUNT];
	const struct live_counts *capture; /* NULL: files were read */
};

struct report;

/* Whether the words name how it ended. */
bool report_fails(const struct fail_on *, const struct conn *, const struct verdict *);

/*
 * Names of the formats and the endings of file names that choose them, in the same order, NULL at
 * the end; and the name that the ending of a path chooses, NULL for none.
 */
const char *const *report_formats(void);
const char *const *report_endings(void);
const char *report_format_of(const char *path);

/* Whether all is written at the end, and nothing before. */
bool report_waits(const char *format);

/* format must be one of report_formats(). out is borrowed. options are copied. */
struct report *report_begin(const char *format, FILE *out, const struct report_options *options);
/* A connection with its verdict in words: counted, and told if it is one of those that are. */
void report_each(struct report *, const struct conn *, const struct verdict *);
/*
 * The same in two steps, as words cost more than all else, and of many connections most are only
 * counted: first the verdict without words; when the answer is true, the report waits for those.
 */
bool report_count(struct report *, const struct conn *, const struct verdict *);
void report_tell(struct report *, const struct conn *, const struct verdict *);

/* Writes what remains and frees the report. False when something could not be written. */
bool report_end(struct report *, const struct totals *);

/* ---- comment.c: sentences that go into a capture, beside the frames ---- */

/* "Connection 3, 192.0.2.1:51000 to 198.51.100.2:22, reset: ..." and the sentence for the ticket. */
void report_comment_verdict(struct text *, const struct report_options *, const struct conn *,
			    const struct verdict *);
/* What this piece of evidence says, of which connection, for or against what, and its weight. */
void report_comment_evidence(struct text *, const struct conn *, const struct verdict *,
			     const struct evidence *);
/* "frame 57 of a.pcap": where it was before. */
void report_comment_frame(struct text *, const struct report_options *, struct mark);
/* "a.pcap" */
void report_comment_input(struct text *, const struct report_options *, uint16_t input);

/* ---- explain.c: what needs no capture ---- */

void report_explain_all(FILE *out);
void report_explain_family(FILE *out, const struct family *);
void report_explain_cause(FILE *out, enum cause_id);
void report_explain_timers(FILE *out);

#endif
