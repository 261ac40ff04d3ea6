/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file of lines that is only ever added to, in pieces: one write() a line, moved aside when it is
 * full, made anew when it was taken away. Or a FIFO.
 *
 * "events.jsonl" becomes "events-00000001.jsonl", then "events-00000002.jsonl": numbers only rise, so
 * no file is ever renamed twice, and "events*.jsonl" lists all in the order they were written, the
 * one being written last.
 */
#ifndef REPORT_SINK_FILE_H
#define REPORT_SINK_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "report/sink_folder.h"

struct line_file {
	struct folder folder;
	int fd;          /* -1: not open at present */
	bool regular;    /* a file, not a FIFO */
	bool unread;     /* a FIFO that has no reader: not open */
	bool torn;       /* ends in a piece of a line: nothing may be added */
	bool fresh;      /* another file than at the last call: whoever writes begins anew */
	uint64_t len;    /* whole lines, in bytes */
	uint64_t number; /* of the last that was moved aside */
	uint64_t keep;   /* of those, so many; 0: all */
	size_t done;     /* of a line that a FIFO took in part */
};

enum line { LINE_WRITTEN, LINE_WAITS, LINE_AWAY, LINE_LOST };

/* False: why is in error. A FIFO without a reader is no reason. */
bool line_file_open(struct line_file *, const char *path, uint64_t keep, struct text *error);
/* The file that has the name now, if there is one; why not is in error. */
bool line_file_ready(struct line_file *, struct text *error);
/* One line with its end, or nothing of it; why not is in error. Only when it is ready. */
enum line line_file_write(struct line_file *, const char *bytes, size_t len, struct text *error);
/* Moves it aside and makes another; why not is in error: then it stays. */
bool line_file_rotate(struct line_file *, struct text *error);
/* Whether the name is another file's, or nobody's, by now: then that one is made and used. */
bool line_file_reopen(struct line_file *, struct text *error);
/* To the disk. False: why is in error. */
bool line_file_close(struct line_file *, struct text *error);

/* ---- sink_file_aside.c ---- */

/* Gives the file a name with a number; afterwards its old name is free. */
bool line_file_aside(struct line_file *, struct text *error);
/* The highest number in the directory; 0: none. */
uint64_t line_file_highest(const struct line_file *);

#endif
