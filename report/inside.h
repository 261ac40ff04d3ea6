/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the files of the report room share: a format is a name and three functions.
 */
#ifndef REPORT_INSIDE_H
#define REPORT_INSIDE_H

#include "report/report.h"

struct groups;

struct format {
	const char *name;
	/* What stands before the connections is known last, so they wait in a file without a name.
	 */
	bool waits;
	void (*begin)(struct report *);
	/* Counts one, by its verdict without words; whether each() is to tell it. NULL: it tells all. */
	bool (*count)(struct report *, const struct conn *, const struct verdict *);
	void (*each)(struct report *, const struct conn *, const struct verdict *);
	void (*end)(struct report *, const struct totals *);
};

/* Invariant: unless failed, out and body are open; body is out when the format does not wait. */
struct report {
	const struct format *format;
	struct report_options options;
	FILE *out;             /* what end() writes to */
	FILE *body;            /* what each() writes to */
	struct groups *groups; /* all that was told, folded */
	uint64_t written;      /* connections in body, kept by the format */
	void *own;             /* the format's; freed with free() */
	bool failed;
};

#define FORMAT(name, ending) extern const struct format format_##name;
#include "report/formats.def"
#undef FORMAT

/* Copies to out what waited in body. For end(), once. */
void report_pour(struct report *);
/* The same for a part, as often as wanted; nothing may be written to body afterwards. */
void report_pour_part(struct report *, long from, uint64_t part_len);

/* The path of a frame's file when it has to be named (more than one input), else NULL. */
const char *report_file_of(const struct report *, struct mark);

#endif
