/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <string.h>

TestSuite(classify_sentence);

static void expect_frames(const struct verdict *v, const uint32_t *frames, uint8_t count)
{
	cr_assert_eq(v->frames, count, "%s", words_of(v));
	for (uint8_t i = 0; i < count; i++)
		cr_expect_eq(v->frame[i].number, frames[i], "%u: %s", i, words_of(v));
}

Test(classify_sentence, its_frames_are_those_of_the_heaviest_evidence_in_their_order)
{
	static const uint32_t frames[] = { 57, 90, 91 };
	struct facts f = facts_of_a_quiet_session();
	struct verdict v;

	end_with(&f, ENDING_closed, CLIENT);
	f.last.client_ago_ns = NS_PER_MS;
	v = verdict_of(&f);
	expect_frames(&v, frames, 3);
	f = facts_of_a_quiet_session();
	v = verdict_of(&f);
	expect_frames(&v, NULL, 0);
}

Test(classify_sentence, frames_of_several_files_stand_file_by_file_and_once_each)
{
	struct verdict v = { .sentence = "It ended",
			     .evidences = 2,
			     .evidence = { { .marks = 2, .mark = { { 7, 1 }, { 90, 0 } } },
					   { .marks = 2, .mark = { { 7, 1 }, { 7, 0 } } } } };

	finish_sentence(&v);
	cr_expect_str_eq(v.sentence, "It ended.");
	cr_assert_eq(v.frames, 3);
	cr_expect(v.frame[0].number == 7 && v.frame[0].input == 0);
	cr_expect(v.frame[1].number == 90 && v.frame[1].input == 0);
	cr_expect(v.frame[2].number == 7 && v.frame[2].input == 1);
}
