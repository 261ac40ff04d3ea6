/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Of many odd connections, those that are told in full: the same in each form for people. They are
 * written as they come when they might be; which ones are the worst is known at the end.
 */
#ifndef REPORT_WORST_H
#define REPORT_WORST_H

#include "report/groups.h"
#include "report/inside.h"

/* So many connections can be read one by one. */
#define WORST_SHOWN (GROUPS_FROM - 1)
/* The handful, and each that is ever an example: a group has new ones as networks become wider. */
#define WORST_MAX (WORST_SHOWN + GROUP_LEVELS * GROUPS_MAX * GROUP_EXAMPLES)

/* Of body, what tells one connection. */
struct part {
	uint64_t id, len;
	long from;
};

struct worst {
	uint64_t odd;
	size_t count;
	struct part told[WORST_MAX];
};

/* One more; whether it may be among them, so is to be told. */
bool worst_count(const struct report *, struct worst *, const struct conn *);
/* It was: from there to the end of body. */
void worst_told(struct worst *, const struct report *, uint64_t id, long from);

/* Which they are, in the order to read them in; how many. For end(), after groups_sort(). */
size_t worst_choose(const struct worst *, const struct groups *,
		    const struct part *chosen[WORST_SHOWN]);

#endif
