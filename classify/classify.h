/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The classify room's door: a finished connection in, a verdict out. Pure: the same connection has
 * the same verdict, and nothing is remembered.
 */
#ifndef CLASSIFY_CLASSIFY_H
#define CLASSIFY_CLASSIFY_H

#include "classify/verdict.h"
#include "track/conn.h"

/* Who, why and how sure, in numbers alone: a quarter of the work. The words of the verdict are empty. */
void classify_decide(const struct conn *, struct verdict *);

/* Adds the words to what was decided, of the same connection: what somebody is to read. */
void classify_tell(const struct conn *, struct verdict *);

/* Both. */
void classify(const struct conn *, struct verdict *);

#endif
