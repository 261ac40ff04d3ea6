/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which of many odd connections are told in full: examples of the gravest groups, in turn, so that one
 * large group does not hide the next. A thousand connections stay a page; the groups count the rest.
 */
#include <inttypes.h>

#include "report/text.h"
#include "report/words.h"

/* A handful is told whatever it is; of more, only examples can be asked for at the end. */
bool worst_count(const struct report *r, struct worst *worst, const struct conn *conn)
{
	worst->odd++;
	return worst->count < WORST_MAX &&
	       (worst->odd <= TEXT_HANDFUL || groups_has_example(r->groups, conn->id));
}

void worst_tell(struct report *r, struct worst *worst, const struct conn *conn,
		const struct verdict *v)
{
	long from = ftell(r->body);

	text_conn(r, conn, v);
	worst->told[worst->count].id = conn->id;
	worst->told[worst->count].from = from;
	worst->told[worst->count++].len = (uint64_t)(ftell(r->body) - from);
}

static bool tell(struct report *r, const struct worst *worst, uint64_t id)
{
	for (size_t i = 0; i < worst->count; i++) {
		if (worst->told[i].id != id)
			continue;
		report_pour_part(r, worst->told[i].from, worst->told[i].len);
		return true;
	}
	return false;
}

/* The groups are sorted: of one severity they stand together. */
static size_t tell_worst(struct report *r, const struct worst *worst, enum severity severity,
			 size_t room)
{
	const struct groups *g = r->groups;
	size_t told = 0;

	for (size_t k = 0; k < GROUP_EXAMPLES; k++) {
		for (size_t i = 0; i < g->count && told < room; i++) {
			const struct group *group = &g->group[i];

			if (k < group->count && groups_severity(g, group) == severity)
				told += tell(r, worst, group->example[k]);
		}
	}
	return told;
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

void text_worst(struct report *r, const struct worst *worst)
{
	size_t told = 0;

	if (worst->odd <= TEXT_HANDFUL) {
		report_pour(r);
		return;
	}
	for (int severity = SEVERITY_HIGH; severity >= SEVERITY_LOW; severity--)
		told += tell_worst(r, worst, (enum severity)severity, TEXT_HANDFUL - told);
	if (told < worst->odd)
		put_rest(r, worst->odd - told);
}
