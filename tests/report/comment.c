/* SPDX-License-Identifier: BSD-3-Clause */
/* report/comment.c: what stands beside a frame can be read without the report around it. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/report/example.h"

static const char *const paths[] = { "in/a.pcap", "in/\x1b[31mb.pcap" };
static const struct report_options options = { .inputs = 2, .paths = paths };

#define WORDS_MAX 2048

Test(report_comment, a_verdict_names_its_connection_its_ending_and_its_sentence)
{
	char buffer[WORDS_MAX];
	struct text t = text_in(buffer, sizeof(buffer));
	struct verdict v;
	struct conn conn;

	example_conn(&conn);
	example_verdict(&v);
	v.frames = 1;
	v.frame[0] = (struct mark){ 60, 0 };
	report_comment_verdict(&t, &options, &conn, &v);
	cr_expect_eq(strncmp(buffer, "Connection ", 11), 0);
	cr_expect_not_null(strstr(buffer, " to "), "%s", buffer);
	cr_expect_not_null(strstr(buffer, ending_name(conn.end.ending)), "%s", buffer);
	cr_expect_not_null(strstr(buffer, " %; frame 60 of a.pcap)."), "how sure, and where: %s",
			   buffer);
	example_is_printable(buffer);
}

Test(report_comment, evidence_says_of_which_connection_for_what_and_how_much)
{
	struct conn conn = { .id = 3 };
	struct verdict v = { .cause = CAUSE_idle_timeout, .who = WHO_MIDDLEBOX };
	struct evidence e = { .text = "It was silent.", .decibans = 15, .about = ABOUT_WHY };
	char buffer[WORDS_MAX];
	struct text t = text_in(buffer, sizeof(buffer));

	report_comment_evidence(&t, &conn, &v, &e);
	cr_expect_str_eq(buffer, "Connection 3, why: idle_timeout, +15 decibans: It was silent.");
	t = text_in(buffer, sizeof(buffer));
	e.about = ABOUT_WHO;
	e.decibans = -2;
	report_comment_evidence(&t, &conn, &v, &e);
	cr_expect_str_eq(buffer, "Connection 3, against middlebox, -2 decibans: It was silent.");
}

Test(report_comment, a_frame_is_named_with_its_file_even_if_that_is_the_only_one)
{
	struct report_options one = options;
	char buffer[WORDS_MAX];
	struct text t = text_in(buffer, sizeof(buffer));

	one.inputs = 1;
	report_comment_frame(&t, &one, (struct mark){ 57, 0 });
	cr_expect_str_eq(buffer, "frame 57 of a.pcap");
}

Test(report_comment, a_file_name_cannot_control_a_terminal)
{
	char buffer[WORDS_MAX];
	struct text t = text_in(buffer, sizeof(buffer));

	report_comment_input(&t, &options, 1);
	cr_expect_str_eq(buffer, "\\x1b[31mb.pcap");
}
