/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The classify room's door: a finished connection in, a verdict out. Pure: the same connection has
 * the same verdict, and nothing is remembered.
 */
#ifndef CLASSIFY_CLASSIFY_H
#define CLASSIFY_CLASSIFY_H

#include "classify/verdict.h"
#include "track/conn.h"

void classify(const struct conn *conn, struct verdict *verdict);

#endif
