/* SPDX-License-Identifier: BSD-3-Clause */
/* The picture of the whole capture alone: for slides and wikis. */
#include "report/svg.h"

#include "base/die.h"

static void begin(struct report *r)
{
	r->own = xcalloc(1, sizeof(struct overview));
}

static bool count(struct report *r, const struct conn *conn, const struct verdict *v)
{
	return overview_count(r->own, conn, v);
}

static void each(struct report *r, const struct conn *conn, const struct verdict *v)
{
	overview_tell(r->own, conn, v);
}

static void end(struct report *r, const struct totals *totals)
{
	(void)totals;
	overview_sort(r->own);
	svg_overview(r->out, r->own, true);
}

const struct format format_svg = {
	.name = "svg",
	.begin = begin,
	.count = count,
	.each = each,
	.end = end,
};
