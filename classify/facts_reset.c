/* SPDX-License-Identifier: BSD-3-Clause */
/* The part of facts_of() that looks at resets: the one that ended it, and those around it. */
#include "classify/inside.h"

/* Resets of both directions within this belong to one act. */
#define BOTH_WAYS_NS (50 * NS_PER_MS)

/* An answer takes a round trip; one much later only happens to have the numbers of one. */
#define ANSWER_NS NS_PER_S
#define ANSWER_ROUND_TRIPS 4

static bool is_answer(const struct conn *conn, const struct reset *reset)
{
	int64_t round_trips_ns = ANSWER_ROUND_TRIPS * conn->peer[reset->from].rtt_min_ns;
	int64_t most_ns = round_trips_ns > ANSWER_NS ? round_trips_ns : ANSWER_NS;

	if (conn->peer[!reset->from].pending.repeats != 0)
		most_ns += ROUTER_HOLDS_NS;
	return reset->answers_trigger && reset->since_trigger_ns <= most_ns;
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

static void reset_baseline(const struct conn *conn, struct fact_reset *fact)
{
	const struct peer *peer = &conn->peer[fact->from];

	fact->ttl_min = peer->ttl_min;
	fact->ttl_max = peer->ttl_max;
	fact->ttl_samples = peer->ttl_samples;
	if (peer->ttl_samples == 0 && fact->from == SERVER) {
		fact->ttl_min = conn->lessons.ttl_min;
		fact->ttl_max = conn->lessons.ttl_max;
		fact->ttl_of_others = conn->lessons.ttl_max != 0;
	}
	fact->rtt_min_ns = peer->rtt_min_ns;
	if (fact->rtt_min_ns == 0 && fact->from == SERVER)
		fact->rtt_min_ns = conn->lessons.rtt_min_ns;
	fact->ip_id_habit = peer->ip_id_habit;
	for (int i = 0; i < PEER_RECENT; i++)
		fact->side_keeps_tos |= (peer->recent[i].tos & 0xfc) != 0;
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

static void reset_company(const struct conn *conn, const struct reset *ending,
			  struct fact_reset *fact)
{
	for (uint8_t i = 0; i < conn->resets_kept; i++) {
		const struct reset *reset = &conn->reset[i];
		int64_t apart = reset->seen.time_ns - ending->seen.time_ns;

		if (reset == ending)
			continue;
		if (reset->from == ending->from) {
			fact->more++;
			fact->more_unprovoked += !is_answer(conn, reset);
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
		.since_trigger_ns = reset->since_trigger_ns,
		.trigger_had_data = reset->trigger.payload_len != 0,
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
