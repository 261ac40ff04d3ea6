/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <string.h>

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
	v = verdict_of(&f);
	cr_expect_eq(v.cause, CAUSE_unexplained, "%s", words_of(&v));
	cr_expect_eq(v.sure, SURE_UNEXPLAINED);
	cr_expect_leq(v.confidence, 0.49);
	cr_expect_not_null(strstr(v.sentence, "(unexplained; frame"), "%s", v.sentence);
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

Test(classify_why, evidence_is_seen_from_the_verdict)
{
	struct facts f = facts_of_a_quiet_session();
	struct verdict v;
	bool found = false;

	end_with_reset(&f, SERVER, BY_KERNEL);
	make_nearer(&f);
	be_silent_for(&f, SECONDS(352), CLIENT);
	v = verdict_of(&f);
	cr_assert_eq(v.who, WHO_MIDDLEBOX, "%s", words_of(&v));
	for (uint8_t i = 0; i < v.evidences; i++)
		found |= strncmp(v.evidence[i].text, "Its TTL is 62", 13) == 0;
	cr_expect(found, "another TTL speaks for the device: %s", words_of(&v));
	cr_assert_geq(v.againsts, 1);
	cr_expect_not_null(strstr(v.against[0].text, "DSCP"),
			   "a copied DSCP speaks for the host: %s", words_of(&v));
}

Test(classify_why, the_lightest_evidence_gives_way)
{
	struct facts f = facts_of_a_quiet_session();
	struct verdict v;

	end_with_reset(&f, SERVER, BY_KERNEL);
	be_silent_for(&f, SECONDS(352), CLIENT);
	f.lessons.accepted_after = 1;
	f.reset.life = f.reset.more = f.reset.more_unprovoked = 2;
	f.reset.both_ways = true;
	make_nearer(&f);
	f.reset.ip_id = f.reset.window = 501;
	f.reset.ip_id_step = 29000;
	f.reset.has_ack = true;
	f.reset.df = f.reset.answers = false;
	f.reset.since_trigger_ns = SECONDS(352);
	v = verdict_of(&f);
	cr_expect_eq(v.evidences, VERDICT_EVIDENCE_MAX, "%s", words_of(&v));
	cr_expect_geq(v.evidence[VERDICT_EVIDENCE_MAX - 1].decibans, 5, "%s", words_of(&v));
}

Test(classify_why, the_sentence_names_the_frames_of_the_heaviest_evidence_in_their_order)
{
	struct facts f = facts_of_a_quiet_session();
	struct verdict v;

	end_with(&f, ENDING_closed, CLIENT);
	f.last.client_ago_ns = NS_PER_MS;
	v = verdict_of(&f);
	cr_expect_not_null(strstr(v.sentence, "(certain, 99 %; frames 57, 90, 91)."), "%s",
			   v.sentence);
	f = facts_of_a_quiet_session();
	v = verdict_of(&f);
	cr_expect_not_null(strstr(v.sentence, "(certain, 99 %)."), "%s", v.sentence);
}

Test(classify_why, alternatives_are_the_next_likeliest)
{
	struct facts f = facts_of_a_quiet_session();
	struct verdict v;

	end_with_reset(&f, SERVER, BY_FILTER);
	make_nearer(&f);
	be_silent_for(&f, SECONDS(35), CLIENT);
	v = verdict_of(&f);
	cr_expect_eq(v.cause, CAUSE_idle_timeout, "%s", words_of(&v));
	cr_assert_geq(v.alternatives, 1);
	cr_expect_eq(v.alternative[0].cause, CAUSE_firewall_reject, "%s", words_of(&v));
	cr_expect_eq(v.alternative[0].who, WHO_MIDDLEBOX);
}

Test(classify_why, the_words_of_each_cause_are_there)
{
	for (int i = 0; i < CAUSE_COUNT; i++) {
		enum cause_id id = (enum cause_id)i;
		const struct remedy *remedy = cause_remedy(id);
		bool healthy = id == CAUSE_orderly_close || id == CAUSE_still_open;

		cr_expect_gt(strlen(cause_name(id)), 5);
		cr_expect_gt(strlen(cause_title(id)), 5);
		cr_expect_eq(cause_is_healthy(id), healthy, "%s", cause_name(id));
		cr_expect_eq(strcmp(cause_family(id), "none") == 0, healthy);
		cr_expect_eq(strchr(remedy->text, '.'), strchr(remedy->text, '\0') - 1);
		cr_expect_gt(strlen(remedy->why), 10);
		for (int k = 0; k < REMEDY_STEPS_MAX && remedy->step[k].text != NULL; k++)
			cr_expect_not_null(remedy->step[k].command, "%s", remedy->step[k].text);
	}
}

Test(classify_why, a_fin_is_evidence_of_who)
{
	struct facts f = facts_of_a_quiet_session();
	struct verdict v;

	end_with(&f, ENDING_closed, CLIENT);
	v = verdict_of(&f);
	cr_expect_str_eq(v.evidence[0].text, "The first FIN, frame 90, is the client's.");
	cr_expect_eq(v.evidence[0].decibans, 23);
	f.one_sided = true;
	v = verdict_of(&f);
	cr_assert_geq(v.evidences, 2);
	cr_expect_not_null(strstr(v.evidence[1].text, "tell that the client closed first"), "%s",
			   words_of(&v));
	cr_expect_eq(v.evidence[1].decibans, 10);
}
