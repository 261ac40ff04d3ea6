/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <limits.h>
#include <string.h>

TestSuite(classify_causes_server_reboot);

/* After ten quiet minutes the server's kernel does not know the session; nor others. */
static struct facts came_back(void)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_KERNEL);
	be_silent_for(&f, SECONDS(640), CLIENT);
	f.last.server_ago_ns = SECONDS(640);
	f.lessons.forgotten = 1;
	f.lessons.forgotten_mark = MARK(92);
	f.lessons.accepted_after = f.lessons.same_key_after = 1;
	f.lessons.accepted_after_mark = f.lessons.key_after_mark = MARK(95);
	return f;
}

/* The server closes several sessions, refuses, and is missed. */
static struct facts shut_down(void)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, SERVER);
	f.last.client_ago_ns = f.last.server_ago_ns = SECONDS(44);
	f.silence.ns = SECONDS(44);
	f.silence.from = MARK(60);
	f.silence.to = MARK(90);
	f.lessons.ended_with = f.lessons.ended_other_age = 2;
	f.lessons.ended_with_mark = MARK(91);
	f.lessons.refused_after = f.lessons.missed = 1;
	f.lessons.refused_after_mark = MARK(93);
	f.lessons.missed_mark = MARK(94);
	return f;
}

Test(classify_causes_server_reboot, all_old_sessions_are_unknown_to_the_same_machine)
{
	struct facts f = came_back();

	expect_verdict(&f, server_reboot, WHO_SERVER, SURE_LIKELY);
	f.lessons.refused_after = 1; /* the kernel was there before the service */
	expect_verdict(&f, server_reboot, WHO_SERVER, SURE_LIKELY);
}

Test(classify_causes_server_reboot, the_host_is_missed_and_then_does_not_know_the_session)
{
	struct facts f = came_back();

	f.lessons.forgotten = 0;
	f.silence.ns = SECONDS(1);
	wait_in_vain(&f, CLIENT, 7, SECONDS(15));
	f.last.heard_ago_ns[SERVER] = SECONDS(17);
	f.icmp = (struct fact_icmp){ .count = 2,
				     .mark = MARK(70),
				     .type = 3,
				     .code = 1,
				     .about = CLIENT,
				     .from = "203.0.113.1",
				     .in_flight = true };
	expect_verdict(&f, server_reboot, WHO_SERVER, SURE_LIKELY);
}

Test(classify_causes_server_reboot, in_order_the_sessions_close_and_then_nobody_is_there)
{
	struct facts f = shut_down();
	struct verdict v = verdict_of(&f);

	expect_verdict(&f, server_reboot, WHO_SERVER, SURE_CERTAIN);
	cr_expect_str_eq(v.detail, "shutdown");
	cr_expect_null(strstr(v.sentence, "was back"), "%s", v.sentence);
	f.lessons.accepted_after = 1;
	v = verdict_of(&f);
	cr_expect_not_null(strstr(v.sentence, "until it was back"), "%s", v.sentence);
}

/* A newcomer, told by the last router that the host is not there. */
static struct facts unreached(void)
{
	struct facts f = facts_of_a_quiet_session();

	refuse(&f, BY_KERNEL);
	f.reset.any = false;
	f.end.ending = ENDING_rejected;
	f.icmp = (struct fact_icmp){ .count = 2,
				     .mark = MARK(90),
				     .type = 3,
				     .code = 1,
				     .about = CLIENT,
				     .from = "203.0.113.1",
				     .in_flight = true };
	return f;
}

Test(classify_causes_server_reboot, who_comes_while_it_is_down_learns_it_from_the_others)
{
	struct facts f = unreached();

	f.lessons.ended_before = 3;
	f.lessons.ended_before_mark = MARK(70);
	expect_verdict(&f, server_reboot, WHO_SERVER, SURE_POSSIBLE);
	cr_expect_not_null(strstr(verdict_of(&f).sentence, "just closed sessions unasked"));
	f.lessons.ended_before = 0;
	f.lessons.forgotten = 1;
	expect_verdict(&f, server_reboot, WHO_SERVER, SURE_POSSIBLE);
	cr_expect_not_null(strstr(verdict_of(&f).sentence, "without the sessions"));
	f.lessons.forgotten = 0;
	f.lessons.ended_before = 2;
	f.end.ending = ENDING_unanswered;
	f.icmp.count = 0;
	f.syn_repeats = 5;
	expect_verdict(&f, server_reboot, WHO_SERVER, SURE_LIKELY);
}

Test(classify_causes_server_reboot, must_not_win_for_a_missing_host_alone)
{
	struct facts f = unreached();

	expect_not(&f, server_reboot);
	f.icmp.code = 13;
	cr_expect_eq(weigh(CAUSE_server_reboot, &f), INT_MIN);
	f.end.ending = ENDING_unanswered;
	f.syn_repeats = 1;
	f.lessons.ended_before = 2;
	cr_expect_eq(weigh(CAUSE_server_reboot, &f), INT_MIN, "one SYN may be lost by chance");
}

Test(classify_causes_server_reboot, a_kernels_reset_alone_is_not_enough_to_be_loud)
{
	struct facts f = came_back();

	f.lessons = (struct lessons){ 0 };
	expect_modest(&f);
	f.silence.ns = 0;
	f.silence.broken = false;
	expect_modest(&f);
}

Test(classify_causes_server_reboot, must_not_win_when_another_session_lived_on)
{
	struct facts f = came_back();

	f.lessons.forgotten = 0;
	f.lessons.survived = 1;
	f.lessons.survived_mark = MARK(93);
	expect_not(&f, server_reboot);
}

Test(classify_causes_server_reboot, must_not_win_when_another_machine_is_there)
{
	struct facts f = came_back();

	f.lessons.same_key_after = 0;
	f.lessons.other_key_after = 1;
	expect_not(&f, server_reboot);
}

Test(classify_causes_server_reboot, must_not_win_where_there_was_no_time_for_a_boot)
{
	struct facts f = came_back();

	f.silence.ns = SECONDS(5);
	f.last.heard_ago_ns[SERVER] = SECONDS(5);
	f.lessons.same_key_after = 0;
	expect_not(&f, server_reboot);
}

Test(classify_causes_server_reboot, must_not_win_for_a_host_that_was_never_missed)
{
	struct facts f = shut_down();

	f.lessons.missed = 0;
	cr_expect_eq(weigh(CAUSE_server_reboot, &f), INT_MIN);
}

Test(classify_causes_server_reboot, must_not_win_for_a_device_a_socket_or_a_client)
{
	struct facts f = came_back();

	make_nearer(&f);
	cr_expect_eq(weigh(CAUSE_server_reboot, &f), INT_MIN);
	end_with_reset(&f, SERVER, BY_SOCKET);
	cr_expect_eq(weigh(CAUSE_server_reboot, &f), INT_MIN);
	end_with_reset(&f, CLIENT, BY_KERNEL);
	cr_expect_eq(weigh(CAUSE_server_reboot, &f), INT_MIN);
	f = came_back();
	f.last.heard_ago_ns[SERVER] = -1; /* it is not seen to have had the connection at all */
	cr_expect_eq(weigh(CAUSE_server_reboot, &f), INT_MIN);
}

Test(classify_causes_server_reboot, each_sign_counts)
{
	struct facts f = came_back();

	expect_loss(f, server_reboot, then.lessons.forgotten = 0);
	expect_loss(f, server_reboot, then.lessons.same_key_after = 0);
	expect_loss(f, server_reboot, then.lessons.survived = 1);
	expect_loss(f, server_reboot, then.lessons.other_stack_after = 1);
	expect_loss(f, server_reboot, then.last.heard_ago_ns[SERVER] = SECONDS(9));
	expect_gain(f, server_reboot, then.lessons.missed = 1);
	expect_gain(f, server_reboot, then.lessons.refused_after = 1);
	expect_gain(f, server_reboot, then.waiting.any = true; then.waiting.side = CLIENT;
		    then.waiting.repeats = 5);
	f = shut_down();
	expect_loss(f, server_reboot, then.lessons.ended_other_age = 0);
	expect_loss(f, server_reboot, then.lessons.refused_after = 0);
	expect_gain(f, server_reboot, then.lessons.same_key_after = 1);
}
