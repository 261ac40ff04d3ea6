/* SPDX-License-Identifier: BSD-3-Clause */
/* The two questions of the formats for other programs, answered once for all of them. */
#include "report/outcome.h"

/*
 * A FIN whose reason is not known may have been what both wanted; a reset, a refusal or a silence of
 * which the reason is not known is a failure all the same.
 */
enum outcome outcome_of_conn(const struct conn *conn, const struct verdict *v)
{
	if (v->cause == CAUSE_orderly_close)
		return OUTCOME_SUCCESS;
	if (conn->end.ending == ENDING_open)
		return OUTCOME_UNKNOWN;
	if (v->cause == CAUSE_unexplained && conn->end.ending == ENDING_closed)
		return OUTCOME_UNKNOWN;
	return OUTCOME_FAILURE;
}

/* A silence has no segment that ends it, so no time. */
int64_t outcome_end_ns(const struct conn *conn)
{
	return conn->end.ending != ENDING_open && conn->end.time_ns != 0 ? conn->end.time_ns :
									   conn->last_ns;
}
