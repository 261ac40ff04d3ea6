/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Of very many files a report names only those whose frames it shows, beside the connection that shows
 * them: nobody scrolls through a month of rotated captures to find the sentence.
 */
#ifndef REPORT_NAMED_H
#define REPORT_NAMED_H

#include "report/inside.h"

/* More files than these are not listed one by one. */
#define NAMED_FILES_MAX 12

/* Of more, so many of the damaged ones. */
#define NAMED_DAMAGED_MAX 4

/* A connection that spans more files than these names the first. */
#define NAMED_OF_CONN_MAX 8

struct named {
	size_t count;
	uint16_t input[NAMED_OF_CONN_MAX];
};

/* Whether the files stand beside connections, and not in a list of all. */
bool named_apart(const struct report *);
/* The inputs of the frames that the report of a connection names, in the order of the timeline. */
void named_of(struct named *, const struct conn *, const struct verdict *);
/* Puts "763: a.pcap" of each, if they stand beside connections. */
void named_rows(struct report *, const struct conn *, const struct verdict *,
		void (*put)(struct report *, bool first, const char *words));

#endif
