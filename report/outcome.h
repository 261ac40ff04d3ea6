/* SPDX-License-Identifier: BSD-3-Clause */
/* What other programs ask of a connection: was it a success, and when was it over? */
#ifndef REPORT_OUTCOME_H
#define REPORT_OUTCOME_H

#include "classify/verdict.h"
#include "track/conn.h"

enum outcome { OUTCOME_UNKNOWN, OUTCOME_SUCCESS, OUTCOME_FAILURE };

enum outcome outcome_of_conn(const struct conn *, const struct verdict *);

/* When it ended; of one that is open, when it was last heard. */
int64_t outcome_end_ns(const struct conn *);

#endif
