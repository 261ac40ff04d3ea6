/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The logs room's door: logs of hosts that took part in, what they say of a connection out.
 *
 * Clocks differ, and some logs name no zone. So all connections are shown first (logs_meet), the offset
 * of each log is found where enough lines agree on one (logs_settle), and then each is asked for.
 */
#ifndef LOGS_LOGS_H
#define LOGS_LOGS_H

#include <stddef.h>

#include "logs/note.h"
#include "track/conn.h"

#define LOGS_MAX 16         /* both ends, and what lies between, each in some forms */
#define LOGS_ERROR_MAX 160
#define LOGS_NOTES_MAX 131072 /* 40 MiB; a day of a server that is probed twice a second */

struct logs;

struct logs *logs_new(void);
void logs_free(struct logs *);

/* Opens a log, looks at no byte of it; false with a message when that cannot be. path is borrowed. */
bool logs_add(struct logs *, const char *path, char error[LOGS_ERROR_MAX]);
/* Tells the form of one, in the order they were added; false with a message when it has none. */
bool logs_begin(struct logs *, size_t index, char error[LOGS_ERROR_MAX]);
/* The offset of all logs is so much, instead of what would be found. */
void logs_offset(struct logs *, int64_t offset_ns);
/*
 * Reads them all. around_ns: a time of the capture, for stamps without a year. False with a message
 * when one could not be read to its end.
 */
bool logs_read(struct logs *, int64_t around_ns, char error[LOGS_ERROR_MAX]);

/* Compares clocks, learns hosts and processes. */
void logs_meet(struct logs *, const struct conn *);
/* From here on logs_of() uses what the connections so far have shown. */
void logs_settle(struct logs *);
/* What is said of it. Valid as long as the logs. */
void logs_of(struct logs *, const struct conn *, struct noted_conn *);

size_t logs_count(const struct logs *);
struct log_total logs_total(const struct logs *, size_t index);

/* ---- kernel.c: what this host's own kernel says, for a live capture ---- */

struct kernel_notes;

/*
 * Opens tcp:tcp_send_reset and tcp:tcp_receive_reset in an instance of our own. NULL with a message
 * when the kernel does not offer them or we may not: that is to be told, not to be died of.
 */
struct kernel_notes *kernel_notes_open(char error[LOGS_ERROR_MAX]);
/* For poll(). */
int kernel_notes_fd(const struct kernel_notes *);
/* The next one; false when there is none now. Times are the system's clock. */
bool kernel_notes_next(struct kernel_notes *, struct note *);
/* Whether the kernel says why it sent a reset (Linux 6.10). */
bool kernel_notes_have_reasons(const struct kernel_notes *);
/* Lines that could not be read, and events that the kernel had no room for. */
uint64_t kernel_notes_lost(const struct kernel_notes *);
/* Removes the instance. NULL is allowed. */
void kernel_notes_close(struct kernel_notes *);

#endif
