/* SPDX-License-Identifier: BSD-3-Clause */
/* A connection to take facts from. */
#ifndef TESTS_CLASSIFY_CONN_OF_H
#define TESTS_CLASSIFY_CONN_OF_H

#include "tests/classify/facts_of.h"

#define AT(ms) (SECONDS(100) + (ms) * NS_PER_MS)

/* From second 100 on; ends in frame 50, second 160, by a reset of the server. Static, made anew. */
struct conn *conn_with_reset(void);
struct facts facts_from(const struct conn *);

#endif
