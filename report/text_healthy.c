/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Connections that ended well: one line for each server and ending. A scanner may touch any number
 * of servers, so there is room for a fixed number of lines; what finds none is counted.
 */
#include "report/text.h"
#include "report/words.h"
#include "report/wrap.h"

/* The group of a server and cause, made when there is room; else NULL. */
static struct healthy_group *group_of(struct healthy *h, const struct endpoint *server,
				      enum cause_id cause)
{
	struct healthy_group *group;

	for (size_t i = 0; i < h->groups; i++) {
		group = &h->group[i];
		if (group->cause == cause && endpoint_equal(&group->server, server))
			return group;
	}
	if (h->groups == HEALTHY_GROUPS)
		return NULL;
	group = &h->group[h->groups++];
	group->server = *server;
	group->cause = cause;
	return group;
}

/* They come in the order of their ends, so the first frame of a group is not its first one's. */
static bool is_before(struct mark a, struct mark b)
{
	return a.input != b.input ? a.input < b.input : a.number < b.number;
}

void healthy_add(struct healthy *h, const struct conn *conn, enum cause_id cause)
{
	struct healthy_group *group = group_of(h, &conn->peer[SERVER].at, cause);

	if (group == NULL) {
		h->others++;
		return;
	}
	if (group->count == 0 || is_before(conn->first, group->first))
		group->first = conn->first;
	if (group->count == 0 || is_before(group->last, conn->last))
		group->last = conn->last;
	group->count++;
}

static void put_group(const struct report *r, const struct healthy_group *group)
{
	char buffer[256];
	struct text t = text_in(buffer, sizeof(buffer));

	words_add_counted(&t, group->count, "connection");
	text_add(&t, " to ");
	endpoint_add(&t, &group->server);
	text_add(&t, ": %s (frames ", cause_title(group->cause));
	text_add_mark(r, &t, group->first);
	text_add(&t, " to ");
	text_add_mark(r, &t, group->last);
	text_add(&t, ")");
	text_wrap(r, r->out, "       - ", buffer);
}

void text_healthy(const struct report *r, const struct healthy *h)
{
	if (h->groups == 0)
		return;
	text_title(r, r->out, "In order (--all shows them in full)");
	for (size_t i = 0; i < h->groups; i++)
		put_group(r, &h->group[i]);
	if (h->others != 0) {
		char buffer[128];
		struct text t = text_in(buffer, sizeof(buffer));

		text_add(&t, "and ");
		words_add_counted(&t, h->others, "connection");
		text_add(&t, " to other servers");
		text_wrap(r, r->out, "       - ", buffer);
	}
}
