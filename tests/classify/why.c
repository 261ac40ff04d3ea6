/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

TestSuite(classify_why);

Test(classify_why, ignorance_is_calm_and_never_confident)
{
	struct facts f = facts_of_a_quiet_session();
	struct verdict v;

	end_with_reset(&f, SERVER, BY_KERNEL);
	f.mid_stream = true;
	f.handshake = HANDSHAKE_MISSING;
	f.reset.ttl_min = f.reset.ttl_max = 0;
	f.ssh.any = false;
	f.last.heard_ago_ns[SERVER] = -1;
	v = verdict_of(&f);
	cr_expect_eq(v.cause, CAUSE_unexplained, "%s", words_of(&v));
	cr_expect_eq(v.sure, SURE_UNEXPLAINED);
	cr_expect_leq(v.confidence, 0.49);
	cr_expect_geq(v.settles, 1, "who does not know says what would tell");
}

Test(classify_why, two_causes_with_equal_evidence_are_possible_at_most)
{
	struct facts f = facts_of_a_quiet_session();
	struct verdict v;

	/* A server's kernel answers after a silence: restarted, or a NAT took a new port. */
	end_with_reset(&f, SERVER, BY_KERNEL);
	be_silent_for(&f, SECONDS(352), CLIENT);
	f.lessons.accepted_after = 1;
	f.lessons.accepted_after_mark = MARK(95);
	v = verdict_of(&f);
	cr_expect_geq(v.sure, SURE_POSSIBLE, "%s", words_of(&v));
	cr_expect_geq(v.alternatives, 1);
}

Test(classify_why, who_decides_the_confidence_of_causes_that_can_be_anybodys)
{
	struct facts f = facts_of_a_quiet_session();
	double far, vague;

	end_with_reset(&f, SERVER, BY_FILTER);
	make_nearer(&f);
	far = verdict_of(&f).confidence;
	f.reset.ttl_min = 52; /* the route moves */
	f.reset.rtt_min_ns = 0;
	vague = verdict_of(&f).confidence;
	cr_expect_gt(far, 0.90);
	cr_expect_lt(vague, far - 0.05);
}

Test(classify_why, doubt_about_who_is_told_where_it_lowers_the_confidence)
{
	struct facts f = facts_of_a_quiet_session();
	struct verdict v;

	end_with(&f, ENDING_closed, CLIENT);
	f.last.client_ago_ns = NS_PER_MS;
	f.last.goodbye = f.last.goodbye_alone = f.ssh.owes_goodbye = true;
	v = verdict_of(&f);
	cr_expect_float_eq(v.who_probability, origin_of(&f).p, 1e-9);
	f = facts_of_a_quiet_session();
	v = verdict_of(&f);
	cr_expect_eq(v.cause, CAUSE_still_open, "%s", words_of(&v));
	cr_expect_eq(v.who_probability, 1.0, "nobody is named");
}
