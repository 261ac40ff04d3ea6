/* SPDX-License-Identifier: BSD-3-Clause */
/* report/ladder_lanes.c: an arrow begins where the thing was made. */
#include <criterion/criterion.h>

#include "report/ladder.h"
#include "tests/report/example.h"

static struct conn conn;
static struct verdict verdict;

/* The arrow of an ICMP error about the client's segment that ended the connection. */
static struct rung icmp(enum event_from from, enum who who)
{
	const struct event e = { .kind = EVENT_ICMP, .from = from, .frame = 5 };
	struct rung rung = { .kind = RUNG_NOTE };

	example_conn(&conn);
	example_verdict(&verdict);
	verdict.who = who;
	conn.end.mark = (struct mark){ 5, 0 };
	conn.icmp.about = CLIENT;
	ladder_lanes(&rung, &conn, &verdict, &e);
	cr_expect_eq(rung.kind, RUNG_ARROW);
	cr_expect_eq(rung.to, LANE_CLIENT);
	return rung;
}

Test(report_ladder_lanes, an_icmp_error_begins_at_the_host_that_sent_it)
{
	cr_expect_eq(icmp(FROM_SERVER, WHO_SERVER).from, LANE_SERVER);
	cr_expect_eq(icmp(FROM_MIDDLEBOX, WHO_MIDDLEBOX).from, LANE_MIDDLE);
	cr_expect_eq(icmp(FROM_SERVER, WHO_MIDDLEBOX).from, LANE_MIDDLE, "in the server's name");
	cr_expect_eq(icmp(FROM_CLIENT, WHO_UNKNOWN).from, LANE_MIDDLE, "not from whom it is told");
}

Test(report_ladder_lanes, the_middle_is_called_by_what_happens_there)
{
	struct rung rungs[] = { { .from = LANE_CLIENT, .to = LANE_SERVER },
				{ .from = LANE_CLIENT, .to = LANE_MIDDLE, .lost = true },
				{ .from = LANE_MIDDLE, .to = LANE_CLIENT } };

	cr_expect_str_eq(ladder_middle(rungs, 1), "", "nothing does");
	cr_expect_str_eq(ladder_middle(rungs, 2), "network", "who lost it is not known");
	cr_expect_str_eq(ladder_middle(rungs, 3), "middlebox");
}
