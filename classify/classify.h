/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The classify room's door: a finished connection in, a verdict out. Pure: the same connection has
 * the same verdict, and nothing is remembered.
 */
#ifndef CLASSIFY_CLASSIFY_H
#define CLASSIFY_CLASSIFY_H

#include "classify/verdict.h"
#include "track/conn.h"

struct noted_conn; /* logs/note.h: what logs say of the connection; NULL: none were given */

/* Who, why and how sure, in numbers alone: a quarter of the work. The words of the verdict are empty. */
void classify_decide(const struct conn *, const struct noted_conn *, struct verdict *);

/* Adds the words to what was decided, of the same connection and notes: what somebody is to read. */
void classify_tell(const struct conn *, const struct noted_conn *, struct verdict *);

/* Both. */
void classify(const struct conn *, const struct noted_conn *, struct verdict *);

#endif
