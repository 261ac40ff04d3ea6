/* SPDX-License-Identifier: BSD-3-Clause */
/* schema, tool, inputs, summary: what is known when all is read. */
#include <string.h>

#include "report/json.h"

static void put_tool(cJSON *parent)
{
	cJSON *tool = json_object(parent, "tool");

	json_words(tool, "name", "rstscope");
	json_words(tool, "version", RSTSCOPE_VERSION);
}

/* Reasons are rows of another room; their keys come with the counts. */
static void put_skipped(cJSON *parent, const struct input_total *input)
{
	cJSON *object = json_object(parent, "skipped");

	for (size_t i = 0; i < input->skips; i++)
		json_count(object, input->skipped[i].name, input->skipped[i].count);
}

static void put_input(cJSON *array, const struct input_total *input)
{
	cJSON *object = json_object(array, NULL), *links;

	json_path(object, "file", input->path);
	json_words(object, "format", input->format);
	json_words(object, "compression", input->compression);
	links = json_array(object, "link_types");
	for (size_t i = 0; i < input->link_types; i++)
		json_words(links, NULL, input->link_names[i]);
	json_count(object, "packets", input->packets);
	json_count(object, "bytes", input->bytes);
	if (input->packets != 0) {
		json_time(object, "first", input->first_ns);
		json_time(object, "last", input->last_ns);
	} else {
		json_null(object, "first");
		json_null(object, "last");
	}
	json_words(object, "damaged", input->damaged);
	put_skipped(object, input);
}

/* All of them, also with a count of zero: the keys do not depend on the capture. */
static void put_causes(cJSON *summary, const struct totals *totals)
{
	cJSON *object = json_object(summary, "causes");

	for (int i = 0; i < CAUSE_COUNT; i++)
		json_count(object, cause_name((enum cause_id)i), totals->causes[i]);
}

static bool same_family(int a, int b)
{
	return strcmp(cause_family((enum cause_id)a), cause_family((enum cause_id)b)) == 0;
}

/* In the order of their first cause. */
static void put_families(cJSON *summary, const struct totals *totals)
{
	cJSON *object = json_object(summary, "families");

	for (int i = 0; i < CAUSE_COUNT; i++) {
		uint64_t count = 0;
		int first = 0;

		while (!same_family(first, i))
			first++;
		if (first != i)
			continue;
		for (int k = i; k < CAUSE_COUNT; k++)
			count += same_family(k, i) ? totals->causes[k] : 0;
		json_count(object, cause_family((enum cause_id)i), count);
	}
}

void json_totals(cJSON *object, const struct totals *totals)
{
	cJSON *inputs, *summary;

	json_words(object, "schema", REPORT_SCHEMA);
	put_tool(object);
	inputs = json_array(object, "inputs");
	for (size_t i = 0; i < totals->inputs; i++)
		put_input(inputs, &totals->input[i]);
	json_logs(object, totals);
	summary = json_object(object, "summary");
	json_count(summary, "connections", totals->connections);
	json_count(summary, "judged", totals->judged);
	json_count(summary, "resets", totals->resets);
	put_causes(summary, totals);
	put_families(summary, totals);
	json_count(summary, "evicted", totals->evicted);
	json_count(summary, "judged_early", totals->judged_early);
}
