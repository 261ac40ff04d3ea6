/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One object. The summary stands before the connections but is known after them, so these wait.
 */
#include "report/json.h"

/* One connection a line, so that grep and diff have something to hold on to. */
static void each(struct report *r, const struct conn *conn, const struct verdict *verdict)
{
	cJSON *object = cJSON_CreateObject();

	json_conn(r, object, conn, verdict);
	fputs(r->written++ != 0 ? ",\n" : "\n", r->body);
	json_print(r, r->body, object);
}

static void end(struct report *r, const struct totals *totals)
{
	cJSON *object = cJSON_CreateObject();

	json_totals(object, totals);
	json_print_unclosed(r, r->out, object);
	fputs(",\"connections\":[", r->out);
	report_pour(r);
	fputs("\n],\"capture\":null}\n", r->out); /* only a live capture knows what it lost */
}

const struct format format_json = {
	.name = "json",
	.waits = true,
	.begin = json_begin,
	.each = each,
	.end = end,
};
