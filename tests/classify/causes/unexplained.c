/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <string.h>

TestSuite(classify_causes_unexplained);

/* A reset of the server, its own kernel's by all marks, in the middle of use. */
static struct facts odd(void)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_KERNEL);
	f.ssh.phase = SSH_PHASE_AUTH;
	f.last.heard_ago_ns[SERVER] = NS_PER_S; /* its kernel had the connection a moment ago */
	return f;
}

Test(classify_causes_unexplained, wins_when_nobody_else_has_enough_to_say)
{
	struct facts f = odd();

	expect_verdict(&f, unexplained, WHO_SERVER, SURE_UNEXPLAINED);
}

Test(classify_causes_unexplained, is_for_a_reset_in_mid_stream)
{
	struct facts f = odd();

	f.mid_stream = true;
	f.handshake = HANDSHAKE_MISSING;
	f.ssh.any = false;
	f.reset.ttl_min = f.reset.ttl_max = 0;
	f.reset.rtt_min_ns = 0;
	expect_verdict(&f, unexplained, WHO_UNKNOWN, SURE_UNEXPLAINED);
	cr_expect_not_null(strstr(verdict_of(&f).sentence, "too little of it"));
}

Test(classify_causes_unexplained, is_for_a_server_that_closes_during_the_login)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, SERVER);
	f.ssh.phase = SSH_PHASE_AUTH;
	f.last.client_ago_ns = SECONDS(120);
	expect_verdict(&f, unexplained, WHO_SERVER, SURE_UNEXPLAINED);
}

Test(classify_causes_unexplained, is_for_one_syn_unanswered_while_others_are_answered)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_unanswered, SERVER);
	get_half_open(&f);
	f.ssh = (struct fact_ssh){ .notice = -1 };
	f.syn_repeats = 0; /* it may have been lost: it was not sent again */
	f.lessons.accepted_after = f.lessons.accepted_before = 3;
	f.lessons.accepted_after_ns = f.end.time_ns + SECONDS(600);
	expect_verdict(&f, unexplained, WHO_UNKNOWN, SURE_UNEXPLAINED);
}

Test(classify_causes_unexplained, tells_each_ending_in_its_words)
{
	static const char *const words[ENDING_COUNT] = {
		[ENDING_reset] = "ended with a reset",
		[ENDING_closed] = "was closed with a FIN",
		[ENDING_refused] = "was refused with a reset",
		[ENDING_rejected] = "was rejected with an ICMP error",
		[ENDING_unanswered] = "was never answered",
		[ENDING_silent] = "fell silent",
		[ENDING_open] = "was seen",
	};

	for (int ending = 0; ending < ENDING_COUNT; ending++) {
		struct facts f = facts_of_a_quiet_session();
		struct verdict v = { .who = WHO_UNKNOWN };

		end_with(&f, (enum ending)ending, SERVER);
		cause_of(CAUSE_unexplained)->tell(&f, &v);
		cr_expect_not_null(strstr(v.sentence, words[ending]), "%s", v.sentence);
		cr_expect_eq(v.settles, 2);
	}
}

Test(classify_causes_unexplained, must_not_win_when_one_cause_is_clear)
{
	struct facts f = odd();

	f.ssh.mismatch = true;
	expect_not(&f, unexplained);
	f = facts_of_a_quiet_session();
	expect_not(&f, unexplained);
	end_with(&f, ENDING_closed, CLIENT);
	expect_not(&f, unexplained);
}
