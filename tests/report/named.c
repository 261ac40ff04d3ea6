/* SPDX-License-Identifier: BSD-3-Clause */
/* report/named.c: of very many files, those that a reader has to open. */
#include "report/named.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/report/example.h"

#define MANY (NAMED_FILES_MAX + 1)

static const char *const paths[MANY] = { "a.pcap", "b|\x1b.pcap", "c.pcap", "d.pcap", "e.pcap",
					 "f.pcap", "g.pcap",      "h.pcap", "i.pcap", "j.pcap",
					 "k.pcap", "l.pcap",      "m.pcap" };

static struct conn conn;
static struct verdict verdict;

/* A connection that ended in the second file, with evidence in the last. */
static char *report(const char *format, size_t inputs)
{
	const struct report_options options = { .inputs = inputs, .paths = paths };

	example_conn(&conn);
	example_verdict(&verdict);
	conn.end.mark.input = 1;
	verdict.evidence[0].mark[0] = (struct mark){ 7, (uint16_t)(inputs - 1) };
	verdict.evidence[0].marks = 1;
	return example_report(format, &options, &conn, &verdict);
}

Test(report_named, each_connection_names_the_files_of_its_frames)
{
	static const char *const formats[] = { "text", "md", "html" };

	for (size_t i = 0; i < 3; i++) {
		char *text = report(formats[i], MANY);

		cr_expect_not_null(strstr(text, "2: b"), "%s:\n%s", formats[i], text);
		cr_expect_not_null(strstr(text, "13: m.pcap"), "%s:\n%s", formats[i], text);
		cr_expect_null(strstr(text, ": c.pcap"), "%s names others:\n%s", formats[i], text);
		example_is_printable(text);
		free(text);
	}
}

Test(report_named, a_few_files_are_listed_once)
{
	char *text = report("md", NAMED_FILES_MAX);

	cr_expect_null(strstr(text, "12: l.pcap"), "%s", text);
	free(text);
}

Test(report_named, files_come_in_their_order_each_once_and_not_too_many)
{
	struct named named;

	example_conn(&conn);
	example_verdict(&verdict);
	verdict.frames = 3;
	verdict.frame[0] = (struct mark){ 1, 9 };
	verdict.frame[1] = (struct mark){ 1, 4 };
	verdict.frame[2] = (struct mark){ 2, 9 };
	named_of(&named, &conn, &verdict);
	cr_assert_geq(named.count, 2);
	for (size_t i = 1; i < named.count; i++)
		cr_expect_gt(named.input[i], named.input[i - 1]);
	cr_expect_eq(named.input[named.count - 1], 9);
	for (uint8_t i = 0; i < VERDICT_EVIDENCE_MAX; i++) {
		verdict.evidence[i].marks = 1;
		verdict.evidence[i].mark[0] = (struct mark){ 1, (uint16_t)(20 + i) };
	}
	verdict.evidences = VERDICT_EVIDENCE_MAX;
	named_of(&named, &conn, &verdict);
	cr_expect_leq(named.count, NAMED_OF_CONN_MAX);
}
