/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sentence of each event: a subject ("client") and what it does ("closes its side (FIN)").
 *
 * Subject, space, deed make the sentence; a table prints them as two columns. What is quoted from
 * the wire is escaped already.
 */
#ifndef REPORT_TIMELINE_H
#define REPORT_TIMELINE_H

#include "base/text.h"
#include "track/conn.h"

/* Longest: a text of 255 bytes, escaped, within a sentence. */
#define TIMELINE_TEXT_MAX 1280

/* The JSON value of from. */
const char *timeline_from(const struct event *);

/* "" when the deed is a sentence by itself. */
const char *timeline_subject(const struct event *);

void timeline_add_deed(struct text *, const struct conn *, const struct event *);

#endif
