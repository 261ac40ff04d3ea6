/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <limits.h>
#include <string.h>

TestSuite(classify_causes_mtu_blackhole);

#define FULL_LEN 1448

/* A full-sized segment of this side is repeated; the other acknowledges the short one behind it. */
static struct facts swallowed(enum side side)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_silent, !side);
	wait_in_vain(&f, side, 6, SECONDS(13));
	f.waiting.len = FULL_LEN;
	f.silence.ns = NS_PER_S / 2;
	f.lack = (struct fact_lack){ .any = true,
				     .side = side,
				     .len = FULL_LEN,
				     .beyond_len = 112,
				     .span_ns = SECONDS(13),
				     .first = MARK(62),
				     .last = MARK(63) };
	return f;
}

Test(classify_causes_mtu_blackhole, wins_when_the_long_vanish_and_the_short_behind_them_arrive)
{
	for (enum side side = CLIENT; side <= SERVER; side++) {
		struct facts f = swallowed(side);

		expect_verdict(&f, mtu_blackhole, WHO_NETWORK, SURE_LIKELY);
		f.ssh.phase = SSH_PHASE_KEX;
		expect_verdict(&f, mtu_blackhole, WHO_NETWORK, SURE_CERTAIN);
	}
}

Test(classify_causes_mtu_blackhole, wins_when_the_server_closed_for_lack_of_a_login)
{
	struct facts f = swallowed(CLIENT);
	struct verdict v;

	f.ssh.phase = SSH_PHASE_KEX;
	end_with(&f, ENDING_closed, SERVER);
	f.last.fin_client = false;
	expect_verdict(&f, mtu_blackhole, WHO_NETWORK, SURE_LIKELY);
	v = verdict_of(&f);
	cr_expect_not_null(strstr(v.sentence, "until the server gave up"), "%s", v.sentence);
}

Test(classify_causes_mtu_blackhole, is_seen_from_behind_the_bottleneck_too)
{
	struct facts f = swallowed(CLIENT);

	f.waiting.any = false; /* what vanishes is not in this capture */
	f.ssh.phase = SSH_PHASE_KEX;
	end_with(&f, ENDING_closed, SERVER);
	expect_verdict(&f, mtu_blackhole, WHO_NETWORK, SURE_LIKELY);
}

Test(classify_causes_mtu_blackhole, must_not_win_when_as_long_a_segment_arrived_behind_the_hole)
{
	struct facts f = swallowed(SERVER);

	f.lack.beyond_len = FULL_LEN;
	cr_expect_eq(weigh(CAUSE_mtu_blackhole, &f), INT_MIN);
}

Test(classify_causes_mtu_blackhole, must_not_win_when_what_vanishes_is_short)
{
	struct facts f = swallowed(SERVER);

	f.waiting.len = 300;
	cr_expect_eq(weigh(CAUSE_mtu_blackhole, &f), INT_MIN);
	f.lack.len = 300;
	cr_expect_eq(weigh(CAUSE_mtu_blackhole, &f), INT_MIN);
}

Test(classify_causes_mtu_blackhole, must_not_win_when_nothing_behind_it_arrived)
{
	struct facts f = swallowed(SERVER);

	f.lack.any = false;
	expect_not(&f, mtu_blackhole);
	expect_verdict(&f, network_loss, WHO_NETWORK, SURE_LIKELY);
}

Test(classify_causes_mtu_blackhole, must_not_win_in_a_hole_of_a_moment)
{
	struct facts f = swallowed(SERVER);

	f.lack.span_ns = NS_PER_S;
	cr_expect_eq(weigh(CAUSE_mtu_blackhole, &f), INT_MIN);
}

Test(classify_causes_mtu_blackhole, must_not_win_when_the_capture_itself_lost_segments)
{
	struct facts f = swallowed(SERVER);

	f.missing = 1;
	cr_expect_eq(weigh(CAUSE_mtu_blackhole, &f), INT_MIN);
}

Test(classify_causes_mtu_blackhole, must_not_win_while_the_connection_lives)
{
	struct facts f = swallowed(SERVER);

	f.end.ending = ENDING_open;
	cr_expect_eq(weigh(CAUSE_mtu_blackhole, &f), INT_MIN);
}

Test(classify_causes_mtu_blackhole, a_router_that_asked_for_less_is_a_sign)
{
	struct facts f = swallowed(SERVER);

	expect_gain(f, mtu_blackhole, then.lack.too_big = true);
	expect_gain(f, mtu_blackhole, then.ssh.phase = SSH_PHASE_KEX);
	expect_loss(f, mtu_blackhole, then.waiting.any = false);
}
