/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <limits.h>
#include <string.h>

TestSuite(classify_causes_injected_reset);

/* A forger beside the path: his reset answers nothing, and the real server goes on. */
static struct facts forged(void)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_FILTER);
	make_nearer(&f);
	f.reset.answers = false;
	f.reset.life = 3;
	f.reset.life_mark = MARK(93);
	return f;
}

Test(classify_causes_injected_reset, the_host_it_names_goes_on)
{
	struct facts f = forged();

	expect_verdict(&f, injected_reset, WHO_MIDDLEBOX, SURE_POSSIBLE);
	f.reset.more = f.reset.more_unprovoked = 4;
	expect_verdict(&f, injected_reset, WHO_MIDDLEBOX, SURE_LIKELY);
}

Test(classify_causes_injected_reset, what_it_answers_arrived_all_the_same)
{
	struct facts f = forged();

	f.reset.answers = f.reset.trigger_acked = true;
	f.reset.both_ways = true;
	f.reset.both_mark = MARK(91);
	expect_verdict(&f, injected_reset, WHO_MIDDLEBOX, SURE_LIKELY);
}

Test(classify_causes_injected_reset, must_not_win_for_one_reset_to_each_late_segment)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_KERNEL);
	f.reset.more = 3;
	expect_not(&f, injected_reset);
}

Test(classify_causes_injected_reset, must_not_win_for_a_rule_that_stops_what_it_answers)
{
	struct facts f = forged();

	f.reset.answers = true;
	expect_not(&f, injected_reset);
}

Test(classify_causes_injected_reset, must_not_win_for_a_socket)
{
	struct facts f = forged();

	end_with_reset(&f, SERVER, BY_SOCKET);
	cr_expect_lt(weigh(CAUSE_injected_reset, &f), -10);
	expect_not(&f, injected_reset);
}

Test(classify_causes_injected_reset, a_perfect_copy_of_a_sockets_reset_is_told_by_the_sockets_life)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_SOCKET);
	f.reset.life = 1;
	f.reset.life_mark = MARK(93);
	expect_verdict(&f, injected_reset, WHO_MIDDLEBOX, SURE_LIKELY);
	f.reset.fit = RESET_FIT_WINDOW; /* its number is not the end of what the socket sent */
	expect_not(&f, injected_reset);
}

Test(classify_causes_injected_reset, a_refusal_was_forged_when_the_server_accepts_the_same_syn)
{
	struct facts f = facts_of_a_quiet_session();

	for (enum form form = BY_KERNEL; form <= BY_FILTER; form++) {
		refuse(&f, form);
		cr_expect_eq(weigh(CAUSE_injected_reset, &f), INT_MIN);
		expect_not(&f, injected_reset);
		f.reset.life = 1;
		f.reset.life_mark = MARK(92);
		expect_verdict(&f, injected_reset, WHO_MIDDLEBOX, SURE_LIKELY);
	}
}

Test(classify_causes_injected_reset, a_host_that_met_a_forged_reset_says_so_behind_another)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, CLIENT, BY_KERNEL);
	expect_not(&f, injected_reset);
	f.reset.foreign = MARK(87);
	expect_verdict(&f, injected_reset, WHO_MIDDLEBOX, SURE_POSSIBLE);
	cr_expect_not_null(strstr(verdict_of(&f).sentence, "client's own reset"));
}

Test(classify_causes_injected_reset, a_copy_of_a_kernels_reset_into_a_pause_shares_the_doubt)
{
	struct facts f = facts_of_a_quiet_session();
	struct verdict v;

	end_with_reset(&f, SERVER, BY_KERNEL);
	f.reset.answers = false;
	f.reset.unasked = true;
	f.reset.since_trigger_ns = SECONDS(5);
	v = verdict_of(&f);
	cr_expect_geq(v.sure, SURE_POSSIBLE, "%s", words_of(&v));
	cr_expect_geq(v.alternatives, 1);
}

Test(classify_causes_injected_reset, must_not_win_in_mid_stream)
{
	struct facts f = forged();

	f.mid_stream = true;
	f.handshake = HANDSHAKE_MISSING;
	expect_verdict(&f, injected_reset, WHO_MIDDLEBOX, SURE_LIKELY); /* it goes on */
	f.reset.life = 0;
	expect_not(&f, injected_reset);
}

Test(classify_causes_injected_reset, must_not_win_after_a_silence)
{
	struct facts f = forged();

	f.reset.life = 0;
	be_silent_for(&f, SECONDS(352), CLIENT);
	expect_not(&f, injected_reset);
}

Test(classify_causes_injected_reset, what_was_not_captured_may_have_asked_for_it)
{
	struct facts f = forged();
	int complete;

	f.reset.more = f.reset.more_unprovoked = 2;
	complete = weigh(CAUSE_injected_reset, &f);
	f.missing = 2;
	cr_expect_lt(weigh(CAUSE_injected_reset, &f), complete);
	f.missing = 0;
	f.one_sided = true;
	cr_expect_lt(weigh(CAUSE_injected_reset, &f), complete);
}

Test(classify_causes_injected_reset, must_not_win_for_a_route_that_moved)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_KERNEL);
	f.reset.ttl = 58;
	f.reset.ttl_min = 52;
	expect_not(&f, injected_reset);
	expect_modest(&f);
}

Test(classify_causes_injected_reset, each_sign_counts)
{
	struct facts f = forged();

	expect_loss(f, injected_reset, then.reset.answers = true);
	expect_gain(f, injected_reset, then.reset.trigger_acked = true);
	expect_gain(f, injected_reset, then.reset.more_unprovoked = 1);
	expect_gain(f, injected_reset, then.reset.both_ways = true);
	expect_loss(f, injected_reset, be_silent_for(&then, SECONDS(60), CLIENT));
	expect_loss(f, injected_reset, then.reset.life = 0);
	f.reset.life = 0; /* made at the host's distance, by all marks: its own */
	cr_expect_eq(weigh(CAUSE_injected_reset, &f), 8 + 7);
	f = facts_of_a_quiet_session();
	end_with_reset(&f, SERVER, BY_KERNEL);
	cr_expect_eq(weigh(CAUSE_injected_reset, &f), -20);
	f = forged();
	f.reset.answers = true; /* a forger beside the path stops nothing */
	cr_expect_eq(weigh(CAUSE_injected_reset, &f), 8 - 5);
}
