/* SPDX-License-Identifier: BSD-3-Clause */
/* rstscope read: captures in, reports out. */
#include <stdlib.h>

#include "base/die.h"
#include "capture/capture.h"
#include "classify/classify.h"
#include "commands/commands.h"
#include "commands/confine.h"
#include "commands/evidence.h"
#include "commands/inputs.h"
#include "commands/interrupt.h"
#include "commands/message.h"
#include "commands/noting.h"
#include "commands/options.h"
#include "commands/output.h"
#include "commands/progress.h"
#include "commands/redact.h"
#include "dissect/dissect.h"
#include "track/track.h"

struct run {
	const struct options *options;
	struct capture *capture;
	struct inputs inputs;
	struct fragments *fragments;
	struct track *track;
	struct outputs *outputs;
	struct pseudonyms pseudonyms; /* with options->redact */
	struct conn redacted;
	struct noting noting;
	const char **path;               /* of the inputs, as reports have them */
	uint64_t (*skipped)[SKIP_COUNT]; /* by input; at SKIP_NONE those that were used */
	struct totals totals;
	struct progress progress;
	bool found;   /* what --fail-on names */
	bool stopped; /* before the end of the input */
};

static void judge(struct run *run, const struct conn *conn)
{
	const struct noted_conn *noted = noting_of(&run->noting, conn);
	const struct conn *told = conn;
	struct verdict verdict;

	if (run->options->redact) {
		conn_redact(&run->pseudonyms, conn, &run->redacted);
		told = &run->redacted;
	}
	classify_decide(told, noted, &verdict);
	outputs_each(run->outputs, conn, told, noted, &verdict);
	run->found |= report_fails(&run->options->fail_on, conn, &verdict);
	run->totals.connections++;
	run->totals.judged += conn->end.ending != ENDING_open;
	run->totals.resets += conn->resets;
	run->totals.causes[verdict.cause]++;
}

static void judge_held(struct run *run)
{
	const struct conn *conn;

	noting_settle(&run->noting);
	while ((conn = noting_held(&run->noting)) != NULL)
		judge(run, conn);
}

/* As soon as they are over: their memory is needed for those that come, of which logs wait for some. */
static void judge_finished(struct run *run)
{
	const struct conn *conn;

	while ((conn = track_finished(run->track)) != NULL) {
		if (!noting_waits(&run->noting))
			judge(run, conn);
		else if (noting_hold(&run->noting, conn))
			judge_held(run);
		conn_release(run->track, conn);
	}
}

/*
 * Who types Ctrl-C wants the report of what was read. In a pipeline the writer is told, too, and ends:
 * what it still has for us belongs to the report.
 */
static bool goes_on(struct run *run, uint64_t left)
{
	run->stopped = interrupt_came() && !run->inputs.from_stdin;
	return left != 0 && !run->stopped;
}

static void analyse(struct run *run)
{
	uint64_t left = run->options->count != 0 ? run->options->count : UINT64_MAX;
	struct packet packet;
	struct frame frame;
	enum skip why;

	while (goes_on(run, left) && capture_next(run->capture, &frame)) {
		left--;
		noting_read(&run->noting, frame.time_ns);
		if (dissect_joined(run->fragments, &frame, &packet, &why) == DISSECT_OK)
			track_packet(run->track, &packet);
		run->skipped[frame.input][why]++;
		judge_finished(run);
		progress_step(&run->progress, run->capture);
	}
	progress_end(&run->progress);
	track_end(run->track);
	judge_finished(run);
	judge_held(run);
}

/* ---- totals ---- */

static void input_totals(struct run *run, size_t i, struct input_total *total,
			 struct skipped *skipped)
{
	*total = inputs_total(run->capture, i);
	total->path = run->path[i];
	total->skipped = skipped;
	if (total->damaged == NULL && run->stopped)
		total->damaged = "reading was interrupted; later frames are not in this report";
	for (int why = SKIP_NONE + 1; why < SKIP_COUNT; why++) {
		if (run->skipped[i][why] == 0)
			continue;
		skipped[total->skips++] =
			(struct skipped){ skip_name((enum skip)why), skip_text((enum skip)why),
					  run->skipped[i][why] };
	}
}

/* For whoever wonders whether frames were lost on the way into the report. */
static void say_counts(const struct run *run, const struct track_counts *counts)
{
	for (size_t i = 0; i < run->totals.inputs; i++)
		message(run->inputs.path[i], "%llu frames, %llu of them used, %llu bytes",
			(unsigned long long)run->totals.input[i].packets,
			(unsigned long long)run->skipped[i][SKIP_NONE],
			(unsigned long long)run->totals.input[i].bytes);
	message(NULL, "%llu TCP connections, %llu of them SSH", (unsigned long long)counts->flows,
		(unsigned long long)run->totals.connections);
}

static bool conclude(struct run *run, bool *damaged)
{
	size_t inputs = capture_inputs(run->capture);
	struct input_total *input = xcalloc(inputs, sizeof(*input));
	struct skipped *skipped = xcalloc(inputs * SKIP_COUNT, sizeof(*skipped));
	struct track_counts counts = track_counts(run->track);
	bool written;

	for (size_t i = 0; i < inputs; i++) {
		input_totals(run, i, &input[i], &skipped[i * SKIP_COUNT]);
		*damaged |= input[i].damaged != NULL;
		if (input[i].damaged != NULL && !run->options->quiet)
			message(run->inputs.path[i], "%s", input[i].damaged);
	}
	run->totals.input = input;
	run->totals.inputs = inputs;
	*damaged |= noting_totals(&run->noting, &run->totals);
	run->totals.evicted = counts.evicted;
	run->totals.judged_early = counts.judged_early;
	if (run->options->verbose)
		say_counts(run, &counts);
	written = outputs_close(run->outputs, &run->totals);
	free(input);
	free(skipped);
	return written;
}

/* ---- the command ---- */

/* Before anything is taken from a pipe: its writer may have nothing else to give. */
static bool can_be_done(const struct options *o)
{
	const char *once = o->evidence ? evidence_unreadable_twice(o) : NULL;

	if (once == NULL)
		return true;
	message(once, "can be read only once, and " EVIDENCE_ENDING
		      " needs it twice; write it to a file first, as with tcpdump -w FILE");
	return false;
}

/* All that needs more rights than strangers' bytes are read with. */
static bool prepare(struct run *run)
{
	const struct options *o = run->options;
	const char **named;
	size_t count;

	if (!can_be_done(o))
		return false;
	inputs_list(&run->inputs, o);
	if (o->redact && !redact_begin(&run->pseudonyms, o->redact_key, o->quiet))
		return false;
	named = inputs_named(&run->inputs, o, &count);
	run->outputs = outputs_open(o, named, count);
	free(named);
	return run->outputs != NULL && noting_open(&run->noting, o) &&
	       confine_reading(o, &run->inputs);
}

/* From here on bytes of strangers are looked at. */
static bool begin(struct run *run)
{
	const struct options *o = run->options;
	struct report_options how = { .all = o->all,
				      .events = o->verbose,
				      .redacted = o->redact,
				      .community_id_seed = o->community_id_seed,
				      .fail_on = o->fail_on };

	if (!noting_begin(&run->noting))
		return false;
	inputs_open(&run->inputs, run->capture, o);
	how.inputs = run->inputs.count;
	if (how.inputs == 0)
		return false;
	run->path = o->redact ? redact_paths(&run->inputs, run->capture) : run->inputs.path;
	how.paths = run->path;
	run->skipped = xcalloc(how.inputs, sizeof(*run->skipped));
	outputs_begin(run->outputs, o, &how, run->inputs.path, o->redact ? &run->pseudonyms : NULL);
	return true;
}

static enum status run_all(struct run *run)
{
	bool damaged = false;

	if (!prepare(run) || !begin(run)) {
		if (run->outputs != NULL)
			outputs_discard(run->outputs);
		return STATUS_IMPOSSIBLE;
	}
	if (!run->options->quiet && !outputs_are_seen(run->outputs, run->options))
		progress_begin(&run->progress);
	analyse(run);
	if (!conclude(run, &damaged) || run->inputs.missing)
		return STATUS_IMPOSSIBLE;
	if (run->found)
		return STATUS_FOUND;
	return damaged || run->inputs.partly ? STATUS_DAMAGED : STATUS_DONE;
}

static enum status read_captures(const struct options *o)
{
	struct run run = {
		.options = o,
		.capture = capture_new(),
		.fragments = fragments_new(),
		.track = track_new(&o->track),
	};
	enum status status;

	confine_tidy(o);
	interrupt_prepare();
	status = run_all(&run);
	noting_close(&run.noting);
	free(run.skipped);
	if (run.path != run.inputs.path)
		free(run.path);
	track_free(run.track);
	fragments_free(run.fragments);
	capture_close(run.capture);
	inputs_free(&run.inputs);
	return status;
}

int command_read(int argc, char **argv)
{
	struct options o;
	enum status status = STATUS_DONE;

	switch (options_parse(&o, argc, argv)) {
	case OPTIONS_RUN:
		status = read_captures(&o);
		break;
	case OPTIONS_WRONG:
		status = STATUS_USAGE;
		break;
	case OPTIONS_FAILED:
		status = STATUS_IMPOSSIBLE;
		break;
	case OPTIONS_DONE:
		break;
	}
	options_free(&o);
	return (int)status;
}
