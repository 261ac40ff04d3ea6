/* SPDX-License-Identifier: BSD-3-Clause */
/* Signs that several rules read, each from more than one fact. */
#include "classify/inside.h"

/* Two repeats of a segment are loss; one may be haste. */
#define GAVE_UP_REPEATS 2

/* Who closes in order sends its last words and its FIN together. */
#define TOGETHER_NS (500 * NS_PER_MS)

/* A timer and its packets are this exact. */
#define CLOCK_STEP_NS (30 * NS_PER_S)
#define CLOCK_ERROR_NS NS_PER_S

/* Where the capture has the answers that the asker lacked: see track's unheard. */
static bool gave_up_deaf(const struct facts *f)
{
	return f->waiting.unheard && f->waiting.probe && f->end.ending == ENDING_reset;
}

/*
 * Keep-alive probes or repeated data, never answered, then a reset or FIN of who sent them. What
 * waited when the end came must still wait at the end of the capture: else it was only late.
 */
bool gave_up(const struct facts *f)
{
	const struct fact_waiting *w = &f->waiting;
	int64_t ago_ns = f->end.side == CLIENT ? f->last.client_ago_ns : f->last.server_ago_ns;

	if ((f->end.ending != ENDING_reset && f->end.ending != ENDING_closed) || f->one_sided ||
	    !f->end.has_side || !w->any || w->side != f->end.side || w->repeats < GAVE_UP_REPEATS)
		return false;
	if (gave_up_deaf(f))
		return true;
	return f->silence.broken && f->silence.broken_by == f->end.side &&
	       f->silence.to.number == w->first.number && f->silence.to.input == w->first.input &&
	       (ago_ns < 0 || ago_ns > TOGETHER_NS);
}

bool asked_in_vain(const struct facts *f)
{
	const struct fact_alive *a = &f->alive[f->end.side];
	int64_t ago_ns = f->end.side == CLIENT ? f->last.client_ago_ns : f->last.server_ago_ns;

	return (f->end.ending == ENDING_reset || f->end.ending == ENDING_closed) && !f->one_sided &&
	       f->end.has_side && a->unanswered >= GAVE_UP_REPEATS && ago_ns > TOGETHER_NS;
}

bool beside_server(const struct facts *f)
{
	return f->near[SERVER] && !f->near[CLIENT];
}

bool is_by_the_clock(int64_t silence_ns)
{
	int64_t past_ns = silence_ns % CLOCK_STEP_NS;

	return silence_ns >= IDLE_LEAST_NS - CLOCK_ERROR_NS &&
	       (past_ns <= CLOCK_ERROR_NS || past_ns >= CLOCK_STEP_NS - CLOCK_ERROR_NS);
}

bool dscp_is_copied(const struct fact_reset *r)
{
	return r->answers && (r->trigger_tos & DSCP) != 0 &&
	       (r->tos & DSCP) == (r->trigger_tos & DSCP);
}

bool is_other_protocol(const struct facts *f)
{
	return f->end.ending == ENDING_closed && f->ssh.not_ssh[CLIENT] && !f->ssh.any &&
	       f->ssh.notice < 0 && f->bytes[SERVER] != 0;
}
