/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * When much went wrong: first what it has in common. One line for each group, the gravest first, with
 * what the other team asks for: how many of how many, whereto, when, and how they agree.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "report/groups.h"
#include "report/text.h"
#include "report/words.h"
#include "report/wrap.h"

static void put_group(const struct report *r, const struct group *group)
{
	char lead[16];
	static const enum color colors[] = {
		[SEVERITY_LOW] = COLOR_NONE,
		[SEVERITY_MEDIUM] = COLOR_YELLOW,
		[SEVERITY_HIGH] = COLOR_RED,
	};
	enum severity severity = groups_severity(r->groups, group);
	char buffer[GROUP_TEXT_MAX];
	struct text t = text_in(buffer, sizeof(buffer));

	groups_add_words(&t, r->groups, group);
	snprintf(lead, sizeof(lead), "  %-8s", severity_name(severity));
	fputs(text_color(r, colors[severity]), r->out);
	text_wrap(r, r->out, lead, buffer);
	fputs(text_color(r, COLOR_NONE), r->out);
}

static void put_rest(const struct report *r, const struct groups *g)
{
	uint64_t rest = groups_rest(g, GROUPS_SHOWN);
	char buffer[128];
	struct text t = text_in(buffer, sizeof(buffer));

	if (rest == 0)
		return;
	text_add(&t, "and ");
	words_add_counted(&t, rest, "other");
	text_add(&t, "; --all tells each");
	text_wrap(r, r->out, "          ", buffer);
}

void text_groups(const struct report *r)
{
	struct groups *g = r->groups;

	if (g->odd < GROUPS_FROM)
		return;
	groups_sort(g);
	text_title(r, r->out, "What they have in common, the gravest first");
	for (size_t i = 0; i < g->count && i < GROUPS_SHOWN; i++)
		put_group(r, &g->group[i]);
	put_rest(r, g);
}
