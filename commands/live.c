/* SPDX-License-Identifier: BSD-3-Clause */
/* rstscope live: frames as they come in, verdicts as connections end. */
#include "capture/live.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/die.h"
#include "classify/classify.h"
#include "commands/commands.h"
#include "commands/confine.h"
#include "commands/live_run.h"
#include "commands/message.h"

/* Set by signals, read by the loop. A handler has no other way. */
static volatile sig_atomic_t stopping, reopening;

static void on_stop(int number)
{
	(void)number;
	stopping = 1;
}

static void on_hangup(int number)
{
	(void)number;
	reopening = 1;
}

/* A block of the ring is handed over after 100 ms: so often the loop comes around on a quiet link. */
#define WAIT_MS 100
/* Frames between two looks at the clock: under a flood, some milliseconds. */
#define FRAMES_AT_ONCE 1024
/*
 * What is captured by now may still lie in the ring for this long: the clock must not be ahead of it,
 * or what lingers would be judged before its last frame is read.
 */
#define RING_LAG_NS (300 * NS_PER_MS)
/* For what is in the rings when we are told to stop; the rest of two seconds is for reports. */
#define DRAIN_NS (500 * NS_PER_MS)
/* For who is open; under a flood that is a quarter of a million attempts, of which most can go. */
#define JUDGE_NS (400 * NS_PER_MS)

/* ---- the loop ---- */

static uint32_t take_frames(struct live_run *run, bool rest)
{
	struct packet packet;
	struct frame frame;
	enum skip why;
	uint32_t frames = 0;

	while (frames < FRAMES_AT_ONCE && run->left != 0 && live_next(run->live, &frame, rest)) {
		bool used = dissect_joined(run->fragments, &frame, &packet, &why) == DISSECT_OK;

		frames++;
		run->left--;
		if (run->evidence != NULL)
			live_evidence_keep(run->evidence, &frame, used ? &packet : NULL);
		if (used)
			track_packet(run->track, &packet);
		live_run_judge(run);
	}
	return frames;
}

/*
 * Time for who lingers, from a clock that is never set: it goes on where the capture's own is set back,
 * and jumps with it where that is set forward.
 */
static void tell_time(struct live_run *run, struct live_clocks now)
{
	const int64_t passed_ns = now.elapsed_ns - run->now.elapsed_ns;

	run->track_ns += passed_ns;
	if (run->track_ns < now.real_ns)
		run->track_ns = now.real_ns;
	run->now = now;
}

static bool goes_on(const struct live_run *run)
{
	return stopping == 0 && run->left != 0 && live_left(run->live) != 0;
}

static void capture(struct live_run *run)
{
	while (goes_on(run)) {
		uint32_t frames = take_frames(run, false);

		tell_time(run, live_clocks());
		live_run_tick(run, false);
		if (reopening != 0) {
			reopening = 0;
			live_run_reopen(run);
		}
		if (frames != 0)
			continue;
		track_time(run->track, run->track_ns - RING_LAG_NS);
		live_run_judge(run);
		live_wait(run->live, WAIT_MS);
	}
}

/* The kernel hands over what it has within a block's time; new frames are no longer ours. */
static void drain(struct live_run *run)
{
	const int64_t until_ns = live_clocks().elapsed_ns + DRAIN_NS;
	const int64_t block_ns = live_clocks().elapsed_ns + 2 * NS_PER_MS * WAIT_MS;

	while (run->left != 0 && live_clocks().elapsed_ns < until_ns) {
		if (take_frames(run, true) != 0)
			continue;
		if (live_left(run->live) == 0 || live_clocks().elapsed_ns >= block_ns)
			break;
		live_wait(run->live, WAIT_MS / 4);
	}
	tell_time(run, live_clocks());
	live_run_tick(run, true);
}

static void judge_rest(struct live_run *run)
{
	const int64_t until_ns = live_clocks().elapsed_ns + JUDGE_NS;

	track_end(run->track);
	live_run_judge_rest(run, until_ns);
}

/* ---- the command ---- */

static void prepare_signals(void)
{
	/* The second one of the same kind ends us at once. */
	struct sigaction stop = { .sa_handler = on_stop,
				  .sa_flags = (int)SA_RESETHAND | SA_RESTART };
	struct sigaction hangup = { .sa_handler = on_hangup, .sa_flags = SA_RESTART };

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGHUP, &hangup, NULL);
}

static enum status run_live(const struct live_choice *choice)
{
	struct live_run *run = live_run_open(choice);
	enum status status = STATUS_IMPOSSIBLE;

	if (run == NULL)
		return STATUS_IMPOSSIBLE;
	capture(run);
	drain(run);
	judge_rest(run);
	status = live_run_close(run);
	return status;
}

int command_live(int argc, char **argv)
{
	struct live_choice choice;
	enum status status = STATUS_DONE;

	switch (live_options_parse(&choice, argc, argv)) {
	case OPTIONS_RUN:
		confine_tidy(&choice.common);
		prepare_signals();
		status = run_live(&choice);
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
	live_options_free(&choice);
	return (int)status;
}
