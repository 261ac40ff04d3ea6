/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "tests/report/example.h"

/* A report of three connections of one cause that have these remedies, NULL: the example's. */
static char *report_of(const struct remedy *const remedies[3])
{
	static const struct report_options options;
	static struct conn conn;
	static struct verdict verdict;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct report *report = report_begin("jsonl", out, &options);

	for (int i = 0; i < 3; i++) {
		example_conn(&conn);
		example_verdict(&verdict);
		if (remedies[i] != NULL)
			verdict.remedy = remedies[i];
		report_each(report, &conn, &verdict);
	}
	cr_assert(report_end(report, example_totals(3, 0)));
	fclose(out);
	return text;
}

static int count_of(const char *text, const char *part)
{
	int count = 0;

	for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part))
		count++;
	return count;
}

#define KEEPALIVE                                                                                  \
	"\"remedy\":{\"text\":\"Let SSH send a keepalive more often than every 350 s.\",\"why\":"

Test(report_json_remedy, each_of_one_cause_has_all_of_it)
{
	char *text = report_of((const struct remedy *const[3]){ NULL, NULL, NULL });

	cr_expect_eq(count_of(text, KEEPALIVE), 3);
	cr_expect_eq(count_of(text, "{\"where\":\"network\",\"text\":\"Or raise the idle timeout "
				    "of the box.\",\"command\":null}]},\"limits\":"),
		     3);
	free(text);
}

Test(report_json_remedy, another_one_is_not_taken_for_that_of_the_same_cause)
{
	struct remedy other = { .text = "Something else.", .why = "For a reason." };
	char *text = report_of((const struct remedy *const[3]){ NULL, &other, NULL });

	cr_expect_eq(count_of(text, KEEPALIVE), 2);
	cr_expect_eq(count_of(text, "\"remedy\":{\"text\":\"Something else.\",\"why\":\"For a "
				    "reason.\",\"steps\":[]}"),
		     1);
	free(text);
}

Test(report_json_remedy, one_that_is_too_long_to_be_kept_is_whole_all_the_same)
{
	static char text[4][4000];
	struct remedy remedy = { .text = text[0], .why = text[1] };
	char *report;

	for (int i = 0; i < 4; i++)
		memset(text[i], 'x', 1000);
	remedy.step[0] = (struct remedy_step){ WHERE_CLIENT, text[2], text[3] };
	for (int i = 1; i < REMEDY_STEPS_MAX; i++)
		remedy.step[i] = remedy.step[0];
	report = report_of((const struct remedy *const[3]){ &remedy, &remedy, NULL });
	cr_expect_eq(count_of(report, text[0]), 2 * (2 + 2 * REMEDY_STEPS_MAX));
	cr_expect_eq(count_of(report, KEEPALIVE), 1);
	free(report);
}
