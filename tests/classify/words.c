/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/conn_of.h"
#include "tests/classify/facts_of.h"

#include <string.h>

#include "classify/classify.h"

TestSuite(classify_words);

Test(classify_words, evidence_is_seen_from_the_verdict)
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

/* Both questions, each by its own sum: nothing that counts is left out. */
static int shown(const struct verdict *v, enum about about)
{
	int sum = 0;

	for (uint8_t i = 0; i < v->evidences; i++)
		sum += v->evidence[i].about == about ? v->evidence[i].decibans : 0;
	for (uint8_t i = 0; i < v->againsts; i++)
		sum += v->against[i].about == about ? v->against[i].decibans : 0;
	return sum;
}

Test(classify_words, all_that_counts_is_shown_for_who_and_for_why_apart)
{
	struct facts f = facts_of_a_quiet_session();
	struct fact_origin origin;
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
	origin = origin_of(&f);
	cr_expect_eq(v.prior + shown(&v, ABOUT_WHY), v.sum, "%s", words_of(&v));
	cr_assert_eq(v.who, WHO_MIDDLEBOX, "%s", words_of(&v));
	cr_expect_eq(v.who_prior + shown(&v, ABOUT_WHO), -origin.host_decibans, "%s", words_of(&v));
	cr_expect_gt(v.evidences, 8);
}

Test(classify_words, a_decision_has_no_words_until_they_are_asked_for)
{
	static struct verdict whole, parts;

	memset(&parts, 0xa5, sizeof(parts));
	classify(conn_with_reset(), NULL, &whole);
	classify_decide(conn_with_reset(), NULL, &parts);
	cr_expect_eq(parts.cause, whole.cause);
	cr_expect_eq(parts.who, whole.who);
	cr_expect_eq(parts.who_prior, whole.who_prior);
	cr_expect_eq(parts.confidence, whole.confidence);
	cr_expect_eq(parts.alternatives, whole.alternatives);
	cr_expect_str_eq(parts.sentence, "");
	cr_expect_eq(parts.evidences + parts.againsts + parts.settles + parts.limits, 0);
	classify_tell(conn_with_reset(), NULL, &parts);
	classify_tell(conn_with_reset(), NULL, &parts); /* who asks twice is not told twice */
	cr_expect_str_eq(parts.sentence, whole.sentence);
	cr_assert_eq(parts.evidences, whole.evidences);
	cr_expect_str_eq(parts.evidence[0].text, whole.evidence[0].text);
	cr_expect_eq(parts.againsts, whole.againsts);
	cr_expect_eq(parts.settles, whole.settles);
	cr_expect_eq(parts.limits, whole.limits);
	cr_expect_eq(parts.frames, whole.frames);
}

Test(classify_words, words_are_of_what_was_decided_with_the_lines_of_logs)
{
	static struct verdict whole, parts, without;
	const struct conn *conn = conn_with_reset();
	static const char said[] = "drop connection #9 past MaxStartups";
	struct note note = { .kind = NOTE_max_startups, .pid = 600, .process = "sshd" };
	const struct noted_conn noted = {
		.count = 1, .at = { { &note, conn->end.time_ns, TIE_PORTS, NOTE_OF_SERVER } }
	};

	strcpy(note.text, said);
	note.text_len = sizeof(said) - 1;
	classify(conn, NULL, &without);
	classify(conn, &noted, &whole);
	classify_decide(conn, &noted, &parts);
	cr_assert_neq(without.cause, CAUSE_resource_exhaustion);
	cr_assert_eq(whole.cause, CAUSE_resource_exhaustion);
	cr_expect_eq(parts.cause, whole.cause);
	cr_expect_eq(parts.sum, whole.sum);
	cr_expect_eq(whole.prior + shown(&whole, ABOUT_WHY), whole.sum, "%s", words_of(&whole));
	classify_tell(conn, &noted, &parts);
	cr_expect_str_eq(parts.sentence, whole.sentence);
	cr_expect_str_eq(parts.detail, "max_startups");
	cr_expect_not_null(strstr(parts.sentence, said), "%s", parts.sentence);
	cr_expect_eq(parts.evidences, whole.evidences);
}
