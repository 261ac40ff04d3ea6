/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where events go while a capture runs: files, the journal, syslog, a file of metrics. An event is
 * one connection with its verdict.
 *
 * Each sink stands alone: it never blocks, keeps what it cannot hand on in a queue of fixed size,
 * and counts what finds no room there. One that stalls or fails stops no other and not the capture.
 *
 * Events are numbered from 1 in the order of sinks_judged(), the same in every sink, so that a lost
 * one can be seen wherever they end up.
 */
#ifndef REPORT_SINKS_H
#define REPORT_SINKS_H

#include "report/live_counts.h"
#include "report/report.h"

/* A message for people, in one line. */
#define SINKS_MESSAGE_MAX 512

struct sinks_options {
	/* -o of a format of lines (see sinks_take()): one sink each. Borrowed until sinks_close(). */
	const char *const *events;
	size_t event_files;
	uint64_t rotate_len;  /* -C, in bytes; 0: never by size */
	int64_t rotate_ns;    /* -G; 0: never by time */
	uint64_t rotate_keep; /* -W: so many files that were written full; 0: all */

	bool journal;
	const char *journal_socket; /* NULL: systemd's */
	const char *syslog;  /* "/dev/log", "udp:ADDRESS:PORT", "tcp:ADDRESS:PORT"; NULL: none */
	const char *metrics; /* a path; NULL: none */

	/*
	 * Of the events' format. all: what ended well goes to journal and syslog, too; files and
	 * metrics have it always. inputs, paths: the interfaces, by frame.input.
	 */
	struct report_options report;
};

struct sinks;

/* Whether a path of -o names a format that is written as it happens, a line each. */
bool sinks_take(const char *path);

/*
 * Opens everything: afterwards no file is opened but in the directories of sinks_directory(), and no
 * socket made. NULL: what is wrong is in error. What may come back by itself (a server of syslog that
 * is down, a FIFO without reader) is no reason to fail.
 *
 * Calls afterwards: openat, fstat, newfstatat, getdents64, fcntl, pread64, lseek, write, ftruncate,
 * flock, fsync, fchmod, renameat, renameat2, faccessat2, unlinkat, close, sendto, recvfrom, connect (on
 * the sockets that are open: a server comes back), clock_gettime, clock_nanosleep.
 */
struct sinks *sinks_open(const struct sinks_options *, char *error, size_t error_size);

/* The directories in which files are made, renamed and removed: descriptor i, -1 behind the last. */
int sinks_directory(const struct sinks *, size_t i);

/* One event for each sink. Takes no longer than a few writes do. */
void sinks_judged(struct sinks *, const struct conn *, const struct verdict *);

/*
 * As often as something happens, and at least once a second. now_ns: of a clock that never steps
 * and is not behind CLOCK_MONOTONIC (CLOCK_BOOTTIME is fine), as it times rotation and retries.
 */
void sinks_tick(struct sinks *, int64_t now_ns, const struct live_counts *);

/* SIGHUP: files that were moved away or removed are made anew, and lines go there from now on. */
void sinks_reopen(struct sinks *);

/*
 * What is to be said on standard error, one message a call, until false: at most one a minute for
 * each sink. Printable.
 */
bool sinks_message(struct sinks *, char message[SINKS_MESSAGE_MAX]);

/*
 * Hands on what waits, for a second at most, and finishes the files. 0, or -1 when events were lost
 * or a file could not be finished: what is known of it is in sinks_message(). Only sinks_free() may
 * follow these two.
 */
int sinks_close(struct sinks *, const struct totals *);
void sinks_free(struct sinks *);

#endif
