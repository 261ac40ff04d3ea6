/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* What the C library writes is what has to come out, in a buffer of any size. */
#define SAME(...)                                                                                  \
	do {                                                                                       \
		char ours[64], libs[64];                                                           \
		struct text t = text_in(ours, sizeof(ours));                                       \
                                                                                                   \
		snprintf(libs, sizeof(libs), __VA_ARGS__);                                         \
		text_add(&t, __VA_ARGS__);                                                         \
		cr_expect_str_eq(ours, libs);                                                      \
		cr_expect_eq(t.len, strlen(libs));                                                 \
	} while (0)

Test(base_text_form, strings_are_written_as_printf_does)
{
	char open[3] = { 'a', 'b', 'c' }; /* ends where the precision says */

	SAME("100 %%, and nothing else");
	SAME("%s", "");
	SAME("%s and %s.", "one", "two");
	SAME("%7s|%2s|%14s", "right", "longer", "");
	SAME("%.*s|%.*s", 3, open, 9, "short");
	SAME("%9.*s", 2, open);
	SAME("%*s|%40s|", 5, "x", "y");
	SAME("%c%c", 'x', '%');
}

Test(base_text_form, numbers_are_written_as_printf_does)
{
	const int64_t values[] = { 0, 1, -1, 9, 10, -10, 12345, INT32_MAX, INT32_MIN };

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		int value = (int)values[i];

		SAME("%d %u", value, (unsigned)value);
		SAME("%+d|%+5d|%5d", value, value, value);
		SAME("%02d|%04d|%0*d", value, value, 9, value);
		SAME("%" PRId64 "|%" PRIu64, values[i], (uint64_t)values[i]);
		SAME("%lld|%llu", (long long)value, (unsigned long long)values[i]);
		SAME("%7" PRId64 ".%06" PRId64, values[i], values[i]);
		SAME("%03" PRIu64 "|%3zu", (uint64_t)values[i], (size_t)values[i]);
	}
	SAME("%" PRId64, INT64_MIN);
	SAME("%" PRId64, INT64_MAX);
	SAME("%" PRIu64, UINT64_MAX);
}

Test(base_text_form, forms_of_which_it_knows_nothing_are_left_to_the_library)
{
	SAME("%d of %x", 12, 255);
	SAME("%s %.1f %s", "before", 2.25, "after");
	SAME("%-8s|%-*d|", "left", 5, 3);
	SAME("%.3s|%.2d|%.*d", "precise", 7, 4, 9);
	SAME("%*d|", -4, 7);
	SAME("%.*s|", -1, "all of it");
	SAME("%*s|", 41, "wide");
	SAME("%41d|", 7);
	SAME("%hhu %ld", (unsigned char)7, -7L);
	SAME("%+.*d", 3, 7);
}

Test(base_text_form, what_does_not_fit_is_cut_at_the_same_place_by_both_ways)
{
	for (size_t size = 5; size < 40; size++) {
		char ours[40], libs[40];
		struct text a = text_in(ours, size), b = text_in(libs, size);

		text_add(&a, "ab");
		text_add(&b, "ab");
		text_add(&a, "%s, %u and %7s", "some words", 1234567u, "end");
		text_add(&b, "%.10s, %u and %7s", "some words", 1234567u, "end");
		cr_expect_str_eq(ours, libs, "%zu: %s", size, ours);
		cr_expect_eq(a.len, b.len);
		cr_expect_eq(a.len, strlen(ours));
	}
}

Test(base_text_form, a_width_of_a_mile_is_cut_too)
{
	char buffer[16];
	struct text t = text_in(buffer, sizeof(buffer));

	text_add(&t, "%*d", 30000, 1);
	cr_expect_str_eq(buffer, "            ...");
	t = text_in(buffer, sizeof(buffer));
	text_add(&t, "%99999d", 1);
	cr_expect_str_eq(buffer, "            ...");
}

Test(base_text_form, bytes_are_added_as_they_are)
{
	char buffer[16];
	struct text t = text_in(buffer, sizeof(buffer));

	text_add_bytes(&t, "%s, not a form", 2);
	cr_expect_str_eq(buffer, "%s");
	text_add_bytes(&t, "", 0);
	text_add_bytes(&t, "0123456789abcdef", 16);
	cr_expect_str_eq(buffer, "%s0123456789...");
	cr_expect_eq(t.len, 15);
}
