/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/sink_metrics.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/report/example.h"

static char *printed(const struct metrics *m)
{
	static const struct sinks none;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	metrics_print(m, &none, out);
	fclose(out);
	example_is_printable(text);
	return text;
}

/* A whole line. */
static bool has(const char *text, const char *line)
{
	size_t len = strlen(line);

	for (const char *at = strstr(text, line); at != NULL; at = strstr(at + 1, line)) {
		if ((at == text || at[-1] == '\n') && at[len] == '\n')
			return true;
	}
	return false;
}

static void judge(struct metrics *m, int64_t idle_ns, int64_t rtt_ns)
{
	struct conn conn;
	struct verdict v;

	example_conn(&conn);
	example_verdict(&v);
	conn.end.idle_before_ns = idle_ns;
	conn.peer[CLIENT].rtt_min_ns = rtt_ns / 2;
	conn.peer[SERVER].rtt_min_ns = rtt_ns / 2;
	metrics_count(m, &conn, &v);
}

Test(report_sink_metrics_text, a_value_on_the_limit_is_within_it)
{
	struct metrics m = { 0 };
	char *text;

	judge(&m, 60 * NS_PER_S, 1000 * NS_PER_MS);
	judge(&m, 60 * NS_PER_S + 1, 1000 * NS_PER_MS + 2);
	judge(&m, INT64_C(1000000) * NS_PER_S, 500 * NS_PER_US);
	text = printed(&m);
	cr_expect(has(text, "rstscope_idle_before_end_seconds_bucket{le=\"30.0\"} 0"));
	cr_expect(has(text, "rstscope_idle_before_end_seconds_bucket{le=\"60.0\"} 1"));
	cr_expect(has(text, "rstscope_idle_before_end_seconds_bucket{le=\"120.0\"} 2"));
	cr_expect(has(text, "rstscope_idle_before_end_seconds_bucket{le=\"86400.0\"} 2"));
	cr_expect(has(text, "rstscope_idle_before_end_seconds_bucket{le=\"+Inf\"} 3"));
	cr_expect(has(text, "rstscope_idle_before_end_seconds_sum 1000120.000000001"));
	cr_expect(has(text, "rstscope_rtt_seconds_bucket{le=\"0.0005\"} 1"));
	cr_expect(has(text, "rstscope_rtt_seconds_bucket{le=\"0.5\"} 1"));
	cr_expect(has(text, "rstscope_rtt_seconds_bucket{le=\"1.0\"} 2"));
	cr_expect(has(text, "rstscope_rtt_seconds_count 3"));
	free(text);
}

Test(report_sink_metrics_text, what_was_not_measured_is_in_no_histogram)
{
	struct metrics m = { 0 };
	struct conn conn;
	struct verdict v;
	char *text;

	example_conn(&conn);
	example_verdict(&v);
	conn.end.ending = ENDING_open;
	conn.peer[SERVER].rtt_min_ns = 0;
	metrics_count(&m, &conn, &v);
	text = printed(&m);
	cr_expect(has(text, "rstscope_connections_total 1"));
	cr_expect(has(text, "rstscope_rtt_seconds_count 0"));
	cr_expect(has(text, "rstscope_idle_before_end_seconds_count 0"));
	free(text);
}

Test(report_sink_metrics_text, verdicts_are_counted_by_cause_and_who_from_zero_on)
{
	struct metrics m = { 0 };
	char *text;

	judge(&m, 0, 0);
	judge(&m, 0, 0);
	text = printed(&m);
	cr_expect(has(text, "rstscope_verdicts_total{cause=\"idle_timeout\",who=\"middlebox\"} 2"));
	cr_expect(has(text, "rstscope_verdicts_total{cause=\"idle_timeout\",who=\"server\"} 0"));
	cr_expect(has(text, "rstscope_resets_total 2"));
	cr_expect(has(text, "# EOF"));
	cr_expect_str_eq(text + strlen(text) - strlen("\n# EOF\n"), "\n# EOF\n");
	free(text);
}

Test(report_sink_metrics_text, drops_that_are_not_known_are_absent)
{
	struct metrics m = { .has_live = true,
			     .live = { .interface = { { .name = "eth0" }, { .name = "eth1" } },
				       .interfaces = 2 } };
	char *text;

	m.live.interface[1].dropped_by_interface_known = true;
	text = printed(&m);
	cr_expect(has(text, "rstscope_frames_dropped_total{interface=\"eth0\",by=\"kernel\"} 0"));
	cr_expect_null(strstr(text, "{interface=\"eth0\",by=\"interface\"}"));
	cr_expect(
		has(text, "rstscope_frames_dropped_total{interface=\"eth1\",by=\"interface\"} 0"));
	free(text);
	m.has_live = false;
	text = printed(&m);
	cr_expect_null(strstr(text, "frames"), "without a capture nothing is known of one");
	free(text);
}
