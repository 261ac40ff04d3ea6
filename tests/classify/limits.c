/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <string.h>

TestSuite(classify_limits);

static bool says(const struct verdict *v, const char *words)
{
	for (uint8_t i = 0; i < v->limits; i++) {
		if (strstr(v->limit[i], words) != NULL)
			return true;
	}
	return false;
}

Test(classify_limits, a_whole_capture_of_an_open_session_has_none)
{
	struct facts f = facts_of_a_quiet_session();

	cr_expect_eq(verdict_of(&f).limits, 0);
}

#define expect_limit(field, value, words)                                                          \
	do {                                                                                       \
		struct facts f = facts_of_a_quiet_session();                                       \
		struct verdict v;                                                                  \
		f.field = (value);                                                                 \
		v = verdict_of(&f);                                                                \
		cr_expect(v.limits == 1 && says(&v, words), "%s", #field);                         \
	} while (0)

Test(classify_limits, what_the_capture_lacks_is_said)
{
	expect_limit(one_sided, true, "one direction");
	expect_limit(mid_stream, true, "mid-connection");
	expect_limit(missing, 3, "lost some");
	expect_limit(judged_early, true, "early");
	expect_limit(cut, true, "cut");
	expect_limit(copies, true, "captured twice");
	expect_limit(overlaps, 1, "different bytes");
	expect_limit(multipath, true, "Multipath");
	expect_limit(clock_stepped, true, "clock");
	expect_limit(roles_guessed, true, "guess");
}

Test(classify_limits, a_reset_seen_from_one_place_can_be_copied)
{
	struct facts f = facts_of_a_quiet_session();
	struct verdict v;

	end_with_reset(&f, SERVER, BY_KERNEL);
	v = verdict_of(&f);
	cr_expect(says(&v, "One vantage point"));
}

Test(classify_limits, there_is_room_for_six)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_KERNEL);
	f.one_sided = f.mid_stream = f.judged_early = f.cut = f.multipath = true;
	f.clock_stepped = f.roles_guessed = true;
	f.missing = 1;
	cr_expect_eq(verdict_of(&f).limits, VERDICT_LIMITS_MAX);
}

Test(classify_limits, the_words_are_the_contracts)
{
	static const char *const who[] = { "client",  "server", "middlebox",
					   "network", "none",   "unknown" };
	static const char *const sure[] = { "certain", "likely", "possible", "unexplained" };
	static const char *const where[] = { "client", "server", "network" };

	for (int i = 0; i < WHO_COUNT; i++)
		cr_expect_str_eq(who_name((enum who)i), who[i]);
	for (int i = 0; i <= SURE_UNEXPLAINED; i++)
		cr_expect_str_eq(sure_name((enum sure)i), sure[i]);
	for (int i = 0; i <= WHERE_NETWORK; i++)
		cr_expect_str_eq(where_name((enum where)i), where[i]);
}
