/* SPDX-License-Identifier: BSD-3-Clause */
/* Signs that several rules read, each from more than one fact. */
#include "classify/inside.h"

/* Two repeats of a segment are loss; one may be haste. */
#define GAVE_UP_REPEATS 2

/* Who closes in order sends its last words and its FIN together. */
#define TOGETHER_NS (500 * NS_PER_MS)

/* A program that has said DISCONNECT has nothing left to do but to close. */
#define GOODBYE_NS (100 * NS_PER_MS)
#define GOODBYE_RESET_NS (30 * NS_PER_MS)

/*
 * Words are answered within a round trip and the time a program needs; after this nobody was
 * speaking any more. Sessions that end in order are talked over until the end: exit status, close
 * of the channel both ways (RFC 4254 section 5.3).
 */
#define QUIET_NS (2 * NS_PER_S)

/* A program that was waiting for those words acts on them within this; a person does not. */
#define AT_ONCE_NS (500 * NS_PER_MS)

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

bool is_half_open(const struct facts *f)
{
	return f->handshake == HANDSHAKE_PARTIAL && f->bytes[CLIENT] == 0 && f->bytes[SERVER] == 0;
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

/* A FIN may have waited with the goodbye for a repeat of it; a reset waits for nothing. */
bool said_goodbye(const struct facts *f)
{
	int64_t most_ns = f->end.ending == ENDING_reset ? GOODBYE_RESET_NS : GOODBYE_NS;

	return f->last.goodbye && f->last.client_ago_ns >= 0 && f->last.client_ago_ns <= most_ns;
}

static bool is_quiet(int64_t since_ns, const struct facts *f)
{
	return (since_ns >= 0 ? since_ns : f->end.after_ns) > QUIET_NS;
}

bool parted_in_silence(const struct facts *f)
{
	enum side closer = f->end.side;

	return f->end.has_side && is_quiet(f->last.thought_ns[closer], f) &&
	       is_quiet(closer == CLIENT ? f->last.client_ago_ns : f->last.server_ago_ns, f);
}

bool parted_at_once(const struct facts *f)
{
	return f->end.has_side && f->last.thought_ns[f->end.side] >= 0 &&
	       f->last.thought_ns[f->end.side] <= AT_ONCE_NS;
}

bool is_before_login(const struct facts *f)
{
	/* Who has not seen all of it has not seen that there was none. */
	if (f->one_sided || f->mid_stream || f->ssh.gap[CLIENT] || f->ssh.gap[SERVER])
		return false;
	return f->ssh.phase < SSH_PHASE_AUTH ||
	       (f->ssh.phase == SSH_PHASE_AUTH && f->ssh.sizes_known && f->missing == 0 &&
		!(f->last.goodbye_alone && said_goodbye(f) &&
		  f->last.client_ago_ns <= f->last.server_ago_ns));
}

bool server_is_mute(const struct facts *f)
{
	return f->handshake != HANDSHAKE_MISSING && f->syn_ack_mark.number != 0 &&
	       f->last.server_ago_ns < 0 && f->missing == 0 && !f->one_sided;
}

/* In the login each side speaks in its turn; NEWKEYS alone asks for nothing. */
bool client_is_unheard(const struct facts *f)
{
	bool asked = f->ssh.phase != SSH_PHASE_AUTH || f->ssh.encrypted[CLIENT] != 0;

	return is_before_login(f) && asked && f->ssh.has_identification[SERVER] &&
	       f->last.client_ago_ns > QUIET_NS &&
	       f->last.thought_ns[CLIENT] > f->last.client_ago_ns;
}

bool server_ends_mute(const struct facts *f)
{
	return f->handshake == HANDSHAKE_COMPLETE && f->bytes[SERVER] == 0 && f->missing == 0 &&
	       !f->one_sided && f->end.has_side && f->end.side == SERVER;
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
