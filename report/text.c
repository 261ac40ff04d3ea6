/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The report for people: what gets attached to a ticket. First of all what was read; then what many
 * have in common, the worst of the odd ones in full, and the others in one line a server.
 */
#include "report/text.h"

#include <inttypes.h>

#include "base/die.h"
#include "report/words.h"
#include "report/worst.h"
#include "report/wrap.h"

struct own {
	struct healthy healthy;
	struct worst worst;
};

static void begin(struct report *r)
{
	r->own = xcalloc(1, sizeof(struct own));
}

static bool count(struct report *r, const struct conn *conn, const struct verdict *verdict)
{
	struct own *own = r->own;

	if (r->options.all)
		return true;
	if (!cause_is_healthy(verdict->cause))
		return worst_count(r, &own->worst, conn);
	healthy_add(&own->healthy, conn, verdict->cause);
	return false;
}

static void each(struct report *r, const struct conn *conn, const struct verdict *verdict)
{
	struct own *own = r->own;
	long from = ftell(r->body);

	text_conn(r, conn, verdict);
	if (!r->options.all)
		worst_told(&own->worst, r, conn->id, from);
}

static void put_rest(struct report *r, uint64_t rest)
{
	char buffer[160];
	struct text t = text_in(buffer, sizeof(buffer));

	words_add_counted(&t, rest, "more connection");
	text_add(&t, " ended oddly, and %s counted above; --all tells each in full",
		 rest == 1 ? "is" : "are");
	text_title(r, r->out, buffer);
}

static void put_worst(struct report *r, const struct worst *worst)
{
	const struct part *chosen[WORST_SHOWN];
	size_t count = worst_choose(worst, r->groups, chosen);

	for (size_t i = 0; i < count; i++)
		report_pour_part(r, chosen[i]->from, chosen[i]->len);
	if (count < worst->odd)
		put_rest(r, worst->odd - count);
}

static void end(struct report *r, const struct totals *totals)
{
	struct own *own = r->own;

	text_head(r, totals);
	text_groups(r);
	if (r->options.all)
		report_pour(r);
	else
		put_worst(r, &own->worst);
	text_healthy(r, &own->healthy);
	text_totals(r, totals);
}

const struct format format_text = {
	.name = "text",
	.waits = true,
	.begin = begin,
	.count = count,
	.each = each,
	.end = end,
};

const char *text_color(const struct report *r, enum color color)
{
	/* ECMA-48 section 8.3.117, the few that every terminal has. */
	static const char *const sequences[] = {
		[COLOR_NONE] = "\033[0m",    [COLOR_BOLD] = "\033[1m",   [COLOR_GREEN] = "\033[32m",
		[COLOR_YELLOW] = "\033[33m", [COLOR_RED] = "\033[1;31m",
	};

	return r->options.color ? sequences[color] : "";
}

void text_title(const struct report *r, FILE *out, const char *title)
{
	char line[512];
	struct text t = text_in(line, sizeof(line));

	text_add(&t, "\n  %s%s%s\n", text_color(r, COLOR_BOLD), title, text_color(r, COLOR_NONE));
	fwrite(line, 1, t.len, out);
}

void text_wrap(const struct report *r, FILE *out, const char *lead, const char *words)
{
	wrap_in(out, r->options.columns, lead, words);
}

void text_add_mark(const struct report *r, struct text *t, struct mark mark)
{
	if (r->options.inputs > 1)
		text_add(t, "%u:", mark.input + 1U);
	text_add(t, "%u", mark.number);
}

void text_add_marks(const struct report *r, struct text *t, const struct evidence *e)
{
	const char *between = "";

	for (uint8_t i = 0; i < e->marks; i++) {
		if (e->mark[i].number == 0)
			continue;
		text_add(t, "%s", between);
		text_add_mark(r, t, e->mark[i]);
		between = ", ";
	}
}
