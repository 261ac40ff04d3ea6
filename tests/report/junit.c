/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "tests/report/example.h"

static struct conn conn;
static struct verdict verdict;

static void expect_in(const struct report_options *options, const char *wanted)
{
	char *text = example_report("junit", options, &conn, &verdict);

	cr_expect_not_null(strstr(text, wanted), "%s is not in:\n%s", wanted, text);
	free(text);
}

static void expect_absent(const struct report_options *options, const char *unwanted)
{
	char *text = example_report("junit", options, &conn, &verdict);

	cr_expect_null(strstr(text, unwanted), "%s is in:\n%s", unwanted, text);
	free(text);
}

Test(report_junit, a_connection_is_a_test_case)
{
	example_conn(&conn);
	example_verdict(&verdict);
	expect_in(NULL, "<testcase name=\"3: 198.51.100.7:51514 to 192.0.2.10:22\" "
			"classname=\"rstscope.connection\" time=\"352.834000000\"/>");
	expect_in(NULL, " tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\" "
			"timestamp=\"2026-11-04T09:45:27\" time=\"1004.000000000\">");
	expect_in(NULL, "<property name=\"input\" value=\"bastion.pcap\"/>");
	expect_in(NULL, "<system-out>1 connection, 1 reset</system-out>");
}

Test(report_junit, a_test_case_fails_by_fail_on_alone)
{
	struct report_options options = { .fail_on = { .reset = true } };

	example_conn(&conn);
	example_verdict(&verdict);
	expect_absent(NULL, "<failure");
	expect_in(&options, " failures=\"1\"");
	expect_in(&options, "\" type=\"idle_timeout\">A box on the path");
	expect_in(&options, "What to do: Let SSH send a keepalive");
	expect_in(&options, "the client&apos;s next one");
	conn.end.ending = ENDING_closed;
	expect_absent(&options, "<failure");
	options.fail_on = (struct fail_on){ .cause = { [CAUSE_server_crash] = true } };
	expect_absent(&options, "<failure");
	options.fail_on.cause[CAUSE_idle_timeout] = true;
	expect_in(&options, " failures=\"1\"");
}

Test(report_junit, one_that_goes_on_is_skipped_unless_that_is_the_failure)
{
	struct report_options options = { .fail_on = { .cause = { [CAUSE_still_open] = true } } };

	example_conn(&conn);
	example_verdict(&verdict);
	conn.end.ending = ENDING_open;
	verdict.cause = CAUSE_still_open;
	expect_in(NULL, "><skipped/></testcase>");
	expect_in(NULL, " skipped=\"1\"");
	expect_in(&options, " failures=\"1\" errors=\"0\" skipped=\"0\"");
	expect_absent(&options, "<skipped/>");
}

/* Else a capture that is cut after its first frame would be a suite that passed. */
Test(report_junit, damage_is_an_error)
{
	static const struct report_options options;
	static const struct input_total inputs[] = {
		{ .path = "good.pcap",
		  .packets = 2,
		  .first_ns = 7 * NS_PER_S,
		  .last_ns = 9 * NS_PER_S },
		{ .path = "a\"<\n\\.pcap", .damaged = "cut & gone" },
	};
	static const struct totals totals = { .input = inputs, .inputs = 2 };
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	cr_assert(report_end(report_begin("junit", out, &options), &totals));
	fclose(out);
	cr_expect_not_null(strstr(text, " tests=\"1\" failures=\"0\" errors=\"1\""), "%s", text);
	cr_expect_not_null(strstr(text, "timestamp=\"1970-01-01T00:00:07\" time=\"2.000000000\""));
	cr_expect_not_null(strstr(text, "<testcase name=\"a&quot;&lt;\\x0a\\\\.pcap\" "
					"classname=\"rstscope.input\" time=\"0\">"
					"<error message=\"cut &amp; gone\" type=\"damaged\"/>"),
			   "%s", text);
	free(text);
}

Test(report_junit, nothing_read_is_an_empty_suite)
{
	static const struct report_options options;
	static const struct totals totals;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	cr_assert(report_end(report_begin("junit", out, &options), &totals));
	fclose(out);
	cr_expect_not_null(strstr(text, "timestamp=\"1970-01-01T00:00:00\" time=\"0.000000000\""));
	cr_expect_not_null(strstr(text, " tests=\"0\""));
	free(text);
}
