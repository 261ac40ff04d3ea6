/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which group to look at first. Not the one that is seen most: ten thousand resets of a scanner must
 * not bury the one session that somebody was working in.
 */
#include <stdlib.h>

#include "report/groups.h"

/* This many lost sessions, or this part of all that was tried there, is more than bad luck. */
#define MANY 5
#define LARGE_SHARE 0.5
#define SMALL_SHARE 0.1

/*
 * Whoever was at work lost it: that matters from the first on. Before a login what counts is whether
 * others get in: a scanner that breaks off is nobody's trouble, however often it comes.
 */
enum severity groups_severity(const struct groups *g, const struct group *group)
{
	double share = (double)group->count / (double)groups_place(g, group)->connections;

	if (group->in_session)
		return group->count >= MANY ? SEVERITY_HIGH : SEVERITY_MEDIUM;
	if (group->who == WHO_CLIENT || share < SMALL_SHARE)
		return SEVERITY_LOW;
	return group->count >= MANY && share >= LARGE_SHARE ? SEVERITY_HIGH : SEVERITY_MEDIUM;
}

struct rank {
	enum severity severity;
	struct group group;
};

static int by_rank(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->group.count != y->group.count)
		return x->group.count > y->group.count ? -1 : 1;
	return x->group.example[0] < y->group.example[0] ? -1 : 1;
}

void groups_sort(struct groups *g)
{
	struct rank ranks[GROUPS_MAX];

	for (size_t i = 0; i < g->count; i++)
		ranks[i] = (struct rank){ groups_severity(g, &g->group[i]), g->group[i] };
	qsort(ranks, g->count, sizeof(ranks[0]), by_rank);
	for (size_t i = 0; i < g->count; i++)
		g->group[i] = ranks[i].group;
}
