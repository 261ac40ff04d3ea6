/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/wrap.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/report/example.h"

static char *written(void (*write)(FILE *, const char *, const char *), const char *lead,
		     const char *words)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	write(out, lead, words);
	fclose(out);
	return text;
}

static void expect(void (*write)(FILE *, const char *, const char *), const char *lead,
		   const char *words, const char *wanted)
{
	char *text = written(write, lead, words);

	cr_expect_str_eq(text, wanted, "got:\n%s", text);
	free(text);
}

Test(report_wrap, a_short_sentence_is_one_line)
{
	expect(wrap, "  who    ", "middlebox", "  who    middlebox\n");
	expect(wrap, "  ", "", "  \n");
}

Test(report_wrap, lines_break_at_spaces_and_are_indented_as_the_first)
{
	expect(wrap, "  why    ",
	       "twelve letters again, twelve letters again, twelve letters again, twelve letters",
	       "  why    twelve letters again, twelve letters again, twelve letters again,\n"
	       "         twelve letters\n");
}

Test(report_wrap, a_line_may_have_all_eighty_columns)
{
	char words[80], *text;

	memset(words, 'a', sizeof(words));
	words[78] = '\0';
	text = written(wrap, "  ", words);
	cr_expect_eq(strlen(text), 81);
	free(text);
}

Test(report_wrap, no_line_is_wider_than_eighty_whatever_the_words)
{
	for (size_t word = 1; word < 200; word++) {
		char words[1001], *text;

		for (size_t i = 0; i < 1000; i++)
			words[i] = i % (word + 1) == word ? ' ' : 'a';
		words[1000] = '\0';
		text = written(wrap, "    +17  ", words);
		cr_assert_leq(example_widest(text), EXAMPLE_COLUMNS, "words of %zu", word);
		cr_assert_gt(strlen(text), 1000);
		free(text);
	}
}

Test(report_wrap, escapes_count_as_what_is_seen)
{
	char words[256], *text;

	memset(words, 0x1b, sizeof(words) - 1);
	words[sizeof(words) - 1] = '\0';
	text = written(wrap, "  ", words);
	example_is_printable(text);
	cr_expect_leq(example_widest(text), EXAMPLE_COLUMNS);
	free(text);
}

Test(report_wrap, a_command_is_never_broken)
{
	char command[301], *text;

	memset(command, 'c', 300);
	command[300] = '\0';
	text = written(wrap_not, "    ", command);
	cr_expect_eq(strlen(text), 305);
	free(text);
	expect(wrap_not, "  ", "Host *\n    User a\n\nHost b",
	       "  Host *\n      User a\n\n  Host b\n");
	expect(wrap_not, "  ", "", "");
}
