/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers and sizes as people and Wireshark write them. */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include <stdint.h>

#include "base/text.h"
#include "classify/verdict.h"
#include "track/conn.h"

/* "52 B", "12.4 kB", "3.1 MB": powers of ten, as disks and links count. */
void words_add_bytes(struct text *, uint64_t bytes);

/* "1 packet", "12,034 packets": the plural is the noun with an s. */
void words_add_counted(struct text *, uint64_t count, const char *noun);

/* From one time to a later one; 0 when a clock stepped back. Any two values are valid. */
int64_t words_span_ns(int64_t from_ns, int64_t to_ns);

/*
 * Of the end, to be looked up in logs, and where in SSH it was: "2026-11-20 09:45:27 UTC, 352 s after
 * the first frame, in the session phase". Of what is still open, the last frame.
 */
void words_add_when(struct text *, const struct conn *);

/* For the reader, and the id for whoever asks `explain`: "closed in order (orderly_close)". */
void words_add_why(struct text *, const struct verdict *);

/* Rounded down, so that a percentage never claims a class of certainty it has not reached. */
unsigned words_per_cent(double probability);
unsigned words_per_myriad(double probability); /* of ten thousand */

/* The question that evidence is for: "why" or "who". */
const char *about_name(enum about);
/* What is counted for a question without a frame to show. */
const char *prior_words(enum about);

#endif
