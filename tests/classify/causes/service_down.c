/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <limits.h>
#include <string.h>

TestSuite(classify_causes_service_down);

static struct facts refused(enum form form)
{
	struct facts f = facts_of_a_quiet_session();

	refuse(&f, form);
	return f;
}

Test(classify_causes_service_down, the_servers_own_kernel_refuses)
{
	struct facts f = refused(BY_KERNEL);

	expect_verdict(&f, service_down, WHO_SERVER, SURE_LIKELY);
	f.lessons.accepted_before = 1;
	f.lessons.accepted_before_mark = MARK(3);
	expect_verdict(&f, service_down, WHO_SERVER, SURE_LIKELY);
}

Test(classify_causes_service_down, without_a_mark_to_copy_its_distance_tells)
{
	struct facts f = refused(BY_KERNEL);

	f.reset.tos = f.reset.trigger_tos = 0;
	expect_verdict(&f, service_down, WHO_SERVER, SURE_LIKELY);
	use_long_addresses(&f);
	expect_verdict(&f, service_down, WHO_SERVER, SURE_LIKELY);
}

Test(classify_causes_service_down, of_a_server_never_seen_it_is_possible)
{
	struct facts f = refused(BY_KERNEL);

	f.reset.tos = f.reset.trigger_tos = 0;
	f.reset.ttl_of_others = false;
	f.reset.ttl_min = f.reset.ttl_max = 0;
	f.reset.rtt_min_ns = 0;
	expect_verdict(&f, service_down, WHO_SERVER, SURE_LIKELY);
}

Test(classify_causes_service_down, a_path_that_clears_marks_leaves_it_open)
{
	struct facts f = refused(BY_FILTER);
	struct verdict v = verdict_of(&f);

	cr_expect_eq(v.cause, CAUSE_service_down, "%s", words_of(&v));
	cr_expect_geq(v.sure, SURE_POSSIBLE, "%s", words_of(&v));
	cr_expect_eq(v.alternative[0].cause, CAUSE_firewall_reject, "%s", words_of(&v));
}

Test(classify_causes_service_down, must_not_win_when_a_filter_refuses)
{
	struct facts f = refused(BY_FILTER);

	f.reset.side_keeps_tos = true; /* marks do arrive: this one was cleared at its origin */
	expect_not(&f, service_down);
	make_nearer(&f);
	cr_expect_eq(weigh(CAUSE_service_down, &f), INT_MIN);
}

Test(classify_causes_service_down, must_not_win_when_the_refusal_is_not_the_servers)
{
	struct facts f = refused(BY_KERNEL);

	f.reset.ttl = 128;
	expect_not(&f, service_down);
}

Test(classify_causes_service_down, must_not_win_for_an_established_connection)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_KERNEL);
	cr_expect_eq(weigh(CAUSE_service_down, &f), INT_MIN);
}

Test(classify_causes_service_down, must_not_win_for_syns_without_an_answer)
{
	struct facts f = refused(BY_KERNEL);

	end_with(&f, ENDING_unanswered, SERVER);
	f.reset = (struct fact_reset){ 0 };
	cr_expect_eq(weigh(CAUSE_service_down, &f), INT_MIN);
}

Test(classify_causes_service_down, each_sign_counts)
{
	struct facts f = refused(BY_KERNEL);

	expect_gain(f, service_down, then.lessons.accepted_before = 1);
	expect_loss(f, service_down, then.reset.tos = then.reset.trigger_tos = 0);
	expect_loss(f, service_down, then.reset.tos = 0);
	f = refused(BY_FILTER);
	expect_loss(f, service_down, then.reset.side_keeps_tos = true);
	f = refused(BY_KERNEL);
	f.lessons.accepted_before = 1;
	cr_expect_not_null(strstr(verdict_of(&f).sentence, "though it had taken others before"));
	f.lessons.accepted_after = 1;
	cr_expect_not_null(strstr(verdict_of(&f).sentence, "took new ones later"));
}

Test(classify_causes_service_down, must_not_be_certain_where_a_rule_would_look_the_same)
{
	struct facts f = refused(BY_KERNEL);

	f.lessons.accepted_before = 1;
	f.lessons.accepted_before_mark = MARK(3);
	f.reset.tos = f.reset.trigger_tos = 0;
	cr_expect_lt(verdict_of(&f).confidence, 0.98);
	cr_expect_eq(weigh(CAUSE_firewall_reject, &f), 0); /* its form says nothing */
}
