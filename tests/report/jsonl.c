/* SPDX-License-Identifier: BSD-3-Clause */
#include <cjson/cJSON.h>
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/report/example.h"

/* The lines of a report of so many connections, parsed; the last one is the summary. */
static size_t lines_of(int connections, cJSON **line, size_t max)
{
	static const struct report_options options;
	struct conn conn;
	struct verdict verdict;
	char *text = NULL, *rest, *at;
	size_t len = 0, lines = 0;
	FILE *out = open_memstream(&text, &len);
	struct report *report = report_begin("jsonl", out, &options);

	for (int i = 0; i < connections; i++) {
		example_healthy(&conn, &verdict, (uint64_t)i + 1);
		report_each(report, &conn, &verdict);
	}
	cr_assert(report_end(report, example_totals(0, (uint64_t)connections)));
	fclose(out);
	cr_assert_eq(text[len - 1], '\n');
	text[len - 1] = '\0';
	rest = text;
	while ((at = strsep(&rest, "\n")) != NULL) {
		cr_assert_lt(lines, max);
		line[lines] = cJSON_ParseWithOpts(at, NULL, true);
		cr_assert_not_null(line[lines], "not JSON: %s", at);
		lines++;
	}
	free(text);
	return lines;
}

static const char *type_of(const cJSON *line)
{
	cr_assert_str_eq(line->child->string, "type");
	return line->child->valuestring;
}

Test(report_jsonl, there_is_a_line_for_each_connection_and_one_more)
{
	for (int connections = 0; connections < 6; connections++) {
		cJSON *line[8];
		size_t lines = lines_of(connections, line, 8);

		cr_assert_eq(lines, (size_t)connections + 1);
		for (size_t i = 0; i < lines; i++) {
			cr_expect_str_eq(type_of(line[i]),
					 i + 1 < lines ? "connection" : "summary");
			cJSON_Delete(line[i]);
		}
	}
}

Test(report_jsonl, the_lines_have_what_the_one_object_has)
{
	static const char *const keys[] = {
		"type", "schema", "tool", "inputs", "summary", "capture"
	};
	const cJSON *item;
	cJSON *line[2];
	size_t i = 0;

	cr_assert_eq(lines_of(1, line, 2), 2);
	cr_expect_str_eq(line[0]->child->next->string, "id");
	cr_expect_eq(line[0]->child->next->valuedouble, 1);
	cJSON_ArrayForEach(item, line[1])
	{
		cr_assert_lt(i, 6);
		cr_expect_str_eq(item->string, keys[i]);
		i++;
	}
	cr_expect_eq(i, 6);
	cJSON_Delete(line[0]);
	cJSON_Delete(line[1]);
}
