/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/outcome.h"

#include <criterion/criterion.h>

static struct conn conn;
static struct verdict verdict;

Test(report_outcome, success_is_what_both_wanted)
{
	static const struct {
		enum ending ending;
		enum cause_id cause;
		enum outcome outcome;
	} rows[] = {
		{ ENDING_closed, CAUSE_orderly_close, OUTCOME_SUCCESS },
		{ ENDING_reset, CAUSE_orderly_close, OUTCOME_SUCCESS },
		{ ENDING_open, CAUSE_still_open, OUTCOME_UNKNOWN },
		{ ENDING_closed, CAUSE_unexplained, OUTCOME_UNKNOWN },
		{ ENDING_reset, CAUSE_unexplained, OUTCOME_FAILURE },
		{ ENDING_silent, CAUSE_unexplained, OUTCOME_FAILURE },
		{ ENDING_closed, CAUSE_auth_failure, OUTCOME_FAILURE },
		{ ENDING_refused, CAUSE_service_down, OUTCOME_FAILURE },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		conn.end.ending = rows[i].ending;
		verdict.cause = rows[i].cause;
		cr_expect_eq(outcome_of_conn(&conn, &verdict), rows[i].outcome, "row %zu", i);
	}
}

Test(report_outcome, it_ended_when_the_end_was_seen_else_when_it_was_last_heard)
{
	conn.last_ns = 9;
	conn.end = (struct end){ .ending = ENDING_reset, .time_ns = 5 };
	cr_expect_eq(outcome_end_ns(&conn), 5);
	conn.end = (struct end){ .ending = ENDING_open, .time_ns = 5 };
	cr_expect_eq(outcome_end_ns(&conn), 9);
	conn.end = (struct end){ .ending = ENDING_silent };
	cr_expect_eq(outcome_end_ns(&conn), 9);
}
