/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/words.h"

#include <criterion/criterion.h>
#include <math.h>

#define EXPECT(wanted, call)                                                                       \
	do {                                                                                       \
		char buffer[128];                                                                  \
		struct text t = text_in(buffer, sizeof(buffer));                                   \
		call;                                                                              \
		cr_expect_str_eq(buffer, wanted, "got %s", buffer);                                \
	} while (0)

Test(report_words, bytes_are_in_the_unit_a_person_would_choose)
{
	EXPECT("0 B", words_add_bytes(&t, 0));
	EXPECT("999 B", words_add_bytes(&t, 999));
	EXPECT("1.0 kB", words_add_bytes(&t, 1000));
	EXPECT("12.4 kB", words_add_bytes(&t, 12400));
	EXPECT("999.9 kB", words_add_bytes(&t, 999999));
	EXPECT("1.0 MB", words_add_bytes(&t, 1000000));
	EXPECT("18.4 EB", words_add_bytes(&t, UINT64_MAX));
}

Test(report_words, counts_have_commas_and_a_plural)
{
	EXPECT("0 frames", words_add_counted(&t, 0, "frame"));
	EXPECT("1 frame", words_add_counted(&t, 1, "frame"));
	EXPECT("999 frames", words_add_counted(&t, 999, "frame"));
	EXPECT("12,034 frames", words_add_counted(&t, 12034, "frame"));
	EXPECT("1,000,001 frames", words_add_counted(&t, 1000001, "frame"));
	EXPECT("18,446,744,073,709,551,615 frames", words_add_counted(&t, UINT64_MAX, "frame"));
}

Test(report_words, spans_are_never_negative_nor_overflow)
{
	cr_expect_eq(words_span_ns(5, 7), 2);
	cr_expect_eq(words_span_ns(7, 5), 0);
	cr_expect_eq(words_span_ns(INT64_MIN, INT64_MAX), INT64_MAX);
	cr_expect_eq(words_span_ns(INT64_MAX, INT64_MIN), 0);
	cr_expect_eq(words_span_ns(-5, 5), 10);
}

Test(report_words, a_percentage_never_claims_more_than_the_probability)
{
	cr_expect_eq(words_per_cent(0.9799), 97);
	cr_expect_eq(words_per_cent(0.98), 98);
	cr_expect_eq(words_per_cent(0.999), 99);
	cr_expect_eq(words_per_cent(1), 100);
	cr_expect_eq(words_per_cent(7), 100);
	cr_expect_eq(words_per_cent(-1), 0);
	cr_expect_eq(words_per_cent((double)NAN), 0);
	for (unsigned i = 0; i <= 100; i++)
		cr_expect_eq(words_per_cent(i / 100.0), i);
	for (unsigned i = 0; i <= 10000; i++)
		cr_expect_eq(words_per_myriad(i / 10000.0), i);
}
