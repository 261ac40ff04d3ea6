/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/named.h"

#include "report/escape.h"
#include "report/timeline.h"

/* Longer paths are cut: nobody reads them. */
#define ROW_MAX 2000

bool named_apart(const struct report *r)
{
	return r->options.inputs > NAMED_FILES_MAX;
}

/* In its place: the inputs were read in this order, but for what overlaps. */
static void add(struct named *n, struct mark mark)
{
	size_t at = n->count;

	if (mark.number == 0)
		return;
	while (at > 0 && n->input[at - 1] >= mark.input)
		at--;
	if (n->count == NAMED_OF_CONN_MAX || (at < n->count && n->input[at] == mark.input))
		return;
	for (size_t i = n->count++; i > at; i--)
		n->input[i] = n->input[i - 1];
	n->input[at] = mark.input;
}

static void add_evidence(struct named *n, const struct evidence *list, uint8_t count)
{
	for (uint8_t i = 0; i < count; i++) {
		for (uint8_t k = 0; k < list[i].marks; k++)
			add(n, list[i].mark[k]);
	}
}

/* The heaviest evidence first, as there may be no room for the last. */
void named_of(struct named *n, const struct conn *conn, const struct verdict *v)
{
	n->count = 0;
	for (uint8_t i = 0; i < v->frames; i++)
		add(n, v->frame[i]);
	add(n, conn->end.mark);
	add_evidence(n, v->evidence, v->evidences);
	add_evidence(n, v->against, v->againsts);
	for (uint32_t i = 0; i < timeline_kept(&conn->timeline); i++) {
		const struct event *e = timeline_at(&conn->timeline, i);

		add(n, (struct mark){ e->frame, e->input });
	}
}

void named_rows(struct report *r, const struct conn *conn, const struct verdict *v,
		void (*put)(struct report *, bool first, const char *words))
{
	struct named named;

	if (!named_apart(r))
		return;
	named_of(&named, conn, v);
	for (size_t i = 0; i < named.count; i++) {
		char buffer[ROW_MAX];
		struct text t = text_in(buffer, sizeof(buffer));

		text_add(&t, "%u: ", named.input[i] + 1U);
		escape_add_path(&t, r->options.paths[named.input[i]]);
		put(r, i == 0, buffer);
	}
}
