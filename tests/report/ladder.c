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

static char *drawn_as(size_t count, bool unicode, bool color)
{
	const struct report report = {
		.options = { .columns = EXAMPLE_COLUMNS, .unicode = unicode, .color = color }
	};
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	ladder_draw(&report, out, rungs, count);
	fclose(out);
	return text;
}

static char *drawn(size_t count)
{
	return drawn_as(count, false, false);
}

static void expect(const char *text, const char *part)
{
	cr_expect_not_null(strstr(text, part), "no \"%s\" in:\n%s", part, text);
}

Test(report_ladder, a_reset_of_a_device_starts_between_the_ends)
{
	size_t count = example_ladder();

	cr_assert_gt(count, 3);
	cr_expect_eq(rungs[count - 1].from, LANE_MIDDLE);
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
	cr_expect_eq(rungs[count - 1].to, LANE_MIDDLE);
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

Test(report_ladder, every_kind_of_event_has_its_words)
{
	for (int kind = 0; kind < EVENT_COUNT; kind++) {
		size_t count;

		example_conn(&conn);
		example_verdict(&verdict);
		EXAMPLE_PUT(conn.ssh.half[CLIENT].identification, "SSH-2.0-a");
		conn.timeline.total = 0;
		example_event(&conn, (enum event_kind)kind, FROM_CLIENT, 9, 1, 1, 1);
		count = ladder_of(&conn, &verdict, rungs);
		cr_assert_eq(count, 1);
		cr_expect_gt(strlen(rungs[0].label), 1, "kind %d", kind);
	}
}

Test(report_ladder, a_reset_besides_the_one_that_ended_it_is_its_senders_own)
{
	size_t count;

	example_conn(&conn);
	example_verdict(&verdict);
	conn.peer[CLIENT].ttl_samples = 3;
	conn.peer[CLIENT].ttl_min = conn.peer[CLIENT].ttl_max = 64;
	conn.resets_kept = 1;
	conn.reset[0] =
		(struct reset){ .from = CLIENT, .seen = { .mark = { .number = 80 }, .ttl = 64 } };
	example_event(&conn, EVENT_RESET, FROM_CLIENT, 80, 353000, 1, 0);
	count = ladder_of(&conn, &verdict, rungs);
	cr_expect_eq(rungs[count - 1].from, LANE_CLIENT);
	conn.reset[0].seen.ttl = 61;
	ladder_of(&conn, &verdict, rungs);
	cr_expect_eq(rungs[count - 1].from, LANE_MIDDLE, "the client is not that far away");
}

Test(report_ladder, the_longest_silence_is_a_gap)
{
	size_t count = example_ladder();
	char *text, *gap, room[128];

	snprintf(room, sizeof(room), "%26s:%50s:\n", "", "");
	text = drawn(count);
	gap = strstr(text, room);
	cr_assert_not_null(gap, "%s", text);
	cr_expect_not_null(strstr(gap + 1, room), "before it and after it");
	cr_expect_null(strstr(strstr(gap + 1, room) + 1, room));
	free(text);
}

Test(report_ladder, lines_of_unicode_leave_the_words_alone)
{
	char *text;
	size_t count = example_ladder();

	strcpy(rungs[0].label, "a-b|c<d>X#:");
	text = drawn_as(count, true, false);
	expect(text, " a-b|c<d>X#: ");
	expect(text, "\u2502\u25c0\u2500\u2500");
	expect(text, " RST \u2500");
	expect(text, "\u2500\u25cf ");
	free(text);
}

Test(report_ladder, colour_repeats_what_a_sign_says)
{
	char *plain, *text;
	size_t count = example_ladder();

	plain = drawn(count);
	text = drawn_as(count, false, true);
	expect(text, "\033[1;31m|<--------- RST ----------#                        | !\033[0m\n");
	expect(text, "\033[33m:");
	expect(plain, "| !\n");
	for (char *at = text, *to = text; *at != '\0' || (*to = '\0') != '\0';) {
		if (*at == '\033')
			at += strcspn(at, "m") + 1;
		else
			*to++ = *at++;
	}
	cr_expect_str_eq(text, plain, "without colour nothing is lost");
	free(text);
	free(plain);
}
