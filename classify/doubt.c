/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How far the capture itself is to be trusted. Rules weigh what is in it as if that were all; where it
 * lacks something, the frame that would have told otherwise may be what is lacking. No evidence helps
 * against that, however strong, so it is no matter of decibans: with the chance e that the capture
 * misleads, all that was concluded holds with 1 - e, and the rest of the time nothing is known.
 *
 * The chances are estimates, argued beside each; they multiply, as the defects have nothing to do
 * with each other. What a rule makes of a lacking fact by itself is not repeated here.
 */
#include <math.h>

#include "classify/inside.h"

/* Loss comes in bursts: where some of the last frames are lacking, the end itself is suspect. */
#define LATE_LOSS 0.10

/* Half of the talk: the answers, and what they took back, are a guess from numbers. */
#define ONE_SIDED 0.05

/* No baseline of the handshake, and what was said before may explain the end: a limit, a goodbye. */
#define MID_STREAM 0.03

/* Clear text that was cut away may have been a refusal in so many words. */
#define CUT_TEXT 0.05

/* Segments after a reset take it back, or show that it was forged: they were not waited for. */
#define EARLY 0.10

/* Silences, round trips and what came first are measured with that clock. */
#define CLOCK 0.05

/* The port told who is the server; where it is wrong, client and server change places. */
#define ROLES 0.05

/* A verdict rests on the last frame, what it answers, what came after it, and what it is compared with. */
#define FRAMES_OF_WEIGHT 4

/*
 * Of the segments that it should have, the capture is known to lack a share: so it may lack any other,
 * an acknowledgment too, whose lack shows nowhere. The chance that all those of weight are there.
 */
static double none_lost(const struct facts *f)
{
	uint64_t all = f->packets + f->missing;
	double kept = all != 0 ? (double)f->packets / (double)all : 1;

	return pow(kept, FRAMES_OF_WEIGHT);
}

/* A full ring loses what comes in a row: of a connection that was there, perhaps its end. */
#define DROPPED 0.05

/* Counted of all that the interface received, whether it was SSH or not: mostly it was not. */
#define DROPPED_BEFORE 0.02

/* What ended while the link was down went another way, or nobody heard of it. */
#define LINK_DOWN 0.10

/* Of the frames of that time, how many found no room: so may any of these be. */
static double lost_live(const struct health *h)
{
	double trust = 1;

	if (h->dropped_by_kernel != 0)
		trust *= (1 - DROPPED) * (double)h->seen /
			 ((double)h->seen + (double)h->dropped_by_kernel);
	if (h->dropped_by_interface_known && h->dropped_by_interface != 0)
		trust *= 1 - DROPPED_BEFORE;
	return h->link_down_ns != 0 ? trust * (1 - LINK_DOWN) : trust;
}

double capture_trust(const struct facts *f)
{
	bool text_lacks = f->cut && (f->ssh.gap[CLIENT] || f->ssh.gap[SERVER]);
	double trust = none_lost(f);

	trust *= lost_live(&f->health);
	trust *= f->missing_late ? 1 - LATE_LOSS : 1;
	trust *= f->one_sided ? 1 - ONE_SIDED : 1;
	trust *= f->mid_stream ? 1 - MID_STREAM : 1;
	trust *= text_lacks ? 1 - CUT_TEXT : 1;
	trust *= f->judged_early ? 1 - EARLY : 1;
	trust *= f->clock_stepped ? 1 - CLOCK : 1;
	return trust * (f->roles_guessed ? 1 - ROLES : 1);
}

void doubt_capture(const struct facts *f, double p[CAUSE_COUNT])
{
	double trust = capture_trust(f);

	for (int i = 0; i < CAUSE_COUNT; i++)
		p[i] *= trust;
	p[CAUSE_unexplained] += 1 - trust;
}
