/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/conn_of.h"

TestSuite(classify_facts_reset);

Test(classify_facts_reset, a_resets_baseline_is_its_sides_or_that_of_other_connections)
{
	struct conn *conn = conn_with_reset();
	struct facts f = facts_from(conn);

	cr_expect(f.reset.ttl_min == 56 && f.reset.ttl_max == 57 && !f.reset.ttl_of_others);
	conn->peer[SERVER].ttl_samples = 0;
	conn->peer[SERVER].rtt_min_ns = 0;
	conn->lessons = (struct lessons){ .ttl_min = 50, .ttl_max = 51, .rtt_min_ns = 7 };
	f = facts_from(conn);
	cr_expect(f.reset.ttl_min == 50 && f.reset.ttl_max == 51 && f.reset.ttl_of_others);
	cr_expect_eq(f.reset.rtt_min_ns, 7);
	conn->lessons = (struct lessons){ 0 };
	cr_expect_not(facts_from(conn).reset.ttl_of_others);
	conn->reset[0].from = CLIENT; /* other clients teach nothing of this one */
	conn->lessons.ttl_min = conn->lessons.ttl_max = 50;
	cr_expect_eq(facts_from(conn).reset.ttl_max, 0);
}

Test(classify_facts_reset, a_match_of_numbers_long_ago_is_no_answer)
{
	struct conn *conn = conn_with_reset();

	cr_expect(facts_from(conn).reset.answers);
	conn->reset[0].since_trigger_ns = SECONDS(240);
	cr_expect_not(facts_from(conn).reset.answers);
	conn->reset[0].since_trigger_ns = SECONDS(2);
	cr_expect_not(facts_from(conn).reset.answers);
	conn->peer[SERVER].rtt_min_ns = 900 * NS_PER_MS; /* by satellite */
	cr_expect(facts_from(conn).reset.answers);
}

Test(classify_facts_reset, an_answer_comes_within_two_round_trips_and_what_a_stack_waits_for)
{
	struct conn *conn = conn_with_reset();

	conn->reset[0].since_trigger_ns = 260 * NS_PER_MS;
	cr_expect(facts_from(conn).reset.answers);
	cr_expect_not(facts_from(conn).reset.unasked);
	conn->reset[0].since_trigger_ns = 261 * NS_PER_MS;
	cr_expect_not(facts_from(conn).reset.answers);
	cr_expect(facts_from(conn).reset.unasked);
	conn->peer[SERVER].rtt_min_ns = 0; /* no round trip was seen here, but elsewhere */
	conn->lessons.rtt_min_ns = 31 * NS_PER_MS;
	cr_expect(facts_from(conn).reset.answers);
	conn->lessons.rtt_min_ns = 0;
	conn->reset[0].since_trigger_ns = NS_PER_S;
	cr_expect(facts_from(conn).reset.answers);
	conn->reset[0].since_trigger_ns = -1; /* nothing was sent before: nothing to be late for */
	cr_expect_not(facts_from(conn).reset.unasked);
}

Test(classify_facts_reset, data_without_an_answer_may_have_been_held_on_its_way)
{
	struct conn *conn = conn_with_reset();

	conn->reset[0].trigger.end = 36;
	conn->reset[0].since_trigger_ns = SECONDS(3);
	cr_expect(facts_from(conn).reset.answers);
	conn->reset[0].since_trigger_ns = SECONDS(4);
	cr_expect_not(facts_from(conn).reset.answers);
}

Test(classify_facts_reset, where_data_was_repeated_a_fin_may_wait_or_be_lost)
{
	struct conn *conn = conn_with_reset();
	struct seen *recent = conn->peer[SERVER].recent;

	recent[0] = recent[1] = (struct seen){ .mark = MARK(48), .seq = 5, .payload_len = 36 };
	cr_expect(facts_from(conn).reset.after_outage);
	recent[1].seq = 4;
	cr_expect_not(facts_from(conn).reset.after_outage);
	recent[1].seq = 5;
	conn->reset[0].from = CLIENT; /* nor did a FIN of the client get to who repeats in vain */
	cr_expect(facts_from(conn).reset.after_outage);
	conn->reset[0].from = SERVER;
	recent[1] = (struct seen){ .mark = MARK(47), .seq = 5 }; /* an ACK in front of it */
	cr_expect_not(facts_from(conn).reset.after_outage);
	recent[1] = (struct seen){ 0 };
	recent[0].seq = 0;
	cr_expect_not(facts_from(conn).reset.after_outage);
}

Test(classify_facts_reset, a_gap_in_the_counter_tells_of_segments_that_were_lost)
{
	struct conn *conn = conn_with_reset();
	struct seen *recent = conn->peer[SERVER].recent;

	conn->peer[SERVER].ip_id_habit = IP_ID_COUNTER;
	recent[0] = (struct seen){ .mark = MARK(48), .seq = 5, .payload_len = 36, .ip_id = 3 };
	recent[1] = (struct seen){ .mark = MARK(47), .seq = 4, .ip_id = 65535 };
	cr_expect(facts_from(conn).reset.after_outage);
	recent[1].payload_len = 2896; /* two segments that the interface put together */
	cr_expect_not(facts_from(conn).reset.after_outage);
	recent[1].payload_len = 1;
	recent[1].ip_id = 2;
	cr_expect_not(facts_from(conn).reset.after_outage);
	recent[1].ip_id = 1;
	conn->peer[SERVER].ip_id_habit = IP_ID_OTHER;
	cr_expect_not(facts_from(conn).reset.after_outage);
}

Test(classify_facts_reset, what_was_acknowledged_before_is_not_answered_again)
{
	struct conn *conn = conn_with_reset();

	conn->reset[0].already_answered = true;
	cr_expect_not(facts_from(conn).reset.answers);
	cr_expect(facts_from(conn).reset.already_answered);
	conn->reset[0].answers_trigger = false;
	cr_expect_not(facts_from(conn).reset.already_answered);
}

Test(classify_facts_reset, one_segment_is_answered_once)
{
	struct conn *conn = conn_with_reset();

	conn->resets = conn->resets_kept = 3;
	conn->reset[1] = conn->reset[2] = conn->reset[0];
	cr_expect_eq(facts_from(conn).reset.more_unprovoked, 2);
	conn->peer[CLIENT].recent[1] = conn->peer[CLIENT].recent[0]; /* it was sent twice */
	cr_expect_eq(facts_from(conn).reset.more_unprovoked, 1);
	conn->peer[CLIENT].recent[2] = conn->peer[CLIENT].recent[0]; /* or more often */
	cr_expect_eq(facts_from(conn).reset.more_unprovoked, 0);
}

Test(classify_facts_reset, a_second_answer_of_the_host_itself_shows_that_the_segment_arrived)
{
	struct conn *conn = conn_with_reset();

	conn->resets = conn->resets_kept = 2;
	conn->reset[1] = conn->reset[0];
	conn->reset[0].seen.ttl = 60; /* made nearer */
	cr_expect(facts_from(conn).reset.trigger_acked);
	cr_expect_eq(facts_from(conn).reset.more_unprovoked, 0);
	conn->reset[1].seen.ttl = 60;
	cr_expect_not(facts_from(conn).reset.trigger_acked);
	conn->reset[1].seen.ttl = 57;
	conn->reset[1].trigger.mark = MARK(40);
	cr_expect_not(facts_from(conn).reset.trigger_acked);
}

Test(classify_facts_reset, a_reset_in_vain_from_elsewhere_shows_that_somebody_forges)
{
	struct conn *conn = conn_with_reset();

	conn->resets = conn->resets_kept = 2;
	conn->reset[1] = conn->reset[0];
	conn->reset[1].seen.mark = MARK(45);
	conn->reset[1].seen.time_ns = AT(59500);
	conn->reset[1].seen.ttl = 60;
	cr_expect_eq(facts_from(conn).reset.foreign.number, 0); /* it would have been obeyed */
	conn->reset[1].fit = RESET_FIT_OUTSIDE;
	cr_expect_eq(facts_from(conn).reset.foreign.number, 45);
	conn->reset[1].seen.ttl = 57;
	cr_expect_eq(facts_from(conn).reset.foreign.number, 0);
	conn->reset[1].seen.ttl = 60;
	conn->reset[1].seen.time_ns = AT(58000); /* another matter */
	cr_expect_eq(facts_from(conn).reset.foreign.number, 0);
	conn->reset[1].seen.time_ns = AT(59500);
	conn->peer[SERVER].ttl_samples = 2;
	cr_expect_eq(facts_from(conn).reset.foreign.number, 0);
}

Test(classify_facts_reset, other_connections_show_whether_the_servers_marks_arrive)
{
	struct conn *conn = conn_with_reset();

	cr_expect_not(facts_from(conn).reset.side_keeps_tos);
	conn->lessons.keeps_tos = true;
	cr_expect(facts_from(conn).reset.side_keeps_tos);
	conn->reset[0].from = CLIENT;
	cr_expect_not(facts_from(conn).reset.side_keeps_tos);
}

Test(classify_facts_reset, a_lone_syn_ack_is_measured_against_other_connections)
{
	struct conn *conn = conn_with_reset();

	conn->peer[SERVER].ttl_samples = 1;
	conn->lessons = (struct lessons){ .ttl_min = 50, .ttl_max = 51 };
	cr_expect_eq(facts_from(conn).reset.ttl_max, 57); /* there are none */
	conn->lessons.connections = 1;
	cr_expect_eq(facts_from(conn).reset.ttl_max, 51);
	conn->peer[SERVER].ttl_samples = 2;
	cr_expect_eq(facts_from(conn).reset.ttl_max, 57);
}

Test(classify_facts_reset, a_reset_to_a_burst_may_answer_its_beginning)
{
	struct conn *conn = conn_with_reset();
	struct seen *recent = conn->peer[CLIENT].recent;
	struct facts f;

	conn->reset[0].since_trigger_ns = NS_PER_MS;
	recent[0] = (struct seen){ .mark = MARK(49), .ack = 777, .time_ns = AT(59999) };
	recent[1] = (struct seen){ .mark = MARK(48), .ack = 700, .time_ns = AT(59970) };
	f = facts_from(conn);
	cr_expect_eq(f.reset.since_trigger_ns, NS_PER_MS);
	cr_expect_not(f.reset.burst);
	recent[1].ack = 777;
	f = facts_from(conn);
	cr_expect_eq(f.reset.since_trigger_ns, 30 * NS_PER_MS);
	cr_expect_not(f.reset.burst);
	recent[2] = (struct seen){ .mark = MARK(40), .ack = 777, .time_ns = AT(1) };
	f = facts_from(conn);
	cr_expect_eq(f.reset.since_trigger_ns, 30 * NS_PER_MS, "long ago is another matter");
	cr_expect(f.reset.burst);
	conn->reset[0].seen.flags |= TCP_ACK; /* its acknowledgment says what it answers */
	f = facts_from(conn);
	cr_expect_eq(f.reset.since_trigger_ns, NS_PER_MS);
	cr_expect_not(f.reset.burst);
}

Test(classify_facts_reset, the_company_of_a_reset_is_told_by_what_it_answers)
{
	struct conn *conn = conn_with_reset();
	struct facts f;

	conn->resets = conn->resets_kept = 4;
	for (int i = 1; i < 4; i++) {
		conn->reset[i] = conn->reset[0];
		conn->reset[i].trigger.mark = MARK((uint32_t)(49 + i));
	}
	conn->reset[2].answers_trigger = false;
	conn->reset[3].from = CLIENT;
	f = facts_from(conn);
	cr_expect_eq(f.reset.more, 2);
	cr_expect_eq(f.reset.more_unprovoked, 1);
	cr_expect_not(f.reset.both_ways, "the client's answers something");
	conn->reset[3].answers_trigger = false;
	conn->reset[3].seen.mark = MARK(53);
	conn->reset[3].seen.time_ns = AT(60010);
	f = facts_from(conn);
	cr_expect(f.reset.both_ways);
	cr_expect_eq(f.reset.both_mark.number, 53);
	conn->reset[3].seen.time_ns = AT(61000);
	cr_expect_not(facts_from(conn).reset.both_ways);
}

Test(classify_facts_reset, a_reset_after_a_fin_is_late_and_may_answer_what_came_after)
{
	struct conn *conn = conn_with_reset();
	struct facts f;

	conn->end.ending = ENDING_closed;
	conn->ending_reset = -1;
	conn->peer[CLIENT].data_after_fin = 2;
	conn->peer[CLIENT].data_after_fin_mark = MARK(51);
	f = facts_from(conn);
	cr_expect_not(f.reset.any);
	cr_expect_eq(f.late_reset.number, 50);
	cr_expect(f.after_fin.reset);
	cr_expect_eq(f.after_fin.data, 2);
	cr_expect_eq(f.after_fin.data_mark.number, 51);
	conn->resets_kept = 2; /* the first of them is told */
	conn->reset[1] = conn->reset[0];
	conn->reset[1].seen.mark = MARK(53);
	conn->reset[0].from = conn->reset[1].from = CLIENT;
	f = facts_from(conn);
	cr_expect_not(f.after_fin.reset);
	cr_expect_eq(f.late_reset.number, 50);
}
