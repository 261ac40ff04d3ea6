/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "tests/report/example.h"

static struct conn conn;
static struct verdict verdict;

static size_t count(const char *text, const char *part)
{
	size_t found = 0;

	for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
		found++;
	return found;
}

/* Scanners that break off, then sessions that were lost, and one more of another network. */
static char *report_of(uint64_t scanners, uint64_t sessions, bool all)
{
	const struct report_options options = { .all = all };
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct report *report = report_begin("text", out, &options);

	for (uint64_t i = 0; i < scanners + sessions; i++) {
		example_conn(&conn);
		example_verdict(&verdict);
		conn.id = i + 1;
		if (i < scanners) {
			conn.ssh.phase = SSH_PHASE_IDENTIFICATION;
			verdict.cause = CAUSE_client_abort;
			verdict.who = WHO_CLIENT;
		}
		if (i + 1 == scanners + sessions)
			conn.peer[SERVER].at.ip.bytes[1]++;
		report_each(report, &conn, &verdict);
	}
	cr_assert(report_end(report, example_totals(scanners + sessions, 0)));
	fclose(out);
	return text;
}

Test(report_worst, a_handful_is_told_in_full_as_it_comes)
{
	char *text = report_of(2, 3, false);

	cr_expect_eq(count(text, "What to do"), 5);
	cr_expect_null(strstr(text, "ended oddly, and"));
	cr_expect_lt(strstr(text, "\n#1  "), strstr(text, "\n#2  "));
	free(text);
}

Test(report_worst, a_thousand_are_a_page_and_lost_sessions_come_first)
{
	char *text = report_of(900, 100, false);

	cr_expect_eq(count(text, "What to do"), 5);
	cr_expect_not_null(strstr(text, "\n#901  "), "the first that was lost");
	cr_expect_not_null(strstr(text, "\n#1000  "), "the one of another network, too");
	cr_expect_lt(strstr(text, "\n#901  "), strstr(text, "\n#1000  "), "the graver group first");
	cr_expect_not_null(strstr(text, "\n#1  "), "what room is left is for scanners");
	cr_expect_not_null(strstr(text, "995 more connections ended oddly, and are counted above; "
					"--all tells each in full"));
	cr_expect_lt(count(text, "\n"), 400);
	free(text);
}

Test(report_worst, all_tells_each_in_full)
{
	char *text = report_of(20, 20, true);

	cr_expect_eq(count(text, "What to do"), 40);
	cr_expect_null(strstr(text, "ended oddly, and"));
	free(text);
}

/* Networks become wider on the way: examples change, and what was written stays within bounds. */
Test(report_worst, a_scan_of_a_continent_is_still_a_page)
{
	static const struct report_options options;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct report *report = report_begin("text", out, &options);

	example_conn(&conn);
	example_verdict(&verdict);
	for (uint32_t i = 0; i < 5000; i++) {
		conn.id = i + 1;
		conn.peer[SERVER].at.ip.bytes[0] = (uint8_t)(i * 7);
		conn.peer[SERVER].at.ip.bytes[1] = (uint8_t)(i / 3);
		conn.peer[SERVER].at.ip.bytes[2] = (uint8_t)i;
		report_each(report, &conn, &verdict);
	}
	cr_assert(report_end(report, example_totals(5000, 0)));
	fclose(out);
	cr_expect_geq(count(text, "What to do"), 1);
	cr_expect_leq(count(text, "What to do"), 5);
	cr_expect_lt(count(text, "\n"), 400);
	free(text);
}
