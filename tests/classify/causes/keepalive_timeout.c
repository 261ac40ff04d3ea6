/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <limits.h>
#include <string.h>

TestSuite(classify_causes_keepalive_timeout);

/* The kernel of this side probed for a long time, then reset. */
static struct facts probed(enum side side)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, side, BY_SOCKET);
	wait_in_vain(&f, side, 8, SECONDS(600));
	f.waiting.len = 0;
	f.waiting.probe = true;
	f.silence.ns = SECONDS(7200);
	f.silence.survived_ns = SECONDS(20);
	f.last.client_ago_ns = f.last.server_ago_ns = SECONDS(7875);
	return f;
}

/* SSH asked each minute; the last three questions had no answer; a minute later it closed. */
static struct facts asked(enum side side)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, side);
	f.last.client_ago_ns = side == CLIENT ? SECONDS(60) : SECONDS(240);
	f.last.server_ago_ns = side == SERVER ? SECONDS(60) : SECONDS(240);
	f.silence.ns = SECONDS(60);
	f.alive[side] = (struct fact_alive){
		.answered = 4, .unanswered = 3, .interval_ns = SECONDS(60), .last = MARK(89)
	};
	return f;
}

Test(classify_causes_keepalive_timeout, the_kernel_whose_probes_had_no_answer_is_a_victim)
{
	for (enum side side = CLIENT; side <= SERVER; side++) {
		struct facts f = probed(side);
		struct verdict v = verdict_of(&f);

		expect_verdict(&f, keepalive_timeout, WHO_NETWORK, SURE_LIKELY);
		cr_expect_str_eq(v.detail, "tcp_keepalive");
	}
}

Test(classify_causes_keepalive_timeout, probes_that_were_answered_here_were_not_heard)
{
	struct facts f = probed(CLIENT);

	f.waiting.unheard = true;
	f.silence.broken = false;
	expect_verdict(&f, keepalive_timeout, WHO_NETWORK, SURE_LIKELY);
}

Test(classify_causes_keepalive_timeout, a_host_that_answers_for_its_mute_program_is_named)
{
	struct facts f = asked(CLIENT);
	struct verdict v;

	expect_verdict(&f, keepalive_timeout, WHO_SERVER, SURE_LIKELY);
	v = verdict_of(&f);
	cr_expect_str_eq(v.detail, "server_alive");
	cr_expect_not_null(strstr(v.sentence, "no longer answered"), "%s", v.sentence);
	f = asked(SERVER);
	expect_verdict(&f, keepalive_timeout, WHO_CLIENT, SURE_LIKELY);
	v = verdict_of(&f);
	cr_expect_str_eq(v.detail, "client_alive");
}

Test(classify_causes_keepalive_timeout, a_question_that_had_to_be_repeated_is_the_paths_fault)
{
	struct facts f = asked(CLIENT);

	wait_in_vain(&f, CLIENT, 6, SECONDS(50));
	f.silence.broken = false;
	expect_verdict(&f, keepalive_timeout, WHO_NETWORK, SURE_LIKELY);
}

Test(classify_causes_keepalive_timeout, a_capture_that_lacks_segments_does_not_blame_the_program)
{
	struct facts f = asked(CLIENT);

	f.missing = 2;
	expect_verdict(&f, keepalive_timeout, WHO_NETWORK, SURE_LIKELY);
}

Test(classify_causes_keepalive_timeout, a_question_repeated_until_the_end_is_its_likeliest_cause)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_silent, SERVER);
	wait_in_vain(&f, CLIENT, 8, SECONDS(100));
	f.silence.ns = SECONDS(15);
	f.alive[CLIENT] = (struct fact_alive){
		.answered = 4, .unanswered = 1, .interval_ns = SECONDS(15), .last = MARK(61)
	};
	expect_verdict(&f, keepalive_timeout, WHO_NETWORK, SURE_POSSIBLE);
	expect_loss(f, keepalive_timeout, then.waiting.span_ns = SECONDS(20));
	f.alive[CLIENT].last = MARK(40); /* what is repeated is something else */
	expect_not(&f, keepalive_timeout);
}

Test(classify_causes_keepalive_timeout, must_not_be_loud_for_one_question)
{
	struct facts f = asked(CLIENT);

	f.alive[CLIENT].unanswered = 1;
	f.last.server_ago_ns = SECONDS(120);
	f.last.thought_ns[CLIENT] = SECONDS(60);
	expect_verdict(&f, keepalive_timeout, WHO_SERVER, SURE_POSSIBLE);
	f.last.client_ago_ns += f.last.client_ago_ns / 5; /* somebody lost patience */
	cr_expect_eq(weigh(CAUSE_keepalive_timeout, &f), INT_MIN);
}

Test(classify_causes_keepalive_timeout, must_not_win_when_last_words_came_with_the_end)
{
	struct facts f = asked(CLIENT);

	f.last.client_ago_ns = NS_PER_MS;
	cr_expect_eq(weigh(CAUSE_keepalive_timeout, &f), INT_MIN);
	expect_verdict(&f, orderly_close, WHO_CLIENT, SURE_LIKELY);
}

Test(classify_causes_keepalive_timeout, must_not_win_when_the_other_side_ended_it)
{
	struct facts f = asked(CLIENT);

	end_with(&f, ENDING_closed, SERVER);
	cr_expect_eq(weigh(CAUSE_keepalive_timeout, &f), INT_MIN);
	f = probed(CLIENT);
	end_with_reset(&f, SERVER, BY_SOCKET);
	cr_expect_eq(weigh(CAUSE_keepalive_timeout, &f), INT_MIN);
}

Test(classify_causes_keepalive_timeout, must_not_win_while_the_connection_lives)
{
	struct facts f = probed(CLIENT);

	f.end.ending = ENDING_open;
	cr_expect_eq(weigh(CAUSE_keepalive_timeout, &f), INT_MIN);
}

Test(classify_causes_keepalive_timeout, a_device_that_forgot_is_as_likely_when_others_work)
{
	struct facts f = probed(CLIENT);

	f.lessons.accepted_after = 2;
	f.lessons.accepted_after_mark = MARK(95);
	cr_expect_lt(verdict_of(&f).confidence, 0.8);
}

Test(classify_causes_keepalive_timeout, the_rhythm_counts)
{
	struct facts f = asked(CLIENT);

	expect_loss(f, keepalive_timeout, then.last.client_ago_ns = SECONDS(20));
	expect_loss(f, keepalive_timeout, wait_in_vain(&then, CLIENT, 6, SECONDS(50)));
}
