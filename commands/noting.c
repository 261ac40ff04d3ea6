/* SPDX-License-Identifier: BSD-3-Clause */
#include "commands/noting.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/die.h"
#include "commands/message.h"

/* 28 MiB, touched as they are used; by then the clocks are known. */
#define HELD_MAX 4096

_Static_assert(OPTIONS_LOGS_MAX <= LOGS_MAX, "what can be given can be read");

/* Ten years: who is further off is mistaken, and the sum of times stays far from its limits. */
#define OFFSET_MOST_S 315360000.0

bool noting_add(struct options *o, const char *path)
{
	if (o->logs == OPTIONS_LOGS_MAX) {
		message(NULL, "at most %d logs can be given with --log", OPTIONS_LOGS_MAX);
		return false;
	}
	o->log[o->logs++] = path;
	return true;
}

bool noting_set_offset(struct options *o, const char *seconds)
{
	char *end;
	double value = strtod(seconds, &end);

	if (end == seconds || *end != '\0' || !isfinite(value) || fabs(value) > OFFSET_MOST_S) {
		message(NULL, "--log-offset needs seconds, as in 3600 or -0.5, not '%s'", seconds);
		return false;
	}
	o->has_log_offset = true;
	o->log_offset_ns = llround(value * 1e9);
	return true;
}

bool noting_open(struct noting *n, const struct options *o)
{
	char error[LOGS_ERROR_MAX];

	*n = (struct noting){ .options = o };
	if (o->logs == 0)
		return true;
	n->logs = logs_new();
	n->held = xmalloc(HELD_MAX * sizeof(*n->held));
	for (size_t i = 0; i < o->logs; i++) {
		if (!logs_add(n->logs, o->log[i], error)) {
			message(o->log[i], "%s", error);
			return false;
		}
	}
	if (o->has_log_offset)
		logs_offset(n->logs, o->log_offset_ns);
	return true;
}

bool noting_begin(struct noting *n)
{
	char error[LOGS_ERROR_MAX];

	for (size_t i = 0; n->logs != NULL && i < logs_count(n->logs); i++) {
		if (logs_begin(n->logs, i, error))
			continue;
		message(n->options->log[i], "%s", error);
		return false;
	}
	return true;
}

void noting_close(struct noting *n)
{
	logs_free(n->logs);
	free(n->held);
}

void noting_read(struct noting *n, int64_t frame_ns)
{
	char error[LOGS_ERROR_MAX];

	if (n->logs == NULL || n->read)
		return;
	n->read = true;
	n->failed = !logs_read(n->logs, frame_ns, error);
	if (n->failed)
		message(NULL, "%s", error);
}

bool noting_waits(const struct noting *n)
{
	return n->logs != NULL;
}

bool noting_hold(struct noting *n, const struct conn *conn)
{
	logs_meet(n->logs, conn);
	n->held[n->count++] = *conn;
	return n->count == HELD_MAX;
}

void noting_settle(struct noting *n)
{
	if (n->logs != NULL)
		logs_settle(n->logs);
	n->next = 0;
}

const struct conn *noting_held(struct noting *n)
{
	if (n->next < n->count)
		return &n->held[n->next++];
	n->next = n->count = 0;
	return NULL;
}

const struct noted_conn *noting_of(struct noting *n, const struct conn *conn)
{
	if (n->logs == NULL)
		return NULL;
	logs_of(n->logs, conn, &n->noted);
	n->noted.hidden = n->options->redact;
	return &n->noted;
}

static void say_away(const struct log_total *log)
{
	const bool ahead = log->offset_ns > 0;
	char span[48];
	struct text t = text_in(span, sizeof(span));

	clock_add_span(&t, ahead ? log->offset_ns : -log->offset_ns);
	message(log->path,
		"its lines seem to be %s %s the capture, and too few agree to believe it: "
		"nothing of it was used; if that is right, --log-offset %lld",
		span, ahead ? "ahead of" : "behind", (long long)(log->offset_ns / NS_PER_S));
}

bool noting_totals(struct noting *n, struct totals *totals)
{
	bool incomplete = n->failed;

	totals->log = n->total;
	totals->logs = n->logs != NULL ? logs_count(n->logs) : 0;
	for (size_t i = 0; i < totals->logs; i++) {
		n->total[i] = logs_total(n->logs, i);
		incomplete |= n->total[i].cut;
		if (n->total[i].clock == LOG_CLOCK_AWAY && !n->options->quiet)
			say_away(&n->total[i]);
		if (!n->options->redact)
			continue;
		snprintf(n->name[i], sizeof(n->name[i]), "log%zu", (i + 1) % 100);
		n->total[i].path = n->name[i];
	}
	return incomplete;
}
