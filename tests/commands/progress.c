/* SPDX-License-Identifier: BSD-3-Clause */
#include "commands/progress.h"

#include <criterion/criterion.h>

#include "base/clock.h"

static const char *said(uint64_t read, uint64_t total, int64_t elapsed_ns)
{
	static char line[96];
	struct text t = text_in(line, sizeof(line));

	progress_add(&t, (struct capture_course){ read, total }, elapsed_ns);
	return line;
}

Test(commands_progress, it_says_percent_rate_and_the_time_left)
{
	cr_expect_str_eq(said(25000000, 100000000, 2 * NS_PER_S), "25 %, 12.5 MB/s, 7 s left");
	cr_expect_str_eq(said(1000000, 3601000000, NS_PER_S), "0 %, 1.0 MB/s, 61 min left");
}

Test(commands_progress, it_says_100_only_when_all_is_read)
{
	cr_expect_str_eq(said(999999999, 1000000000, NS_PER_S), "99 %, 1000.0 MB/s, 1 s left");
	cr_expect_str_eq(said(1000000000, 1000000000, NS_PER_S), "100 %, 1000.0 MB/s, 1 s left");
}

Test(commands_progress, of_a_pipe_only_what_was_read_is_known)
{
	cr_expect_str_eq(said(12300000, 0, 2 * NS_PER_S), "12.3 MB read");
}

Test(commands_progress, nothing_read_promises_nothing)
{
	cr_expect_str_eq(said(0, 1000, 2 * NS_PER_S), "0 %, 0.0 MB/s");
	cr_expect_str_eq(said(10, 1000, 0), "1 %, 0.0 MB/s");
}
