/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

TestSuite(classify_server_signs);

static struct facts unknown(void)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_KERNEL);
	f.origin = origin_of(&f);
	return f;
}

Test(classify_server_signs, a_bare_reset_without_ack_says_that_there_is_no_such_connection)
{
	struct facts f = unknown();

	cr_expect(was_unknown(&f));
	f.reset.has_ack = true;
	cr_expect_not(was_unknown(&f));
	f = unknown();
	get_half_open(&f); /* a scanner's kernel */
	cr_expect_not(was_unknown(&f));
	f = unknown();
	f.one_sided = true;
	cr_expect_not(was_unknown(&f));
	f = unknown();
	f.reset.both_ways = true;
	cr_expect_not(was_unknown(&f));
}

Test(classify_server_signs, what_was_said_just_before_speaks_against_it)
{
	struct facts f = unknown();
	struct plea long_ago = { 0 }, just_now = { 0 }, never = { 0 };

	plead_unknown(&f, &long_ago);
	f.last.heard_ago_ns[SERVER] = NS_PER_S;
	plead_unknown(&f, &just_now);
	f.last.heard_ago_ns[SERVER] = -1;
	plead_unknown(&f, &never);
	cr_expect_gt(long_ago.decibans, 0);
	cr_expect_lt(just_now.decibans, never.decibans);
	cr_expect_lt(never.decibans, long_ago.decibans);
}

Test(classify_server_signs, a_router_that_does_not_find_the_host_misses_it)
{
	struct facts f = facts_of_a_quiet_session();
	struct mark mark;

	cr_expect_not(host_was_missed(&f, &mark));
	f.icmp = (struct fact_icmp){ .count = 1, .mark = MARK(70), .type = 3, .code = 1 };
	cr_expect(host_was_missed(&f, &mark));
	cr_expect_eq(mark.number, 70);
	f.icmp.code = 13; /* a rule */
	cr_expect_not(host_was_missed(&f, &mark));
	f.icmp = (struct fact_icmp){ .count = 1, .type = 1, .code = 3, .is_v6 = true };
	cr_expect(host_was_missed(&f, &mark));
	f.icmp.from_server = true;
	cr_expect_not(host_was_missed(&f, &mark));
	f.lessons.missed = 2;
	f.lessons.missed_mark = MARK(77);
	cr_expect(host_was_missed(&f, &mark));
	cr_expect_eq(mark.number, 77);
}

Test(classify_server_signs, ends_of_other_ages_count_more_than_those_of_the_same)
{
	struct facts f = facts_of_a_quiet_session();
	struct plea none = { 0 }, same = { 0 }, other = { 0 }, many = { 0 };

	plead_together(&f, &none);
	f.lessons.ended_with = 3;
	plead_together(&f, &same);
	f.lessons.ended_other_age = 1;
	plead_together(&f, &other);
	f.lessons.ended_other_age = 3;
	plead_together(&f, &many);
	cr_expect_eq(none.decibans, 0);
	cr_expect(same.decibans < other.decibans && other.decibans < many.decibans);
}

Test(classify_server_signs, a_session_ends_without_its_process_by_fin_or_by_a_sockets_reset)
{
	struct facts f = facts_of_a_quiet_session();
	struct plea plea = { 0 };

	end_with(&f, ENDING_closed, SERVER);
	cr_expect(session_lost_process(&f, &plea));
	end_with(&f, ENDING_closed, CLIENT);
	cr_expect_not(session_lost_process(&f, &plea));
	f = unknown();
	cr_expect_not(session_lost_process(&f, &plea));
	end_with_reset(&f, SERVER, BY_SOCKET);
	f.origin = origin_of(&f);
	cr_expect(session_lost_process(&f, &plea));
	end_with_reset(&f, CLIENT, BY_SOCKET);
	f.origin = origin_of(&f);
	cr_expect_not(session_lost_process(&f, &plea));
}
