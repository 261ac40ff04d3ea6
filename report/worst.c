/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which of many odd connections are told in full: examples of the gravest groups, in turn, so that one
 * large group does not hide the next. A thousand connections stay a page; the groups count the rest.
 */
#include "report/worst.h"

/* A handful is told whatever it is; of more, only examples can be asked for at the end. */
bool worst_count(const struct report *r, struct worst *worst, const struct conn *conn)
{
	worst->odd++;
	return worst->count < WORST_MAX &&
	       (worst->odd <= WORST_SHOWN || groups_has_example(r->groups, conn->id));
}

void worst_told(struct worst *worst, const struct report *r, uint64_t id, long from)
{
	worst->told[worst->count++] =
		(struct part){ .id = id, .len = (uint64_t)(ftell(r->body) - from), .from = from };
}

static const struct part *part_of(const struct worst *worst, uint64_t id)
{
	for (size_t i = 0; i < worst->count; i++) {
		if (worst->told[i].id == id)
			return &worst->told[i];
	}
	return NULL;
}

/* The groups are sorted: of one severity they stand together. */
static size_t choose(const struct worst *worst, const struct groups *g, enum severity severity,
		     const struct part **chosen, size_t room)
{
	size_t count = 0;

	for (size_t k = 0; k < GROUP_EXAMPLES; k++) {
		for (size_t i = 0; i < g->count && count < room; i++) {
			const struct group *group = &g->group[i];

			if (k >= group->count || groups_severity(g, group) != severity)
				continue;
			chosen[count] = part_of(worst, group->example[k]);
			count += chosen[count] != NULL;
		}
	}
	return count;
}

/* A handful as it came: there are no groups above it that set an order. */
size_t worst_choose(const struct worst *worst, const struct groups *g,
		    const struct part *chosen[WORST_SHOWN])
{
	size_t count = 0;

	if (worst->odd <= WORST_SHOWN) {
		for (; count < worst->count; count++)
			chosen[count] = &worst->told[count];
		return count;
	}
	for (int severity = SEVERITY_HIGH; severity >= SEVERITY_LOW; severity--)
		count += choose(worst, g, (enum severity)severity, chosen + count,
				WORST_SHOWN - count);
	return count;
}
