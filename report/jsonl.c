/* SPDX-License-Identifier: BSD-3-Clause */
/* One object a line: the connections as they end, then the summary. */
#include "report/json.h"

static void put_line(struct report *r, cJSON *object)
{
	json_print(r, r->out, object);
	putc('\n', r->out);
}

static void each(struct report *r, const struct conn *conn, const struct verdict *verdict)
{
	cJSON *object = cJSON_CreateObject();

	json_words(object, "type", "connection");
	json_conn(r, object, conn, verdict);
	put_line(r, object);
}

static void end(struct report *r, const struct totals *totals)
{
	cJSON *object = cJSON_CreateObject();

	json_words(object, "type", "summary");
	json_totals(object, totals);
	json_capture(object, totals);
	put_line(r, object);
}

const struct format format_jsonl = {
	.name = "jsonl",
	.waits = false,
	.begin = json_begin,
	.each = each,
	.end = end,
};
