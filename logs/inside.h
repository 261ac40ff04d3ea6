/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of logs/ share: lines of bounded length, what they say, and the notes that are kept. */
#ifndef LOGS_INSIDE_H
#define LOGS_INSIDE_H

#include <stddef.h>

#include "base/clock.h"
#include "logs/logs.h"
#include "logs/note.h"

/* ---- span.c: text of a line, without an end mark ---- */

struct span {
	const char *at;
	size_t len;
};

struct span span_of(const char *words);
bool span_begins(struct span, const char *words);
/* Takes the words from the front; false, and nothing taken, when they are not there. */
bool span_take(struct span *, const char *words);
/* Decimal digits from the front, up to most; false when there are none, or more. */
bool span_number(struct span *, uint64_t most, uint64_t *value);
/* What stands before the first such letter, or all of it; that letter is taken, too. */
struct span span_until(struct span *, char letter);
void span_skip(struct span *, char letter);
/* A numeric address, all of the span; an IPv4 address in IPv6 is that IPv4 address. */
bool span_address(struct span, struct address *);
/* Copies and ends it; what is too long is cut. Bytes that end a string become '?'. */
size_t span_copy(struct span, char *out, size_t size);

/* ---- stamp.c: times ---- */

/* "Nov 20 18:00:01": the year is the one that brings it nearest to around_ns. */
bool stamp_without_year(struct span *, int64_t around_ns, int64_t *time_ns);
/* "2026-11-20T18:00:01.123456+01:00", "Z", "+0100" or no zone; exact_ns: one of the last digit. */
bool stamp_iso(struct span *, int64_t *time_ns, int64_t *exact_ns, bool *zoned);
/* "Fri Nov 20 18:00:01 2026" */
bool stamp_with_year(struct span *, int64_t *time_ns);
/* "1732125601.123456": seconds since 1970; or of any other clock. */
bool stamp_seconds(struct span *, int64_t *time_ns, int64_t *exact_ns);

/* ---- lines.c: a file, line by line ---- */

/* journald keeps messages of up to 48 KiB by default, and JSON makes bytes longer. */
#define LINE_SIZE 131072

struct lines;

/* Reads nothing yet. NULL with a message when it cannot be opened. */
struct lines *lines_open(const char *path, char error[LOGS_ERROR_MAX]);
/* Before all others: reads ahead a bufferful. False with a message when that fails. */
bool lines_begin(struct lines *, char error[LOGS_ERROR_MAX]);
void lines_close(struct lines *);
/* The beginning of the file, not yet taken. */
struct span lines_ahead(const struct lines *);
/* The next line without its end; false at the end. One that is too long is empty, and counted. */
bool lines_next(struct lines *, struct span *line);
/* So many bytes, whatever they are; those that do not fit into out are skipped. */
bool lines_bytes(struct lines *, uint64_t len, char *out, size_t size);
uint64_t lines_count(const struct lines *);
uint64_t lines_cut(const struct lines *);
/* Of the last change, as the file system has it; 0: unknown. */
int64_t lines_changed_ns(const struct lines *);
/* What went wrong while reading, errno; 0: nothing. */
int lines_error(const struct lines *);

/* ---- formats ---- */

enum log_got {
	LOG_END,
	LOG_NOTE,    /* it says something of a connection */
	LOG_OTHER,   /* it is of this form, and of other things */
	LOG_DAMAGED, /* it is not of this form */
};

struct log_format {
	const char *name;
	bool zoned;
	/* Whether a file that begins so is of this form. */
	bool (*is)(struct span ahead);
	/* The next line, or record; fills the note but for its source. */
	enum log_got (*next)(struct lines *, int64_t around_ns, struct note *);
};

#define LOG_FORMAT(id, name, zoned)                                                                \
	bool id##_is(struct span ahead);                                                           \
	enum log_got id##_next(struct lines *, int64_t around_ns, struct note *);
#include "logs/formats.def"
#undef LOG_FORMAT

/* The form of a file that begins so, or NULL. */
const struct log_format *format_of(struct span ahead);
/* Their names, separated by commas, as a message has them. */
const char *logs_forms(void);

/* ---- messages.c, pattern.c: what a message says ---- */

enum program { PROGRAM_OTHER, PROGRAM_SSHD, PROGRAM_KERNEL };

enum program program_of(struct span name);
/* "sshd[812]" into note->process and note->pid. */
void note_process(struct note *, struct span tag);
/* Fills kind, ends and text by the first row that fits; false when none does. */
bool note_message(struct note *, enum program, struct span message);
/* Whether the text is the pattern's (messages.def); then fills what it names. */
bool pattern_fits(const char *pattern, struct span text, struct note *);

/* ---- notes.def ---- */

enum note_moment { MOMENT_NONE, MOMENT_BEGIN, MOMENT_END };
enum note_use { USE_AIDS, USE_CONN, USE_HOST };

enum note_moment note_moment(enum note_kind);
enum note_use note_use(enum note_kind);

/* ---- store.c: the notes that are kept, and how they are found ---- */

struct store;

struct store *store_new(void);
void store_free(struct store *);
/* False when there is no more room. */
bool store_add(struct store *, const struct note *);
/* Before the first question, and again when some were added. */
void store_sort(struct store *);
const struct note *store_note(const struct store *, uint32_t index);

struct store_entry {
	uint64_t key;
	int64_t time_ns;
	uint32_t index;
};

/* Notes of one log that have one thing in common, by time: from is among them, to is not. */
struct store_range {
	const struct store_entry *from, *to;
};

/* With this port of the remote end; said by or about this process; naming no port. */
struct store_range store_of_port(const struct store *, uint16_t source, uint16_t port);
struct store_range store_of_process(const struct store *, uint16_t source, uint32_t pid);
struct store_range store_of_host(const struct store *, uint16_t source);
/* Those of a range from this time on. */
struct store_range store_since(struct store_range, int64_t time_ns);

/* ---- offset.c: how far a log's clock is from the capture's ---- */

#define OFFSET_SAMPLES_MAX 4096 /* more do not make a median better */
/* Zones are from -12 to +14 hours: what is further away is another day. */
#define OFFSET_MOST_NS (INT64_C(51300) * NS_PER_S) /* 14 h 15 min */

struct offset_sample {
	int64_t ahead_ns; /* of the capture, by the same event in both */
	uint64_t conn;
	struct address host; /* whose log it is, if this is the right connection; family 0: a device's */
};

struct offset {
	enum log_clock clock;
	int64_t ns;
	uint32_t compared; /* connections that agree */
};

/* zoned: times of the log have a zone. Sorts the samples. */
struct offset offset_of(struct offset_sample *, size_t count, bool zoned);
/* Whether a sample is of that offset, and not of a port that came back. */
bool offset_has(const struct offset *, const struct offset_sample *);

/* ---- trace.c, kernel.c: the kernel's tracepoints ---- */

/*
 * A line of trace_pipe. ahead_ns: the system's clock less that of the trace. LOG_DAMAGED: it is not one
 * of our events; lost is how many the kernel tells that it had no room for.
 */
enum log_got trace_line(struct span line, int64_t ahead_ns, struct note *, uint64_t *lost);
/* Whether an event's format file has a field of this name. */
bool trace_has_field(struct span format, const char *name);
/* As kernel_notes_open(), with tracefs mounted there. */
struct kernel_notes *kernel_notes_open_in(const char *root, char error[LOGS_ERROR_MAX]);

/* ---- join.c: which notes belong to a connection ---- */

#define JOIN_HOSTS_MAX 8 /* addresses of one host: two of each family on two interfaces */

/* What is known of a log when connections are asked for. */
struct join_source {
	uint16_t source;
	int64_t offset_ns;
	struct address host[JOIN_HOSTS_MAX]; /* whose log it is, as lines and packets show */
	size_t hosts;
};

/* Whether the note names both ends as those of the connection, as far as it names them; and whose it is. */
bool note_names(const struct note *, const struct conn *, enum note_side *);
/* Adds what one log says of it, in the order of time. */
void join(const struct store *, const struct join_source *, const struct conn *,
	  struct noted_conn *);

#endif
