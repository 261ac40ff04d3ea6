/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <limits.h>
#include <string.h>

TestSuite(classify_causes_server_restart);

/* One of several sessions that the server closed in one moment; the port refused, then took again. */
static struct facts restarted(void)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, SERVER);
	f.last.client_ago_ns = f.last.server_ago_ns = SECONDS(44);
	f.silence.ns = SECONDS(44);
	f.silence.from = MARK(60);
	f.silence.to = MARK(90);
	f.lessons.ended_with = f.lessons.ended_other_age = 3;
	f.lessons.ended_with_mark = MARK(91);
	f.lessons.refused_after = 1;
	f.lessons.refused_after_mark = MARK(93);
	f.lessons.accepted_after = 1;
	f.lessons.accepted_after_mark = MARK(95);
	return f;
}

Test(classify_causes_server_restart, all_sessions_go_the_port_refuses_and_takes_again)
{
	struct facts f = restarted();
	struct verdict v = verdict_of(&f);

	expect_verdict(&f, server_restart, WHO_SERVER, SURE_LIKELY);
	cr_expect_not_null(strstr(v.sentence, "together with 3 others; the port refused new "
					      "connections and then took them again"),
			   "%s", v.sentence);
}

Test(classify_causes_server_restart, a_session_alone_with_a_refusal_behind_it_is_likely_one)
{
	struct facts f = restarted();

	/* Else its process died and the listener was stopped, each by chance in the same moment. */
	f.lessons.ended_with = f.lessons.ended_other_age = 0;
	expect_verdict(&f, server_restart, WHO_SERVER, SURE_LIKELY);
	expect_uncertain(&f);
	f.lessons.refused_after = 0; /* without the refusal nothing tells it from a process alone */
	expect_not(&f, server_restart);
}

Test(classify_causes_server_restart, a_socket_with_data_unread_is_closed_by_a_reset)
{
	struct facts f = restarted();

	f.silence.ns = 0;
	end_with_reset(&f, SERVER, BY_SOCKET);
	f.last.client_ago_ns = 10 * NS_PER_MS;
	expect_verdict(&f, server_restart, WHO_SERVER, SURE_LIKELY);
}

Test(classify_causes_server_restart, must_not_win_for_one_session_among_others_that_live_on)
{
	struct facts f = restarted();

	f.lessons.survived = 2;
	f.lessons.survived_mark = MARK(94);
	f.lessons.refused_after = 0;
	f.lessons.ended_with = f.lessons.ended_other_age = 1;
	expect_verdict(&f, server_crash, WHO_SERVER, SURE_POSSIBLE);
}

Test(classify_causes_server_restart, must_not_win_without_a_sign_of_more_than_this_session)
{
	struct facts f = restarted();

	f.lessons.ended_with = f.lessons.ended_other_age = f.lessons.refused_after = 0;
	cr_expect_eq(weigh(CAUSE_server_restart, &f), INT_MIN);
}

Test(classify_causes_server_restart, must_not_win_when_it_is_not_seen_to_come_back)
{
	struct facts f = restarted();

	f.lessons.accepted_after = 0;
	expect_not(&f, server_restart);
	expect_modest(&f);
	f.silence.ns = 0; /* nor was it idle: then no timer did it */
	expect_verdict(&f, server_crash, WHO_SERVER, SURE_UNEXPLAINED);
	expect_modest(&f);
}

Test(classify_causes_server_restart, must_not_win_when_the_host_was_missed)
{
	struct facts f = restarted();

	f.lessons.missed = 1;
	f.lessons.missed_mark = MARK(94);
	expect_not(&f, server_restart);
}

Test(classify_causes_server_restart, must_not_win_for_an_end_in_order)
{
	struct facts f = restarted();

	end_with(&f, ENDING_closed, CLIENT);
	cr_expect_eq(weigh(CAUSE_server_restart, &f), INT_MIN);
	end_with_reset(&f, SERVER, BY_KERNEL);
	cr_expect_eq(weigh(CAUSE_server_restart, &f), INT_MIN);
	f = restarted();
	f.ssh.phase = SSH_PHASE_AUTH;
	cr_expect_eq(weigh(CAUSE_server_restart, &f), INT_MIN);
}

Test(classify_causes_server_restart, each_sign_counts)
{
	struct facts f = restarted();

	expect_loss(f, server_restart, then.lessons.ended_other_age = 1);
	expect_loss(f, server_restart, then.lessons.ended_other_age = 0);
	expect_loss(f, server_restart, then.lessons.refused_after = 0);
	expect_loss(f, server_restart, then.lessons.accepted_after = 0);
	expect_loss(f, server_restart, then.lessons.survived = 1);
	expect_loss(f, server_restart, then.lessons.missed = 1);
	expect_gain(f, server_restart, then.after_fin.data = 1);
	f.lessons.same_key_after = 1;
	expect_gain(f, server_restart, then.lessons.other_software_after = 1);
}

Test(classify_causes_server_restart, the_longest_names_fit_into_the_sentence)
{
	struct facts f = restarted();

	use_long_addresses(&f);
	expect_verdict(&f, server_restart, WHO_SERVER, SURE_LIKELY);
}
