/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/escape.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* What each byte has to become, written apart from the code under test. */
static void expected(char out[8], int byte, bool doubles_backslash)
{
	if (byte == '\\' && doubles_backslash)
		strcpy(out, "\\\\");
	else if (byte >= ' ' && byte <= '~')
		snprintf(out, 8, "%c", byte);
	else
		snprintf(out, 8, "\\x%02x", (unsigned)byte);
}

Test(report_escape, every_byte_of_a_sentence_is_printable_afterwards)
{
	for (int byte = 1; byte < 256; byte++) {
		char in[2] = { (char)byte, '\0' }, buffer[16], want[8];
		struct text t = text_in(buffer, sizeof(buffer));

		escape_add_words(&t, in);
		expected(want, byte, false);
		cr_assert_str_eq(buffer, want, "byte %d became %s", byte, buffer);
	}
}

Test(report_escape, every_byte_of_a_path_is_printable_and_the_backslash_unambiguous)
{
	for (int byte = 1; byte < 256; byte++) {
		char in[2] = { (char)byte, '\0' }, buffer[16], want[8];
		struct text t = text_in(buffer, sizeof(buffer));

		escape_add_path(&t, in);
		expected(want, byte, true);
		cr_assert_str_eq(buffer, want, "byte %d became %s", byte, buffer);
	}
}

Test(report_escape, lines_keep_their_ends_and_nothing_else)
{
	char buffer[64];
	struct text t = text_in(buffer, sizeof(buffer));

	escape_add_lines(&t, "Host *\n\tUser a\r\n");
	cr_assert_str_eq(buffer, "Host *\n\\x09User a\\x0d\n");
}

Test(report_escape, all_bytes_fit_into_the_size_that_is_promised)
{
	char in[256], buffer[ESCAPED_SIZE(255)];
	struct text t = text_in(buffer, sizeof(buffer));

	memset(in, 0x9b, 255);
	in[255] = '\0';
	escape_add_words(&t, in);
	cr_assert_eq(t.len, 4 * 255);
	cr_assert_null(strstr(buffer, "..."));
}

Test(report_escape, a_text_that_is_too_long_says_so)
{
	char buffer[16];
	struct text t = text_in(buffer, sizeof(buffer));

	escape_add_words(&t, "a sentence that does not fit");
	cr_assert_str_eq(buffer, "a sentence t...");
}
