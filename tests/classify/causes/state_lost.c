/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <limits.h>
#include <string.h>

TestSuite(classify_causes_state_lost);

/* Five seconds after the last echo, a key is answered by a kernel without the connection. */
static struct facts moved(void)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_KERNEL);
	f.silence.ns = SECONDS(5);
	f.silence.from = MARK(60);
	f.silence.to = MARK(89);
	return f;
}

Test(classify_causes_state_lost, another_host_key_afterwards_is_another_machine)
{
	struct facts f = moved();
	struct verdict v;

	f.lessons.other_key_after = 1;
	f.lessons.key_after_mark = MARK(97);
	expect_verdict(&f, state_lost, WHO_SERVER, SURE_LIKELY);
	v = verdict_of(&f);
	cr_expect_not_null(strstr(v.sentence, "another host key, has the address now"), "%s",
			   v.sentence);
	be_silent_for(&f, SECONDS(1830), CLIENT); /* time enough for a boot, but made anew? */
	f.lessons.forgotten = 1;
	expect_verdict(&f, state_lost, WHO_SERVER, SURE_LIKELY);
}

Test(classify_causes_state_lost, machines_that_serve_in_turn_have_other_keys_anyway)
{
	struct facts f = moved();

	f.lessons.other_key_after = f.lessons.other_key_before = 1;
	expect_loss(f, state_lost, then.lessons.other_key_after = 0);
	expect_gain(f, state_lost, then.lessons.other_key_before = 0);
}

Test(classify_causes_state_lost, alone_it_is_possible_at_most)
{
	struct facts f = moved();

	expect_verdict(&f, state_lost, WHO_SERVER, SURE_POSSIBLE);
	expect_modest(&f);
}

Test(classify_causes_state_lost, other_sessions_that_live_on_leave_only_this_one_unknown)
{
	struct facts f = moved();

	f.lessons.survived = 1;
	f.lessons.survived_mark = MARK(93);
	expect_verdict(&f, state_lost, WHO_SERVER, SURE_LIKELY);
	cr_expect_not_null(strstr(verdict_of(&f).sentence, "lived on"));
}

Test(classify_causes_state_lost, a_client_may_have_lost_it_too)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, CLIENT, BY_KERNEL);
	cr_expect_gt(weigh(CAUSE_state_lost, &f), 0);
	expect_modest(&f);
	expect_loss(f, state_lost, then.last.heard_ago_ns[CLIENT] = NS_PER_S);
}

Test(classify_causes_state_lost, must_not_win_when_the_same_machine_came_back_after_a_while)
{
	struct facts f = moved();

	be_silent_for(&f, SECONDS(640), CLIENT);
	f.lessons.forgotten = f.lessons.same_key_after = 1;
	expect_not(&f, state_lost);
}

/* It had just spoken: its program has gone since, and left a FIN behind data that waited. */
Test(classify_causes_state_lost, must_not_win_when_its_own_segment_came_just_before)
{
	struct facts f = moved();

	f.last.heard_ago_ns[SERVER] = 50 * NS_PER_MS;
	expect_not(&f, state_lost);
}

Test(classify_causes_state_lost, must_not_win_for_what_is_no_kernels_answer)
{
	struct facts f = moved();

	f.reset.has_ack = true; /* an answer to a segment with ACK has none */
	cr_expect_eq(weigh(CAUSE_state_lost, &f), INT_MIN);
	f = moved();
	f.reset.answers = false;
	cr_expect_eq(weigh(CAUSE_state_lost, &f), INT_MIN);
	f = moved();
	f.reset.since_trigger_ns = NS_PER_S; /* at once, or not at all */
	cr_expect_eq(weigh(CAUSE_state_lost, &f), INT_MIN);
	f = moved();
	make_nearer(&f);
	cr_expect_eq(weigh(CAUSE_state_lost, &f), INT_MIN);
	f = moved();
	end_with_reset(&f, SERVER, BY_SOCKET);
	cr_expect_eq(weigh(CAUSE_state_lost, &f), INT_MIN);
	f = moved();
	f.reset.life = 2; /* it went on: somebody else said so */
	cr_expect_eq(weigh(CAUSE_state_lost, &f), INT_MIN);
}

/* A router keeps what it cannot deliver while it asks for the host. */
Test(classify_causes_state_lost, a_late_answer_counts_when_a_router_may_have_held_its_trigger)
{
	struct facts f = moved();

	wait_in_vain(&f, CLIENT, 5, SECONDS(9));
	f.reset.since_trigger_ns = SECONDS(2);
	cr_expect_neq(weigh(CAUSE_state_lost, &f), INT_MIN);
	f.reset.since_trigger_ns = SECONDS(5);
	cr_expect_eq(weigh(CAUSE_state_lost, &f), INT_MIN);
}

/* tcp_abort_on_overflow: the kernel never handed it to a process. */
Test(classify_causes_state_lost, must_not_win_where_the_server_never_spoke)
{
	struct facts f = moved();

	f.bytes[SERVER] = 0;
	cr_expect_eq(weigh(CAUSE_state_lost, &f), INT_MIN);
}

Test(classify_causes_state_lost, each_sign_counts)
{
	struct facts f = moved();

	expect_gain(f, state_lost, then.lessons.survived = 1);
	expect_gain(f, state_lost, then.lessons.forgotten = 1);
	expect_gain(f, state_lost, then.lessons.missed = 1);
	expect_gain(f, state_lost, then.lessons.refused_after = 1);
	expect_gain(f, state_lost, then.lessons.other_key_after = 1);
	expect_gain(f, state_lost, then.lessons.other_software_after = 1);
	expect_gain(f, state_lost, then.lessons.other_stack_after = 1);
	expect_loss(f, state_lost, then.lessons.same_key_after = 1);
	expect_loss(f, state_lost, then.silence.ns = SECONDS(60));
	expect_loss(f, state_lost, then.last.heard_ago_ns[SERVER] = -1);
}
