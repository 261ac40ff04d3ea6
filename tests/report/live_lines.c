/* SPDX-License-Identifier: BSD-3-Clause */
/* What is on a terminal while a capture runs: a page a second, and never a wait. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "report/live_lines.h"
#include "tests/report/example.h"

TestSuite(report_live_lines);

struct reader {
	int fd[2];
	struct live_lines *lines;
	struct conn conn;
	struct verdict verdict;
	char text[65536];
};

static struct reader *begin(bool all)
{
	struct reader *r = calloc(1, sizeof(*r));

	cr_assert_eq(pipe(r->fd), 0);
	fcntl(r->fd[0], F_SETFL, O_NONBLOCK);
	r->lines = live_lines_new(r->fd[1], all);
	example_conn(&r->conn);
	example_verdict(&r->verdict);
	return r;
}

static void end(struct reader *r)
{
	live_lines_free(r->lines);
	close(r->fd[0]);
	close(r->fd[1]);
	free(r);
}

/* All that was written since the last time. */
static const char *read_all(struct reader *r)
{
	ssize_t len = read(r->fd[0], r->text, sizeof(r->text) - 1);

	r->text[len > 0 ? len : 0] = '\0';
	return r->text;
}

static size_t count_lines(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += *text == '\n';
	return count;
}

static void judged(struct reader *r, int64_t now_ns, uint32_t times)
{
	for (uint32_t i = 0; i < times; i++)
		live_lines_judged(r->lines, now_ns, &r->conn, &r->verdict, "");
}

Test(report_live_lines, a_verdict_is_one_line_with_all_that_a_ticket_needs)
{
	struct reader *r = begin(false);
	const char *text;

	live_lines_judged(r->lines, 0, &r->conn, &r->verdict, "a note");
	text = read_all(r);
	cr_expect_eq(count_lines(text), 1);
	cr_expect_not_null(strstr(text, " UTC  "));
	cr_expect_not_null(strstr(text, "  idle_timeout: "));
	cr_expect_not_null(strstr(text, r->verdict.who == WHO_MIDDLEBOX ? " %" : "?"));
	cr_expect_not_null(strstr(text, " [a note]\n"));
	example_is_printable(text);
	end(r);
}

Test(report_live_lines, what_ended_well_is_told_only_when_asked_for)
{
	for (int all = 0; all < 2; all++) {
		struct reader *r = begin(all == 1);

		example_healthy(&r->conn, &r->verdict, 1);
		judged(r, 0, 1);
		cr_expect_eq(count_lines(read_all(r)), (size_t)all);
		end(r);
	}
}

Test(report_live_lines, what_is_open_at_the_end_is_told)
{
	struct reader *r = begin(false);

	r->verdict.cause = CAUSE_still_open;
	judged(r, 0, 1);
	cr_expect_eq(count_lines(read_all(r)), 1);
	r->conn.judged_early = true;
	judged(r, 0, 1);
	cr_expect_eq(count_lines(read_all(r)), 0);
	end(r);
}

Test(report_live_lines, a_storm_is_a_page_a_second_and_nothing_is_forgotten)
{
	struct reader *r = begin(false);

	judged(r, 5 * NS_PER_S, LIVE_LINES_A_SECOND + 1234);
	cr_expect_eq(count_lines(read_all(r)), LIVE_LINES_A_SECOND);
	live_lines_tick(r->lines, 5 * NS_PER_S + NS_PER_S / 2);
	cr_expect_str_empty(read_all(r), "a second is not over");
	live_lines_tick(r->lines, 6 * NS_PER_S);
	cr_expect_str_eq(read_all(r), "and 1,234 more verdicts like that: idle_timeout\n");
	judged(r, 7 * NS_PER_S, 1);
	cr_expect_eq(count_lines(read_all(r)), 1);
	end(r);
}

Test(report_live_lines, what_is_left_out_is_not_called_alike_when_it_is_not)
{
	struct reader *r = begin(false);

	judged(r, 0, LIVE_LINES_A_SECOND + 1);
	r->verdict.cause = CAUSE_server_crash;
	judged(r, 0, 1);
	r->verdict.cause = CAUSE_idle_timeout;
	judged(r, 0, 1);
	read_all(r);
	live_lines_tick(r->lines, NS_PER_S);
	cr_expect_str_eq(read_all(r), "and 3 more verdicts, of different causes\n");
	end(r);
}

Test(report_live_lines, who_does_not_read_is_not_waited_for, .timeout = 20)
{
	struct reader *r = begin(false);
	size_t lines = 0, told;

	for (int64_t s = 0; s < 1000; s++)
		judged(r, s * NS_PER_S, LIVE_LINES_A_SECOND);
	for (const char *text = read_all(r); *text != '\0'; text = read_all(r))
		lines += count_lines(text);
	live_lines_tick(r->lines, 1001 * NS_PER_S);
	cr_assert_eq(sscanf(read_all(r), "and %zu,%*u more", &told), 1);
	cr_expect_lt(lines, 1000 * LIVE_LINES_A_SECOND);
	cr_expect_eq(told, (1000 * LIVE_LINES_A_SECOND - lines) / 1000);
	cr_expect(live_lines_good(r->lines));
	end(r);
}

Test(report_live_lines, a_full_disk_is_a_failure)
{
	int fd = open("/dev/full", O_WRONLY);
	struct live_lines *lines = live_lines_new(fd, false);
	struct conn conn;
	struct verdict verdict;

	example_conn(&conn);
	example_verdict(&verdict);
	live_lines_judged(lines, 0, &conn, &verdict, "");
	cr_expect_not(live_lines_good(lines));
	live_lines_free(lines);
	close(fd);
}

Test(report_live_lines, the_end_says_what_was_lost_and_what_is_not_known)
{
	struct reader *r = begin(false);
	struct live_counts counts = { .seen = 12034,
				      .dropped_by_kernel = 7,
				      .evicted = 3,
				      .link_down_ns = 3 * NS_PER_S,
				      .gaps = 1,
				      .gap_ns = 2 * NS_PER_S,
				      .clock_steps = 4 };
	struct totals totals = *example_totals(1, 2);
	const char *text;

	totals.capture = &counts;
	live_lines_end(r->lines, &counts, &totals);
	text = read_all(r);
	cr_expect_not_null(strstr(text, "12,034 frames seen, 7 dropped by the kernel"));
	cr_expect_not_null(strstr(text, "an unknown number by the interface"));
	cr_expect_not_null(strstr(text, "link down for 3.0 s; not running for 2.0 s"));
	cr_expect_not_null(strstr(text, "the clock was set 4 times"));
	cr_expect_not_null(strstr(text, "3 SSH connections, "));
	cr_expect_not_null(strstr(text, "1 idle_timeout"));
	cr_expect_not_null(strstr(text, "; 3 flows made room, 0 judged early"));
	counts.dropped_by_interface_known = true;
	live_lines_end(r->lines, &counts, &totals);
	cr_expect_not_null(strstr(read_all(r), ", 0 by the interface"));
	end(r);
}
