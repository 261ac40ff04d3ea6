/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/json_event.h"

#include <stdlib.h>

#include "base/clock.h"
#include "tests/report/events.h"

static struct conn conn;
static struct verdict verdict;

/* A store that sees 1 first takes the field for integers, and drops what follows the point later. */
Test(report_json_event, numbers_that_can_have_a_fraction_have_one)
{
	static const char *const formats[] = { "ecs", "ocsf" };

	for (size_t i = 0; i < 2; i++) {
		char *text;

		example_conn(&conn);
		example_verdict(&verdict);
		verdict.confidence = 1;
		conn.end.idle_before_ns = 3 * NS_PER_S;
		text = example_report(formats[i], NULL, &conn, &verdict);
		cr_expect_not_null(strstr(text, "\"confidence\":1.0000,"), "%s", text);
		cr_expect_not_null(strstr(text, "\"idle_before_end_s\":3.000000000,"), "%s", text);
		free(text);
	}
}

Test(report_json_event, ours_has_the_verdict_and_what_it_rests_on)
{
	static const char *const paths[] = { "a.pcap", "b.pcap" };
	static const struct report_options two = { .inputs = 2, .paths = paths };
	cJSON *line;

	example_conn(&conn);
	example_verdict(&verdict);
	verdict.frames = 1;
	verdict.frame[0] = (struct mark){ .number = 71, .input = 1 };
	line = events_one("ecs", &two, &conn, &verdict);
	events_expect(line, "rstscope.who", "middlebox");
	events_expect(line, "rstscope.cause", "idle_timeout");
	events_expect(line, "rstscope.sure", "likely");
	cr_expect_eq(cJSON_GetArraySize(events_at(line, "rstscope.evidence")), 2);
	cr_expect_eq(cJSON_GetArraySize(events_at(line, "rstscope.against")), 1);
	cr_expect_eq(events_at(line, "rstscope.frames")->child->valueint, 71);
	cr_expect_str_eq(events_at(line, "rstscope.files")->child->valuestring, "b.pcap");
	cJSON_Delete(line);
	line = events_one("ecs", NULL, &conn, &verdict);
	cr_expect_null(events_find(line, "rstscope.files"));
	cJSON_Delete(line);
}
