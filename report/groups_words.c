/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A group in one line, with what the other team asks for: how many of how many, whereto, when, and how
 * they agree.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "report/groups.h"
#include "report/words.h"

static void add_places(struct text *t, const struct group *group, const struct place *place)
{
	text_add(t, "%" PRIu64 " of ", group->count);
	words_add_counted(t, place->connections, "connection");
	text_add(t, " to ");
	prefix_add(t, &place->servers);
	if (!prefix_equal(&group->servers, &place->servers)) {
		text_add(t, ", all of them to ");
		prefix_add(t, &group->servers);
	}
	text_add(t, ", from ");
	if (group->clients_mixed)
		text_add(t, "anywhere");
	else
		prefix_add(t, &group->clients);
	if (group->port != 0)
		text_add(t, " to port %u", group->port);
}

/* A few that were idle among many that were not have no limit in common. */
static void add_silence(struct text *t, const struct group *group)
{
	const struct range *range = &group->silence_ns;
	char least[32], most[32];
	struct text l = text_in(least, sizeof(least)), m = text_in(most, sizeof(most));

	if (range->count == 0)
		return;
	text_add(t, ", ");
	if (range->count < group->count)
		text_add(t, "%" PRIu64 " of them ", range->count);
	clock_add_span(&l, range->least);
	clock_add_span(&m, range->most);
	text_add(t, "after %s", least);
	if (strcmp(least, most) != 0)
		text_add(t, " to %s", most);
	text_add(t, " of silence");
}

/* Whoever counts hops from a capture at an end knows which device that is. */
static void add_hops(struct text *t, const struct group *group)
{
	static const char *const from[] = {
		[VANTAGE_BETWEEN] = "from the capture",
		[VANTAGE_CLIENT] = "from the client",
		[VANTAGE_SERVER] = "from the server",
	};

	text_add(t, "; the %s made %" PRId64, group->hops.count == 1 ? "reset was" : "resets were",
		 group->hops.least);
	if (group->hops.most != group->hops.least)
		text_add(t, " to %" PRId64, group->hops.most);
	text_add(t, " %s %s by their TTL", group->hops.most == 1 ? "hop" : "hops",
		 from[group->vantage]);
}

static void add_examples(struct text *t, const struct group *group)
{
	uint64_t shown = group->count < GROUP_EXAMPLES ? group->count : GROUP_EXAMPLES;

	for (uint64_t i = 0; i < shown; i++)
		text_add(t, "%s#%" PRIu64, i == 0 ? ": " : ", ", group->example[i]);
	if (shown < group->count)
		text_add(t, " and %" PRIu64 " more", group->count - shown);
}

void groups_add_words(struct text *t, const struct groups *g, const struct group *group)
{
	add_places(t, group, groups_place(g, group));
	text_add(t, "%s: %s", group->in_session ? ", logged in" : "", cause_name(group->cause));
	if (group->who < WHO_NONE)
		text_add(t, " by the %s", who_name(group->who));
	add_silence(t, group);
	if (group->hops.count != 0)
		add_hops(t, group);
	text_add(t, "; %u %% sure%s; ", words_per_cent(group->confidence / (double)group->count),
		 group->count > 1 ? " on average" : "");
	text_add(t, "%s", group->count > 1 ? "first at " : "at ");
	clock_add_utc(t, group->first_ns);
	if (group->count > 1) {
		text_add(t, ", last ");
		clock_add_span(t, words_span_ns(group->first_ns, group->last_ns));
		text_add(t, " later");
	}
	add_examples(t, group);
}

/* Words, for colour alone would not be seen by all. */
const char *severity_name(enum severity severity)
{
	static const char *const names[] = {
		[SEVERITY_LOW] = "low",
		[SEVERITY_MEDIUM] = "medium",
		[SEVERITY_HIGH] = "high",
	};

	return names[severity];
}

uint64_t groups_rest(const struct groups *g, size_t shown)
{
	uint64_t rest = g->others;

	for (size_t i = shown; i < g->count; i++)
		rest += g->group[i].count;
	return rest;
}
