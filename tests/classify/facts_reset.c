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
	conn->peer[CLIENT].pending.repeats = 4; /* a router held it while it looked for the host */
	cr_expect(facts_from(conn).reset.answers);
	conn->reset[0].since_trigger_ns = SECONDS(5);
	cr_expect_not(facts_from(conn).reset.answers);
	conn->peer[CLIENT].pending.repeats = 0;
	conn->reset[0].since_trigger_ns = SECONDS(2);
	conn->peer[SERVER].rtt_min_ns = 600 * NS_PER_MS; /* by satellite */
	cr_expect(facts_from(conn).reset.answers);
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
	for (int i = 1; i < 4; i++)
		conn->reset[i] = conn->reset[0];
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
