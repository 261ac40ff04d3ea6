/* SPDX-License-Identifier: BSD-3-Clause */
/* A connection with its verdict, made up, for the tests of the report room. */
#ifndef TESTS_REPORT_EXAMPLE_H
#define TESTS_REPORT_EXAMPLE_H

#include <stddef.h>

#include "report/report.h"

#define EXAMPLE_BEGIN_NS INT64_C(1793785527000000000) /* 2026-11-04 09:45:27 UTC */
#define EXAMPLE_COLUMNS  80

/* An idle session that a box on the path forgot: every field a report shows is filled. */
void example_conn(struct conn *);
void example_verdict(struct verdict *);
/* An orderly close by the same client, id as given. */
void example_healthy(struct conn *, struct verdict *, uint64_t id);

/* Appends to the timeline as track does, without folding. */
void example_event(struct conn *, enum event_kind, enum event_from, uint32_t frame,
		   int64_t offset_ms, uint32_t count, uint32_t arg);

/* One input of 12,034 frames; counts as of one idle_timeout and healthy orderly ones. */
const struct totals *example_totals(uint64_t odd, uint64_t healthy);

/* The length of text, which is fixed: for arrays of known size. */
#define EXAMPLE_PUT(field, text) example_put((field).at, &(field).len, sizeof((field).at), text)
void example_put(char *at, uint16_t *len, size_t size, const char *text);

/* A report of one connection, or of none (NULL); the caller frees it. */
char *example_report(const char *format, const struct report_options *, const struct conn *,
		     const struct verdict *);

/* Fails the test unless text is lines of printable ASCII. */
void example_is_printable(const char *text);
/* The longest line. */
size_t example_widest(const char *text);

#endif
