/* SPDX-License-Identifier: BSD-3-Clause */
#include <cjson/cJSON.h>
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/clock.h"
#include "report/json.h"
#include "report/live_counts.h"

static void expect_printed(const struct live_counts *counts, const char *expected)
{
	const struct totals totals = { .capture = counts };
	cJSON *object = cJSON_CreateObject();
	char *text;

	json_capture(object, &totals);
	text = cJSON_PrintUnformatted(object);
	cr_expect_str_eq(text, expected);
	free(text);
	cJSON_Delete(object);
}

Test(report_json_capture, of_a_file_nothing_is_known)
{
	expect_printed(NULL, "{\"capture\":null}");
}

Test(report_json_capture, what_is_not_known_is_null_and_never_0)
{
	struct live_counts counts = { .seen = 5,
				      .dropped_by_kernel = 2,
				      .dropped_by_interface = 3,
				      .link_down_ns = 1500 * NS_PER_MS };

	expect_printed(&counts, "{\"capture\":{\"seen\":5,\"dropped_by_kernel\":2,"
				"\"dropped_by_interface\":null,\"link_down_s\":1.5}}");
	counts.dropped_by_interface_known = true;
	expect_printed(&counts, "{\"capture\":{\"seen\":5,\"dropped_by_kernel\":2,"
				"\"dropped_by_interface\":3,\"link_down_s\":1.5}}");
}
