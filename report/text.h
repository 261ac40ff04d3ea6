/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the text format share. */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "base/text.h"
#include "report/groups.h"
#include "report/inside.h"

enum color { COLOR_NONE, COLOR_BOLD, COLOR_GREEN, COLOR_YELLOW, COLOR_RED };

/* The sequence that turns a colour on, or COLOR_NONE everything off; "" without --color. */
const char *text_color(const struct report *, enum color);

/* A title on its own line, after an empty one. */
void text_title(const struct report *, FILE *out, const char *title);

/* Two dozen lines of a path are enough; what is longer is cut with "...". */
#define PATH_TEXT_MAX 2000

/* "12", or "2:12" (second file, frame 12) when there are several. */
void text_add_mark(const struct report *, struct text *, struct mark);
/* "12, 34": the frames of a piece of evidence. */
void text_add_marks(const struct report *, struct text *, const struct evidence *);

/* wrap() in lines of the width that was asked for. */
void text_wrap(const struct report *, FILE *out, const char *lead, const char *words);

/* text_conn.c, text_verdict.c, text_timeline.c: the parts of a connection, written to body. */
void text_conn(struct report *, const struct conn *, const struct verdict *);
void text_verdict(struct report *, const struct verdict *);
void text_timeline(struct report *, const struct conn *, const struct verdict *);

/* text_healthy.c: connections that are only counted. */
#define HEALTHY_GROUPS 64 /* two screens: nobody reads more of what went well */

struct healthy_group {
	struct endpoint server;
	enum cause_id cause;
	uint64_t count;
	struct mark first, last;
};

struct healthy {
	size_t groups;
	struct healthy_group group[HEALTHY_GROUPS];
	uint64_t others;
};

void healthy_add(struct healthy *, const struct conn *, enum cause_id);
void text_healthy(const struct report *, const struct healthy *);

/* text_groups.c: what the odd ones have in common, when there are many; written to out. */
void text_groups(const struct report *);

/* text_logs.c: what was read beside the captures. */
void text_logs(const struct report *, const struct totals *);

/* text_totals.c: what stands before and after the connections, written to out. */
void text_head(const struct report *, const struct totals *);
void text_totals(const struct report *, const struct totals *);

#endif
