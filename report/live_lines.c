/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A line is handed over in one write, and only when the system says that it will not block: a terminal
 * that is stopped by Ctrl-S, or a pipe that nobody reads, must not make the capture lose frames.
 */
#include "report/live_lines.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/die.h"
#include "report/escape.h"
#include "report/sentence.h"
#include "report/words.h"

/* A pipe that can be written to has room for so much: POSIX's PIPE_BUF is 4,096 here. */
#define LINE_MAX_LEN 2048

struct live_lines {
	int fd;
	bool all;
	bool failed, closed; /* an error; the reader went away */
	int64_t second_ns;   /* when the second began that is counted */
	uint32_t shown;      /* lines in it */
	uint64_t left_out;   /* verdicts since a line said how many */
	enum cause_id cause; /* of all of those, if one_cause */
	bool one_cause;
};

struct live_lines *live_lines_new(int fd, bool all)
{
	struct live_lines *l = xcalloc(1, sizeof(*l));

	l->fd = fd;
	l->all = all;
	l->second_ns = INT64_MIN;
	return l;
}

void live_lines_free(struct live_lines *l)
{
	free(l);
}

bool live_lines_good(const struct live_lines *l)
{
	return !l->failed;
}

/* ---- writing ---- */

static bool can_write(const struct live_lines *l)
{
	struct pollfd fd = { .fd = l->fd, .events = POLLOUT };

	return !l->failed && !l->closed && poll(&fd, 1, 0) == 1;
}

/* False: it would block, or nobody is there. */
static bool put(struct live_lines *l, struct text *t)
{
	if (!can_write(l))
		return false;
	t->at[t->len++] = '\n'; /* the end of the text is not needed: there is its length */
	if (write(l->fd, t->at, t->len) == (ssize_t)t->len)
		return true;
	if (errno == EPIPE)
		l->closed = true;
	else if (errno != EINTR && errno != EAGAIN)
		l->failed = true;
	return false;
}

/* ---- verdicts ---- */

/* Of the end; of what is open, of now. In UTC, as in all reports. */
static void add_line(struct text *t, const struct conn *conn, const struct verdict *v,
		     const char *note)
{
	const struct report r = { .options = { .inputs = 1 } };

	clock_add_utc(t, conn->end.ending != ENDING_open ? conn->end.time_ns : conn->last_ns);
	text_add(t, "  ");
	endpoint_add(t, &conn->peer[CLIENT].at);
	text_add(t, " to ");
	endpoint_add(t, &conn->peer[SERVER].at);
	text_add(t, "  %s: ", cause_name(v->cause));
	sentence_add(t, &r, v);
	if (note[0] != '\0')
		text_add(t, " [%s]", note);
}

static void leave_out(struct live_lines *l, enum cause_id cause)
{
	l->one_cause = l->left_out == 0 || (l->one_cause && l->cause == cause);
	l->cause = cause;
	l->left_out++;
}

static void begin_second(struct live_lines *l, int64_t now_ns)
{
	if (l->second_ns != INT64_MIN && now_ns - l->second_ns < NS_PER_S)
		return;
	l->second_ns = now_ns;
	l->shown = 0;
}

static void say_left_out(struct live_lines *l)
{
	char line[LINE_MAX_LEN];
	struct text t = text_in(line, sizeof(line));

	text_add(&t, "and ");
	words_add_counted(&t, l->left_out, "more verdict");
	text_add(&t, l->one_cause ? " like that: %s" : ", of different causes%s",
		 l->one_cause ? cause_name(l->cause) : "");
	if (put(l, &t))
		l->left_out = 0;
}

void live_lines_tick(struct live_lines *l, int64_t now_ns)
{
	if (l->left_out == 0 || now_ns - l->second_ns < NS_PER_S)
		return;
	begin_second(l, now_ns);
	say_left_out(l);
}

/* What ended oddly; and what is open when the capture ends, of which nothing else is ever said. */
static bool is_told(const struct conn *conn, const struct verdict *v)
{
	return !cause_is_healthy(v->cause) ||
	       (v->cause == CAUSE_still_open && !conn->judged_early && !conn->port_reused);
}

void live_lines_judged(struct live_lines *l, int64_t now_ns, const struct conn *conn,
		       const struct verdict *v, const char *note)
{
	char line[LINE_MAX_LEN];
	struct text t = text_in(line, sizeof(line));
	if (!l->all && !is_told(conn, v))
		return;
	live_lines_tick(l, now_ns); /* what was left out before comes first */
	begin_second(l, now_ns);
	if (l->left_out == 0 && l->shown < LIVE_LINES_A_SECOND) {
		add_line(&t, conn, v, note);
		if (put(l, &t)) {
			l->shown++;
			return;
		}
	}
	leave_out(l, v->cause);
}

/* ---- ours ---- */

void live_lines_say(struct live_lines *l, const char *words)
{
	char line[LINE_MAX_LEN];
	struct text t = text_in(line, sizeof(line));

	escape_add_words(&t, words);
	put(l, &t);
}

static void say_capture(struct live_lines *l, const struct live_counts *c)
{
	char line[LINE_MAX_LEN];
	struct text t = text_in(line, sizeof(line));

	words_add_counted(&t, c->seen, "frame");
	text_add(&t, " seen, %llu dropped by the kernel, ",
		 (unsigned long long)c->dropped_by_kernel);
	if (c->dropped_by_interface_known)
		text_add(&t, "%llu", (unsigned long long)c->dropped_by_interface);
	else
		text_add(&t, "an unknown number");
	text_add(&t, " by the interface; link down for ");
	clock_add_span(&t, c->link_down_ns);
	if (c->gaps != 0) {
		text_add(&t, "; not running for ");
		clock_add_span(&t, c->gap_ns);
	}
	if (c->clock_steps != 0)
		text_add(&t, "; the clock was set %llu times", (unsigned long long)c->clock_steps);
	put(l, &t);
}

void live_lines_end(struct live_lines *l, const struct live_counts *c, const struct totals *totals)
{
	char line[LINE_MAX_LEN];
	struct text t = text_in(line, sizeof(line));

	if (l->left_out != 0)
		say_left_out(l);
	say_capture(l, c);
	words_add_counted(&t, totals->connections, "SSH connection");
	for (int i = 0; i < CAUSE_COUNT; i++) {
		if (totals->causes[i] != 0)
			text_add(&t, ", %llu %s", (unsigned long long)totals->causes[i],
				 cause_name((enum cause_id)i));
	}
	if (c->evicted + c->judged_early != 0)
		text_add(&t, "; %llu flows made room, %llu judged early",
			 (unsigned long long)c->evicted, (unsigned long long)c->judged_early);
	put(l, &t);
}
