/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/report/events.h"

#include <stdlib.h>

/* Frees the text. */
static cJSON *line_of(char *text)
{
	cJSON *line;

	example_is_printable(text);
	cr_assert_eq(strchr(text, '\n'), text + strlen(text) - 1, "not one line:\n%s", text);
	line = cJSON_ParseWithOpts(text, NULL, true);
	cr_assert_not_null(line, "not JSON:\n%s", text);
	free(text);
	return line;
}

cJSON *events_one(const char *format, const struct report_options *options, const struct conn *conn,
		  const struct verdict *verdict)
{
	return line_of(example_report(format, options, conn, verdict));
}

cJSON *events_damage(const char *format)
{
	static const struct report_options none;
	const struct input_total inputs[] = {
		{ .path = "whole.pcap", .packets = 3, .last_ns = EXAMPLE_BEGIN_NS },
		{ .path = "\x1b[2J.pcap", .damaged = "cut after nothing" },
	};
	const struct totals totals = { .input = inputs, .inputs = 2 };
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	cr_assert(report_end(report_begin(format, out, &none), &totals));
	fclose(out);
	return line_of(text);
}

const cJSON *events_find(const cJSON *tree, const char *path)
{
	char copy[128], *rest = copy;
	const char *key;

	strcpy(copy, path);
	while (tree != NULL && (key = strsep(&rest, ".")) != NULL)
		tree = cJSON_GetObjectItemCaseSensitive(tree, key);
	return tree;
}

const cJSON *events_at(const cJSON *tree, const char *path)
{
	const cJSON *found = events_find(tree, path);

	cr_assert_not_null(found, "no %s", path);
	return found;
}

void events_expect(const cJSON *tree, const char *path, const char *wanted)
{
	const char *string = cJSON_GetStringValue(events_at(tree, path));

	cr_assert_not_null(string, "%s is no string", path);
	cr_expect_str_eq(string, wanted, "%s: %s", path, string);
}

void events_expect_no_null(const cJSON *tree)
{
	char *text = cJSON_PrintUnformatted(tree);

	cr_expect_null(strstr(text, "null"), "%s", text);
	free(text);
}
