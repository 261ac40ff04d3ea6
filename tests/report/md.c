/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "tests/report/example.h"

static struct conn conn;
static struct verdict verdict;

static void expect(const char *text, const char *part)
{
	cr_expect_not_null(strstr(text, part), "no \"%s\" in:\n%s", part, text);
}

static char *report_of(uint64_t odd, uint64_t healthy)
{
	static const struct report_options options;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct report *report = report_begin("md", out, &options);

	example_conn(&conn);
	example_verdict(&verdict);
	for (uint64_t i = 0; i < odd; i++) {
		conn.id = i + 1;
		report_each(report, &conn, &verdict);
	}
	for (uint64_t i = 0; i < healthy; i++) {
		example_healthy(&conn, &verdict, i + 4);
		report_each(report, &conn, &verdict);
	}
	cr_assert(report_end(report, example_totals(odd, healthy)));
	fclose(out);
	return text;
}

Test(report_md, the_sentence_comes_before_the_reasons)
{
	char *text = report_of(1, 7);
	const char *sentence = strstr(text, "**A box on the path"),
		   *reasons = strstr(text, "| +17 |");

	expect(text, "# SSH connections: 8 seen, 1 ended oddly\n");
	expect(text, "| who | middlebox |\n");
	expect(text, "(idle\\_timeout");
	cr_assert_not_null(sentence);
	cr_assert_not_null(reasons);
	cr_expect_lt(sentence, reasons);
	expect(text, "| why | before a packet is looked at | |\n");
	expect(text, "```mermaid\nsequenceDiagram\n");
	expect(text, "    M->>C: RST\n");
	expect(text, "    Note over C,S: 352 s of silence\n");
	expect(text, "\n```text\nHost *\n    ServerAliveInterval 60\n");
	example_is_printable(text);
	free(text);
}

Test(report_md, a_row_of_a_table_cannot_be_broken_by_the_wire)
{
	static const struct report_options options;
	char *text;

	example_conn(&conn);
	example_verdict(&verdict);
	strcpy(verdict.evidence[0].text, "It said \"a | b\n| c\".");
	text = example_report("md", &options, &conn, &verdict);
	expect(text, "It said \"a &#124; b\\x0a&#124; c\".");
	free(text);
}

/* Thousands of everybody's: IPv6 of networks far apart, every cause, sentences as long as they may be. */
Test(report_md, it_stays_short_whatever_a_scan_brings)
{
	static const struct report_options options;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct report *report = report_begin("md", out, &options);

	example_conn(&conn);
	example_verdict(&verdict);
	memset(verdict.sentence, '*', sizeof(verdict.sentence) - 1);
	for (uint32_t i = 0; i < 5000; i++) {
		for (int side = CLIENT; side <= SERVER; side++) {
			conn.peer[side].at.ip.family = 6;
			memset(conn.peer[side].at.ip.bytes, 0xee, 16);
			conn.peer[side].at.ip.bytes[1] = (uint8_t)(i + (uint32_t)side);
			conn.peer[side].at.ip.bytes[3] = (uint8_t)(i >> 8);
		}
		verdict.cause = (enum cause_id)(i % CAUSE_COUNT);
		conn.id = i + 1;
		report_each(report, &conn, &verdict);
	}
	cr_assert(report_end(report, example_totals(4000, 1000)));
	fclose(out);
	cr_expect_lt(len, 60000, "%zu", len);
	expect(text, "## What they have in common, the gravest first\n\n- **high**: ");
	expect(text, " other connections\n");
	free(text);
}

Test(report_md, it_stays_short_and_says_what_it_left_out)
{
	char *text = report_of(1000, 0);

	cr_expect_lt(strlen(text), 60000);
	expect(text, "## Others that ended oddly\n");
	expect(text, "Left out of this text");
	free(text);
}

/* Scanners come first and are many; the sessions that were lost are what the ticket is about. */
Test(report_md, it_tells_the_gravest_first_and_each_only_once)
{
	static const struct report_options options;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct report *report = report_begin("md", out, &options);

	for (uint64_t i = 0; i < 40; i++) {
		example_conn(&conn);
		example_verdict(&verdict);
		conn.id = i + 1;
		if (i < 30) {
			conn.ssh.phase = SSH_PHASE_IDENTIFICATION;
			verdict.cause = CAUSE_client_abort;
			verdict.who = WHO_CLIENT;
		}
		report_each(report, &conn, &verdict);
	}
	cr_assert(report_end(report, example_totals(40, 0)));
	fclose(out);
	expect(text, "\n## Connection 31: ");
	cr_expect_null(strstr(text, "\n- Connection 31: "), "told in full, so not in a line");
	expect(text, "\n- Connection 40: ");
	expect(text, "\n- Connection 29: ");
	cr_expect_lt(strstr(text, "\n## Connection 31: "), strstr(text, "\n## Connection 1: "));
	cr_expect_null(strstr(text, "Left out of this text"));
	free(text);
}
