/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "report/report.h"
#include "tests/report/example.h"

static struct conn conn;
static struct verdict verdict;

/* A text report of `odd` idle resets, 349 s and longer, and some that ended well. */
static char *report_of(int odd, int healthy)
{
	static const struct report_options options;
	static char *text;
	static size_t len;
	FILE *out = open_memstream(&text, &len);
	struct report *report = report_begin("text", out, &options);

	for (int i = 0; i < odd + healthy; i++) {
		example_conn(&conn);
		example_verdict(&verdict);
		conn.id = (uint64_t)i + 1;
		conn.end.idle_before_ns = (349 + i % 4) * NS_PER_S;
		conn.peer[SERVER].at.ip.bytes[3] = (uint8_t)(64 + i);
		conn.resets_kept = 1;
		conn.reset[0].seen.ttl = 61;
		if (i >= odd)
			verdict.cause = CAUSE_orderly_close;
		report_each(report, &conn, &verdict);
	}
	cr_assert(report_end(report, example_totals((uint64_t)odd, (uint64_t)healthy)));
	fclose(out);
	return text;
}

/* Lines are joined: how they are wrapped is another's test. */
static char *section_of(char *text)
{
	char *from = strstr(text, "What they have in common"), *to = text;

	cr_assert_not_null(from, "%s", text);
	*strstr(from, "\n-----") = '\0';
	for (; *from != '\0'; from++) {
		if (*from == '\n')
			*from = ' ';
		if (*from != ' ' || to == text || to[-1] != ' ')
			*to++ = *from;
	}
	*to = '\0';
	return text;
}

Test(report_text_groups, what_many_have_in_common_comes_before_each_of_them)
{
	char *text = report_of(41, 3);

	cr_assert_not_null(strstr(text, "What they have in common"));
	cr_expect_lt(strstr(text, "What they have in common"), strstr(text, "\n#1  "));
	cr_expect_leq(strcspn(strstr(text, "  high "), "\n"), EXAMPLE_COLUMNS);
	section_of(text);
	cr_expect_not_null(
		strstr(text,
		       "high 41 of 44 connections to 192.0.2.64/26, from 198.51.100.7 to port "
		       "22, logged in: idle_timeout by the middlebox, after 349 s to 352 s of "
		       "silence; the resets were made 3 hops from the client by their TTL; 94 % "
		       "sure on average; first at 2026-11-04 09:51:19 UTC, last 0 s later: #1, #2, "
		       "#3 and 38 more"),
		"%s", text);
	free(text);
}

Test(report_text_groups, a_handful_is_read_one_by_one)
{
	char *text = report_of(5, 100);

	cr_expect_null(strstr(text, "What they have in common"));
	free(text);
	text = report_of(6, 0);
	cr_expect_not_null(strstr(text, "What they have in common"));
	free(text);
}

Test(report_text_groups, some_that_were_silent_are_not_all_of_them)
{
	static const struct report_options options;
	static char *text;
	static size_t len;
	FILE *out = open_memstream(&text, &len);
	struct report *report = report_begin("text", out, &options);

	example_conn(&conn);
	example_verdict(&verdict);
	for (int i = 0; i < 7; i++) {
		conn.end.idle_before_ns = i < 2 ? 600 * NS_PER_S : NS_PER_S;
		report_each(report, &conn, &verdict);
	}
	cr_assert(report_end(report, example_totals(7, 0)));
	fclose(out);
	cr_expect_not_null(strstr(section_of(text), ", 2 of them after 600 s of silence;"), "%s",
			   text);
	free(text);
}
