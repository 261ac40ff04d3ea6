/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Logs beside the captures (--log). Whose clock is how far off is known when enough connections have
 * been compared with the lines, so they are held back until then: to the end, or as many as there is
 * room for. Without a log nothing is held.
 */
#ifndef COMMANDS_NOTING_H
#define COMMANDS_NOTING_H

#include "commands/options.h"
#include "logs/logs.h"
#include "report/report.h"

struct noting {
	struct logs *logs;          /* NULL: none were given */
	const struct options *options;
	struct noted_conn noted;
	struct conn *held;
	size_t count, next;
	bool read, failed;          /* failed: one could not be read to its end */
	struct log_total total[LOGS_MAX];
	char name[LOGS_MAX][8];     /* in place of a path that is redacted */
};

/* Values of --log and --log-offset; false when one is wrong, which is said. */
bool noting_add(struct options *, const char *path);
bool noting_set_offset(struct options *, const char *seconds);

/*
 * Opens the logs, before the sandbox: root may be needed for them, and a name may lead to a pipe. False
 * when one cannot be, which is said. noting_close() is due in each case.
 */
bool noting_open(struct noting *, const struct options *);
/* Within it: what they are. False when one is of no known form, which is said. */
bool noting_begin(struct noting *);
void noting_close(struct noting *);
/* At the first frame reads the logs; later does nothing. */
void noting_read(struct noting *, int64_t frame_ns);

bool noting_waits(const struct noting *);
/* Compares and keeps a copy; true when there is no more room: judge those that are held. */
bool noting_hold(struct noting *, const struct conn *);
/* From here on those that were held are handed out again, in their order; NULL after the last. */
void noting_settle(struct noting *);
const struct conn *noting_held(struct noting *);
/* What the logs say of it; NULL without logs. Valid until the next call. */
const struct noted_conn *noting_of(struct noting *, const struct conn *);

/* What was read, into the totals; and what a user should know on standard error. True: incomplete. */
bool noting_totals(struct noting *, struct totals *);

#endif
