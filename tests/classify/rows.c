/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <string.h>

TestSuite(classify_rows);

static int row_of(const char *text)
{
	return notice_of(text, strlen(text));
}

Test(classify_rows, a_notice_is_known_by_how_it_begins)
{
	int row = row_of("Exceeded MaxStartups\r\n");

	cr_assert_geq(row, 0);
	cr_expect_eq(notice_cause(row), CAUSE_resource_exhaustion);
	cr_expect_str_eq(notice_detail(row), "max_startups");
	row = row_of("Invalid SSH identification string.");
	cr_assert_geq(row, 0);
	cr_expect_eq(notice_cause(row), CAUSE_protocol_error);
	cr_expect_str_eq(notice_detail(row), "not_ssh");
	row = row_of("Protocol major versions differ.");
	cr_assert_geq(row, 0);
	cr_expect_str_eq(notice_detail(row), "version_mismatch");
}

Test(classify_rows, no_other_text_is_a_notice)
{
	cr_expect_eq(row_of(""), -1);
	cr_expect_eq(row_of("Exceeded MaxStartup"), -1);
	cr_expect_eq(row_of("exceeded MaxStartups"), -1);
	cr_expect_eq(row_of("Debian: Exceeded MaxStartups"), -1);
}

Test(classify_rows, timers_are_ordered_and_sourced)
{
	const struct idle_timer *timer;
	int64_t before = 0;
	size_t count = 0;

	for (; (timer = idle_timer(count)) != NULL; count++) {
		cr_expect_geq(timer->seconds, before, "%s %s", timer->vendor, timer->product);
		cr_expect(timer->seconds > 0 && timer->vendor[0] != '\0' &&
			  timer->product[0] != '\0' && timer->forgets[0] != '\0' &&
			  timer->source[0] != '\0');
		before = timer->seconds;
	}
	cr_expect_gt(count, 40);
	cr_expect_null(idle_timer(count));
	cr_expect_null(idle_timer(SIZE_MAX));
}

static const char *near(int64_t ns)
{
	static char words[256];

	timers_near(ns, words, sizeof(words));
	return words;
}

Test(classify_rows, a_limit_is_near_a_silence_that_is_a_little_longer)
{
	cr_expect_not_null(strstr(near(SECONDS(352)), "350 s"), "%s", near(SECONDS(352)));
	cr_expect_not_null(strstr(near(SECONDS(352)), "AWS"), "%s", near(SECONDS(352)));
	cr_expect_not_null(strstr(near(SECONDS(350)), "350 s"));
	cr_expect_not_null(strstr(near(SECONDS(3650)), "3600 s"));
}

Test(classify_rows, no_limit_is_near_a_silence_that_is_shorter_or_much_longer)
{
	cr_expect_str_eq(near(0), "");
	cr_expect_str_eq(near(-SECONDS(350)), "");
	cr_expect_null(strstr(near(SECONDS(350) - 1), "350 s"));
	cr_expect_str_eq(near(SECONDS(120)), "");
	cr_expect_str_eq(near(SECONDS(500)), "");
	cr_expect_str_eq(near(INT64_MAX), "");
}

Test(classify_rows, two_products_at_most_stand_for_a_limit)
{
	const char *words = near(SECONDS(3601)), * or = strstr(words, " or ");

	cr_assert_not_null(or, "%s", words);
	cr_expect_null(strstr(or +4, " or "), "%s", words);
}

Test(classify_rows, each_limit_fits_into_its_sentence)
{
	const struct idle_timer *timer;

	for (size_t i = 0; (timer = idle_timer(i)) != NULL; i++) {
		struct facts f = facts_of_a_quiet_session();

		end_with_reset(&f, SERVER, BY_FILTER);
		make_nearer(&f);
		be_silent_for(&f, SECONDS(timer->seconds), CLIENT);
		use_long_addresses(&f);
		verdict_of(&f); /* has no text that was cut */
	}
}

/* What a cause says of itself is written in its own file: a new one must not forget it. */
Test(classify_rows, each_cause_says_what_it_is_how_it_is_told_and_what_looks_like_it)
{
	for (int i = 0; i < CAUSE_COUNT; i++) {
		enum cause_id id = (enum cause_id)i;

		cr_expect_gt(strlen(cause_meaning(id)), 30, "%s: .meaning", cause_name(id));
		cr_expect_gt(strlen(cause_decided(id)), 30, "%s: .decided", cause_name(id));
		cr_expect_gt(strlen(cause_mimics(id)), 30, "%s: .mimics", cause_name(id));
		cr_expect_gt(strlen(cause_remedy(id)->why), 20, "%s: .why", cause_name(id));
		for (int k = 0; k < i; k++)
			cr_expect_str_neq(cause_meaning(id), cause_meaning((enum cause_id)k));
	}
}

static const struct family *family_named(const char *name)
{
	const struct family *family = NULL;

	for (size_t i = 0; (family = family_row(i)) != NULL; i++) {
		if (strcmp(family->name, name) == 0)
			break;
	}
	return family;
}

Test(classify_rows, each_family_of_a_cause_has_a_row_and_each_row_a_cause)
{
	for (int i = 0; i < CAUSE_COUNT; i++)
		cr_expect_not_null(family_named(cause_family((enum cause_id)i)), "%s",
				   cause_family((enum cause_id)i));
	for (size_t i = 0; family_row(i) != NULL; i++) {
		bool used = false;

		for (int k = 0; k < CAUSE_COUNT; k++)
			used |= strcmp(cause_family((enum cause_id)k), family_row(i)->name) == 0;
		cr_expect(used, "%s", family_row(i)->name);
	}
}
