/* SPDX-License-Identifier: BSD-3-Clause */
/* The part of facts_of() that looks at resets: the one that ended it, and those around it. */
#include "classify/inside.h"

/* Resets of both directions within this belong to one act. */
#define BOTH_WAYS_NS (50 * NS_PER_MS)

/*
 * A kernel and a filter answer at once: what takes longer is the path. Its queues may double the
 * shortest round trip, and stacks wait 200 ms more before they call an answer lost (RFC 6298, with the
 * least timer that is in use); a reset later than that only happens to have the numbers of an answer.
 * Where no round trip was measured, the RFC's first timer counts.
 */
#define ANSWER_SPARE_NS (200 * NS_PER_MS)
#define ANSWER_ROUND_TRIPS 2
#define ANSWER_UNMEASURED_NS NS_PER_S

/* A router holds a segment while it asks who has the address: with Linux three times a second apart. */
#define ANSWER_HELD_NS (3 * NS_PER_S)

/* Something that its receiver still owes an answer to. */
static bool is_owed(const struct reset *reset)
{
	return reset->answers_trigger && !reset->already_answered &&
	       reset->trigger.end != reset->trigger.seq;
}

static int64_t answer_most_ns(const struct conn *conn, const struct reset *reset)
{
	int64_t rtt_ns = conn->peer[reset->from].rtt_min_ns;

	if (rtt_ns == 0 && reset->from == SERVER)
		rtt_ns = conn->lessons.rtt_min_ns;
	if (is_owed(reset))
		return rtt_ns + ANSWER_HELD_NS;
	if (rtt_ns == 0)
		return ANSWER_UNMEASURED_NS;
	return ANSWER_ROUND_TRIPS * rtt_ns + ANSWER_SPARE_NS;
}

static bool is_late(const struct conn *conn, const struct reset *reset)
{
	return reset->since_trigger_ns > answer_most_ns(conn, reset);
}

static bool is_answer(const struct conn *conn, const struct reset *reset)
{
	return reset->answers_trigger && !reset->already_answered && !is_late(conn, reset);
}

/*
 * How many of the receiver's last segments this reset may answer. When all that are remembered look
 * alike, there may have been more.
 */
static uint32_t possible_triggers(const struct conn *conn, const struct reset *reset)
{
	const struct peer *receiver = &conn->peer[!reset->from];
	uint32_t alike = 0;

	for (int i = 0; i < PEER_RECENT; i++)
		alike += receiver->recent[i].mark.number != 0 &&
			 receiver->recent[i].ack == reset->trigger.ack;
	if (alike == PEER_RECENT)
		return CONN_RESETS_MAX;
	return alike != 0 ? alike : 1;
}

/* One segment is answered once: what comes after that answers nothing. */
static bool is_surplus(const struct conn *conn, uint8_t index)
{
	const struct reset *reset = &conn->reset[index];
	uint32_t before = 0;

	for (uint8_t i = 0; i < index; i++)
		before += conn->reset[i].from == reset->from && is_answer(conn, &conn->reset[i]) &&
			  conn->reset[i].trigger.mark.number == reset->trigger.mark.number &&
			  conn->reset[i].trigger.mark.input == reset->trigger.mark.input;
	return before >= possible_triggers(conn, reset);
}

static void after_fin(const struct conn *conn, struct facts *facts)
{
	enum side other = !conn->end.side;

	if (conn->end.ending != ENDING_closed)
		return;
	for (uint8_t i = 0; i < conn->resets_kept; i++) {
		const struct reset *reset = &conn->reset[i];

		if (facts->late_reset.number == 0)
			facts->late_reset = reset->seen.mark;
		if (conn->end.has_side && reset->from == conn->end.side &&
		    !facts->after_fin.reset) {
			facts->after_fin.reset = true;
			facts->after_fin.reset_mark = reset->seen.mark;
		}
	}
	facts->after_fin.data = conn->peer[other].data_after_fin;
	facts->after_fin.data_mark = conn->peer[other].data_after_fin_mark;
}

/* Interfaces put together what follows at once (GRO); what is shorter stands alone. */
#define ALONE_LEN 536 /* RFC 9293 section 3.7.1: no segment need be smaller */
#define LOST_MOST 1000

/*
 * Its data went out again and again, or its counter shows segments that did not get here: a FIN of
 * it waits behind the data, or was lost in the same way.
 */
static bool had_losses(const struct peer *peer)
{
	const struct seen *last = &peer->recent[0], *before = &peer->recent[1];
	uint16_t step = (uint16_t)(last->ip_id - before->ip_id);

	if (last->payload_len == 0 || before->mark.number == 0)
		return false;
	return (before->payload_len != 0 && last->seq == before->seq) ||
	       (peer->ip_id_habit == IP_ID_COUNTER && before->payload_len < ALONE_LEN && step > 1 &&
		step < LOST_MOST);
}

static void reset_baseline(const struct conn *conn, struct fact_reset *fact)
{
	const struct peer *peer = &conn->peer[fact->from];

	fact->ttl_min = peer->ttl_min;
	fact->ttl_max = peer->ttl_max;
	fact->ttl_samples = peer->ttl_samples;
	/* A lone SYN-ACK may have been a proxy's: the others know better. */
	if (peer->ttl_samples < 2 && fact->from == SERVER && conn->lessons.ttl_max != 0 &&
	    (peer->ttl_samples == 0 || conn->lessons.connections != 0)) {
		fact->ttl_min = conn->lessons.ttl_min;
		fact->ttl_max = conn->lessons.ttl_max;
		fact->ttl_of_others = true;
	}
	fact->rtt_min_ns = peer->rtt_min_ns;
	if (fact->rtt_min_ns == 0 && fact->from == SERVER)
		fact->rtt_min_ns = conn->lessons.rtt_min_ns;
	fact->ip_id_habit = peer->ip_id_habit;
	fact->after_outage = had_losses(peer) || had_losses(&conn->peer[!fact->from]);
	for (int i = 0; i < PEER_RECENT; i++)
		fact->side_keeps_tos |= (peer->recent[i].tos & DSCP) != 0;
	fact->side_keeps_tos |= fact->from == SERVER && conn->lessons.keeps_tos;
}

/*
 * The segments of a burst have the same ACK, and a reset without ACK may answer any of them: the
 * oldest within two round trips counts. When all that are remembered look alike, an older one may.
 */
static void reset_delay(const struct conn *conn, const struct reset *reset, struct fact_reset *fact)
{
	const struct peer *receiver = &conn->peer[!reset->from];
	int alike = 0;

	if (fact->has_ack || !fact->answers)
		return;
	for (int i = 0; i < PEER_RECENT; i++) {
		const struct seen *seen = &receiver->recent[i];
		int64_t age_ns = reset->seen.time_ns - seen->time_ns;

		if (seen->mark.number == 0 || age_ns < 0 || seen->ack != reset->seen.seq)
			continue;
		alike++;
		if (age_ns <= 2 * fact->rtt_min_ns && age_ns > fact->since_trigger_ns)
			fact->since_trigger_ns = age_ns;
	}
	fact->burst = alike == PEER_RECENT;
}

/* Two answers to one segment, and the other has the TTL of the host: so the segment got there. */
static bool is_hosts_own(const struct reset *reset, const struct reset *ending,
			 const struct fact_reset *fact)
{
	bool ending_is_home =
		ending->seen.ttl >= fact->ttl_min && ending->seen.ttl <= fact->ttl_max;

	return fact->ttl_max != 0 && !ending_is_home && reset->seen.ttl >= fact->ttl_min &&
	       reset->seen.ttl <= fact->ttl_max && reset->answers_trigger &&
	       reset->trigger.mark.number == ending->trigger.mark.number &&
	       reset->trigger.mark.input == ending->trigger.mark.input;
}

/* Resets this close together have one author, or one follows from the other. */
#define ONE_ACT_NS NS_PER_S
#define BASELINE_LEAST 3 /* segments of a side that tell its distance */

/* A reset that its receiver did not obey, and that came from where its claimed sender is not. */
static bool is_foreign(const struct conn *conn, const struct reset *reset,
		       const struct reset *ending)
{
	const struct peer *peer = &conn->peer[reset->from];
	int64_t ahead_ns = ending->seen.time_ns - reset->seen.time_ns;

	return reset->fit == RESET_FIT_OUTSIDE && ahead_ns >= 0 && ahead_ns <= ONE_ACT_NS &&
	       peer->ttl_samples >= BASELINE_LEAST &&
	       (reset->seen.ttl < peer->ttl_min || reset->seen.ttl > peer->ttl_max);
}

static void reset_company(const struct conn *conn, const struct reset *ending,
			  struct fact_reset *fact)
{
	for (uint8_t i = 0; i < conn->resets_kept; i++) {
		const struct reset *reset = &conn->reset[i];
		int64_t apart = reset->seen.time_ns - ending->seen.time_ns;

		if (reset == ending)
			continue;
		if (is_foreign(conn, reset, ending))
			fact->foreign = reset->seen.mark;
		if (reset->from == ending->from) {
			fact->more++;
			if (is_hosts_own(reset, ending, fact))
				fact->trigger_acked = true;
			else
				fact->more_unprovoked +=
					!is_answer(conn, reset) || is_surplus(conn, i);
		} else if (apart <= BOTH_WAYS_NS && apart >= -BOTH_WAYS_NS &&
			   !is_answer(conn, reset)) {
			fact->both_ways = true;
			fact->both_mark = reset->seen.mark;
		}
	}
}

static void reset_facts(const struct conn *conn, struct fact_reset *fact)
{
	const struct reset *reset = conn_ending_reset(conn);

	if (reset == NULL)
		return;
	*fact = (struct fact_reset){
		.any = true,
		.from = reset->from,
		.mark = reset->seen.mark,
		.trigger = reset->trigger.mark,
		.before = reset->before,
		.fit = reset->fit,
		.has_ack = (reset->seen.flags & TCP_ACK) != 0,
		.has_timestamps = reset->has_timestamps,
		.clock_wrong = reset->has_timestamps && !reset->clock_fits &&
			       conn->peer[reset->from].timestamps,
		.has_options = reset->has_options,
		.df = reset->df,
		.has_ip_id = reset->has_ip_id,
		.window = reset->seen.window,
		.trigger_window = reset->trigger.window,
		.ip_id = reset->seen.ip_id,
		.has_ip_id_step = reset->has_ip_id_step,
		.ip_id_step = reset->ip_id_step,
		.tos = reset->seen.tos,
		.trigger_tos = reset->trigger.tos,
		.ttl = reset->seen.ttl,
		.answers = is_answer(conn, reset),
		.already_answered = reset->answers_trigger && reset->already_answered,
		.unasked = is_late(conn, reset),
		.since_trigger_ns = reset->since_trigger_ns,
		.trigger_had_data = reset->trigger.payload_len != 0,
		.trigger_had_ack = (reset->trigger.flags & TCP_ACK) != 0,
		.trigger_acked = conn->trigger_acked,
		.life = conn->data_after_reset[reset->from],
		.life_mark = conn->after_reset_mark[reset->from],
	};
	reset_baseline(conn, fact);
	reset_delay(conn, reset, fact);
	reset_company(conn, reset, fact);
}

void facts_of_resets(const struct conn *conn, struct facts *facts)
{
	after_fin(conn, facts);
	reset_facts(conn, &facts->reset);
}
