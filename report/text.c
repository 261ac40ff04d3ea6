/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The report for people: what gets attached to a ticket. Oddly ended connections in full, the
 * others in one line a server, and first of all what was read.
 */
#include "report/text.h"

static void begin(struct report *r)
{
	r->own = healthy_new();
}

static void each(struct report *r, const struct conn *conn, const struct verdict *verdict)
{
	if (r->options.all || !cause_is_healthy(verdict->cause))
		text_conn(r, conn, verdict);
	else
		healthy_add(r->own, conn, verdict->cause);
}

static void end(struct report *r, const struct totals *totals)
{
	text_head(r, totals);
	text_groups(r);
	report_pour(r);
	text_healthy(r, r->own);
	text_totals(r, totals);
}

const struct format format_text = {
	.name = "text",
	.waits = true,
	.begin = begin,
	.each = each,
	.end = end,
};

const char *text_color(const struct report *r, enum color color)
{
	/* ECMA-48 section 8.3.117, the few that every terminal has. */
	static const char *const sequences[] = {
		[COLOR_NONE] = "\033[0m",
		[COLOR_BOLD] = "\033[1m",
		[COLOR_GREEN] = "\033[32m",
		[COLOR_YELLOW] = "\033[33m",
	};

	return r->options.color ? sequences[color] : "";
}

void text_title(const struct report *r, FILE *out, const char *title)
{
	fprintf(out, "\n  %s%s%s\n", text_color(r, COLOR_BOLD), title, text_color(r, COLOR_NONE));
}

void text_add_mark(const struct report *r, struct text *t, struct mark mark)
{
	if (r->options.inputs > 1)
		text_add(t, "%u:", mark.input + 1U);
	text_add(t, "%u", mark.number);
}
