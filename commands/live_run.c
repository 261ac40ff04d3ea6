/* SPDX-License-Identifier: BSD-3-Clause */
#include "commands/live_run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/die.h"
#include "classify/classify.h"
#include "commands/confine.h"
#include "commands/message.h"
#include "commands/redact.h"

/* ---- opening ---- */

static bool open_capture(struct live_run *run)
{
	char error[CAPTURE_ERROR_MAX];

	run->live = live_open(&run->choice->capture, error);
	if (run->live != NULL)
		return true;
	message(NULL, "%s", error);
	return false;
}

static bool open_sinks(struct live_run *run)
{
	char error[SINKS_MESSAGE_MAX];

	run->sinks = sinks_open(&run->choice->sinks, error, sizeof(error));
	if (run->sinks != NULL)
		return true;
	message(NULL, "%s", error);
	return false;
}

/* A sink each for -o, and some of other kinds; and the evidence. */
#define PLACES_MAX (OPTIONS_OUTPUTS_MAX + 16)

/* Strangers' bytes are read behind this. What is still done by name is done in these directories. */
static bool enter_sandbox(const struct live_run *run)
{
	const struct live_choice *c = run->choice;
	struct sandbox_place place[PLACES_MAX];
	struct sandbox_wants wants = { .place = place,
				       .live = true,
				       .sends = true, /* questions about links, at the least */
				       .user = c->user };

	if (run->evidence != NULL)
		place[wants.places++] =
			(struct sandbox_place){ .use = SANDBOX_WRITE,
						.fd = live_evidence_fd(run->evidence) };
	for (size_t i = 0; sinks_directory(run->sinks, i) >= 0 && wants.places < PLACES_MAX; i++)
		place[wants.places++] =
			(struct sandbox_place){ .use = SANDBOX_WRITE,
						.fd = sinks_directory(run->sinks, i) };
	return confine(&wants, c->common.quiet, c->common.verbose);
}

static bool open_all(struct live_run *run)
{
	const struct options *o = &run->choice->common;

	if (o->redact && !redact_begin(&run->pseudonyms, o->redact_key, o->quiet))
		return false;
	if (run->choice->evidence != NULL) {
		run->evidence = live_evidence_new(run->choice);
		if (run->evidence == NULL)
			return false;
	}
	own_find(&run->own);
	return open_sinks(run) && open_capture(run) && enter_sandbox(run);
}

static void say_begin(const struct live_run *run)
{
	if (run->choice->common.quiet)
		return;
	for (size_t i = 0; i < live_interfaces(run->live); i++)
		message(run->choice->capture.name[i], "capturing");
}

static void free_all(struct live_run *run)
{
	if (run->live != NULL)
		live_close(run->live);
	if (run->sinks != NULL)
		sinks_free(run->sinks);
	live_evidence_free(run->evidence);
	live_lines_free(run->lines);
	fragments_free(run->fragments);
	track_free(run->track);
	free(run);
}

struct live_run *live_run_open(const struct live_choice *choice)
{
	struct live_run *run = xcalloc(1, sizeof(*run));

	run->choice = choice;
	run->left = choice->common.count != 0 ? choice->common.count : UINT64_MAX;
	run->fragments = fragments_new();
	run->track = track_new(&choice->common.track);
	run->lines = live_lines_new(STDOUT_FILENO, choice->common.all);
	if (!open_all(run)) {
		free_all(run);
		return NULL;
	}
	run->now = live_clocks();
	run->track_ns = run->now.real_ns;
	live_health_begin(&run->health, run->live, run->now);
	say_begin(run);
	return run;
}

/* ---- verdicts ---- */

static int64_t end_of(const struct conn *conn)
{
	return conn->end.ending != ENDING_open && conn->end.time_ns > conn->last_ns ?
		       conn->end.time_ns :
		       conn->last_ns;
}

static void judge(struct live_run *run, const struct conn *finished)
{
	const struct conn *told = &run->conn;
	struct verdict verdict;

	run->conn = *finished;
	conn_release(run->track, finished);
	run->conn.health =
		live_health_between(&run->health, run->conn.first_ns, end_of(&run->conn));
	if (run->choice->common.redact) {
		conn_redact(&run->pseudonyms, &run->conn, &run->redacted);
		told = &run->redacted;
	}
	classify(told, NULL, &verdict);
	live_lines_judged(run->lines, run->now.elapsed_ns, told, &verdict,
			  own_is(&run->own, &run->conn) ? "rstscope was started from here" : "");
	sinks_judged(run->sinks, told, &verdict);
	if (run->evidence != NULL)
		live_evidence_judged(run->evidence, run->live, run->now.elapsed_ns, &run->conn,
				     &verdict);
	run->found |= report_fails(&run->choice->common.fail_on, told, &verdict);
	run->totals.connections++;
	run->totals.judged += told->end.ending != ENDING_open;
	run->totals.resets += told->resets;
	run->totals.causes[verdict.cause]++;
}

void live_run_judge(struct live_run *run)
{
	const struct conn *conn;

	while ((conn = track_finished(run->track)) != NULL)
		judge(run, conn);
}

#define JUDGE_AT_ONCE 64 /* between looks at the clock */

void live_run_judge_rest(struct live_run *run, int64_t until_ns)
{
	const struct conn *conn;
	uint64_t left_out = 0;

	for (uint32_t i = 1; (conn = track_finished(run->track)) != NULL; i++) {
		judge(run, conn);
		if (i % JUDGE_AT_ONCE == 0 && left_out == 0 && live_clocks().elapsed_ns > until_ns)
			left_out = track_hurry(run->track);
	}
	if (left_out != 0)
		message(NULL, "%llu attempts without an answer were left out, to end in time",
			(unsigned long long)left_out);
	run->health.counts.evicted = track_counts(run->track).evicted;
}

/* ---- while it runs ---- */

static void say_sinks(struct live_run *run)
{
	char words[SINKS_MESSAGE_MAX];

	while (sinks_message(run->sinks, words))
		message(NULL, "%s", words);
}

static void say_gone(struct live_run *run)
{
	for (size_t i = 0; i < run->health.counts.interfaces; i++) {
		const struct live_interface *of = &run->health.counts.interface[i];

		if (!of->gone || run->told_gone[i])
			continue;
		run->told_gone[i] = true;
		message(run->choice->capture.name[i], "interface gone");
	}
}

#define SAY_EVERY_NS (60 * NS_PER_S)

/* Not silently; and not in each second of a flood. */
static void say_dropped(struct live_run *run)
{
	const uint64_t dropped = run->health.counts.dropped_by_kernel;

	if (dropped == run->told_dropped ||
	    (run->told_dropped != 0 && run->now.elapsed_ns - run->told_dropped_ns < SAY_EVERY_NS))
		return;
	run->told_dropped = dropped;
	run->told_dropped_ns = run->now.elapsed_ns;
	message(NULL, "%llu frames were dropped so far, as a ring was full; -B makes it larger",
		(unsigned long long)dropped);
}

void live_run_tick(struct live_run *run, bool at_once)
{
	const struct track_counts counts = track_counts(run->track);

	live_health_tick(&run->health, run->live, &counts, run->now, at_once);
	if (run->evidence != NULL)
		live_evidence_count(run->evidence, &run->health.counts);
	say_gone(run);
	say_dropped(run);
	live_lines_tick(run->lines, run->now.elapsed_ns);
	sinks_tick(run->sinks, run->now.elapsed_ns, &run->health.counts);
	say_sinks(run);
}

void live_run_reopen(struct live_run *run)
{
	sinks_reopen(run->sinks);
}

/* ---- the end ---- */

static void say_evidence(const struct live_run *run)
{
	const struct live_counts *c = &run->health.counts;

	if (run->evidence != NULL && !run->choice->common.quiet)
		message(run->choice->evidence,
			"%llu files written, %llu removed to make room, %llu not written",
			(unsigned long long)c->evidence_written,
			(unsigned long long)c->evidence_removed,
			(unsigned long long)c->evidence_failed);
}

static bool any_gone(const struct live_counts *c)
{
	for (size_t i = 0; i < c->interfaces; i++) {
		if (c->interface[i].gone)
			return true;
	}
	return false;
}

enum status live_run_close(struct live_run *run)
{
	struct live_counts *c = &run->health.counts;
	enum status status = STATUS_DONE;
	bool good;

	if (run->evidence != NULL)
		live_evidence_count(run->evidence, c);
	run->totals.evicted = c->evicted;
	run->totals.judged_early = c->judged_early;
	run->totals.capture = c;
	live_lines_end(run->lines, c, &run->totals);
	say_evidence(run);
	good = live_lines_good(run->lines);
	if (!good)
		message("standard output", "could not be written");
	good &= sinks_close(run->sinks, &run->totals) == 0;
	say_sinks(run);
	if (!good || any_gone(c))
		status = STATUS_IMPOSSIBLE;
	else if (run->found)
		status = STATUS_FOUND;
	free_all(run);
	return status;
}
