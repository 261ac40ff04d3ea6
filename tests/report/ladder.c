/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/ladder.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "tests/report/example.h"

static struct conn conn;
static struct verdict verdict;
static struct rung rungs[LADDER_RUNGS_MAX];

static size_t example_ladder(void)
{
	example_conn(&conn);
	example_verdict(&verdict);
	return ladder_of(&conn, &verdict, rungs);
}

static char *drawn(size_t count)
{
	static const struct report report;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	ladder_draw(&report, out, "", rungs, count);
	fclose(out);
	return text;
}

static void expect(const char *text, const char *part)
{
	cr_expect_not_null(strstr(text, part), "no \"%s\" in:\n%s", part, text);
}

Test(report_ladder, a_reset_of_a_device_starts_between_the_ends)
{
	size_t count = example_ladder();

	cr_assert_gt(count, 3);
	cr_expect_eq(rungs[count - 1].from, LANE_NETWORK);
	cr_expect_eq(rungs[count - 1].to, LANE_CLIENT);
	cr_expect(rungs[count - 1].ending);
	cr_expect_eq(rungs[count - 3].kind, RUNG_SILENCE);
	cr_expect_str_eq(rungs[count - 3].label, "352 s of silence");
}

Test(report_ladder, a_reset_of_the_server_starts_at_the_server)
{
	size_t count;

	example_conn(&conn);
	example_verdict(&verdict);
	verdict.who = WHO_SERVER;
	count = ladder_of(&conn, &verdict, rungs);
	cr_expect_eq(rungs[count - 1].from, LANE_SERVER);
}

Test(report_ladder, what_is_repeated_without_an_answer_does_not_arrive)
{
	size_t count;

	example_conn(&conn);
	example_verdict(&verdict);
	conn.peer[CLIENT].pending =
		(struct pending){ .mark = { .number = 73 },
				  .repeats = 3,
				  .time_ns = conn.first_ns + 400000 * NS_PER_MS };
	example_event(&conn, EVENT_RETRANSMISSION, FROM_CLIENT, 74, 400200, 3, 52);
	count = ladder_of(&conn, &verdict, rungs);
	cr_expect(rungs[count - 1].lost);
	cr_expect_eq(rungs[count - 1].to, LANE_NETWORK);
	cr_expect_not(rungs[count - 3].lost, "that was before");
}

Test(report_ladder, much_talk_is_one_rung_but_for_its_last_words)
{
	size_t count;

	example_conn(&conn);
	example_verdict(&verdict);
	conn.timeline.total = 3;
	for (uint32_t i = 0; i < 12; i++)
		example_event(&conn, EVENT_DATA, i % 2 ? FROM_SERVER : FROM_CLIENT, 10 + i, 100 + i,
			      1, 36);
	count = ladder_of(&conn, &verdict, rungs);
	cr_assert_eq(count, 6);
	cr_expect_str_eq(rungs[3].label, "10 segments of data both ways, 360 B");
	cr_expect_eq(rungs[3].mark.number, 10);
	cr_expect_eq(rungs[5].from, LANE_SERVER);
}

Test(report_ladder, a_long_course_fits_on_a_screen_and_says_what_is_left_out)
{
	size_t count;
	uint64_t told = 0;

	example_conn(&conn);
	example_verdict(&verdict);
	conn.timeline.total = 0;
	for (uint32_t i = 0; i < 500; i++)
		example_event(&conn, i % 2 ? EVENT_ZERO_WINDOW : EVENT_KEEPALIVE, FROM_SERVER,
			      i + 1, i, 1, 0);
	count = ladder_of(&conn, &verdict, rungs);
	cr_assert_leq(count, LADDER_RUNGS_MAX);
	for (size_t i = 0; i < count; i++)
		told += rungs[i].events;
	cr_expect_eq(told, 500, "told %llu", (unsigned long long)told);
}

Test(report_ladder, lines_are_printable_and_fit_a_terminal)
{
	char *text;
	size_t count = example_ladder();

	memset(rungs[4].label, '`', RUNG_LABEL_MAX - 1);
	text = drawn(count);
	example_is_printable(text);
	cr_expect_leq(example_widest(text), EXAMPLE_COLUMNS);
	expect(text, "|---------------------- SYN ---------------------->|\n");
	expect(text, "|<------------------- SYN ACK ---------------------|\n");
	expect(text, "352 s of silence");
	expect(text, "|<--------- RST ----------#                        | !\n");
	free(text);
}
