/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the logs room hands on: what a log says of a connection.
 *
 * A note is one line; it names a connection by its ends, by one of them, by a process, or not at all.
 * A line is as untrusted as a packet: its text is kept raw, and escaped where it is shown.
 */
#ifndef LOGS_NOTE_H
#define LOGS_NOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/packet.h"

/* Rows of notes.def. */
enum note_kind {
#define NOTE(id, moment, use, words) NOTE_##id,
#include "logs/notes.def"
#undef NOTE
	NOTE_COUNT,
};

#define NOTE_PROCESS_MAX 16 /* as a kernel keeps them: TASK_COMM_LEN */
#define NOTE_TEXT_MAX 160   /* a sentence of ours quotes no more than half of it */

struct note {
	int64_t time_ns;             /* by the clock of the log */
	int64_t exact_ns;            /* it was within so much after time_ns */
	enum note_kind kind;
	uint32_t line;               /* from 1 */
	uint16_t source;             /* index of the log */
	uint16_t text_len;
	uint32_t pid;                /* who speaks; 0: not said */
	uint32_t about_pid;          /* which process is spoken of; 0: none */
	struct endpoint remote;      /* as the host that speaks has it; family 0, port 0: not said */
	struct endpoint local;
	bool on_path;                /* a device speaks: remote and local are only the two ends */
	char process[NOTE_PROCESS_MAX];
	char text[NOTE_TEXT_MAX];
};

/* By what a note was found to belong to a connection, weakest first. */
enum note_tie {
	TIE_HOST,    /* it is of the same host, and of that time */
	TIE_ADDRESS, /* it names the client's address, and not which of its connections */
	TIE_PROCESS, /* it is of a process that spoke of this connection */
	TIE_PORTS,   /* it names address and port */
};

/* Who speaks, as far as that is known. */
enum note_side { NOTE_OF_CLIENT, NOTE_OF_SERVER, NOTE_OF_PATH };

struct noted {
	const struct note *note;     /* the log's, as long as that is open */
	int64_t time_ns;             /* by the clock of the capture */
	enum note_tie tie;
	enum note_side side;
};

/* More would not be read. Reasons only: what merely names a process or sets a clock is left out. */
#define NOTED_MAX 12

/* What the logs say of one connection, in the order of time. */
struct noted_conn {
	uint8_t count;
	bool hidden;                 /* lines name people and hosts, and may not be shown */
	struct noted at[NOTED_MAX];
};

/* ---- what is known of a log as a whole ---- */

/* Where an offset comes from. */
enum log_clock {
	LOG_CLOCK_UNKNOWN, /* no line could be compared: taken for the capture's own */
	LOG_CLOCK_FOUND,   /* from lines and packets of the same event */
	LOG_CLOCK_GIVEN,   /* by the user */
	LOG_CLOCK_AWAY,    /* lines agree on one that is too odd to be believed: nothing was used */
};

/* What is known of one log. path is borrowed. */
struct log_total {
	const char *path, *format;
	uint64_t lines, notes, used;  /* read; that say something; that were told of a connection */
	uint64_t damaged;             /* lines that should say something and cannot be read */
	bool cut;                     /* more notes than are kept */
	enum log_clock clock;
	int64_t offset_ns;            /* the log is so much ahead of the capture */
	uint32_t compared;            /* connections that the offset was found with */
};

/* The row's words; never NULL. */
const char *note_words(enum note_kind);

#endif
