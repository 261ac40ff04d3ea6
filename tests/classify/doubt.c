/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

TestSuite(classify_doubt);

static struct facts closed(void)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, CLIENT);
	f.last.client_ago_ns = NS_PER_MS;
	f.last.goodbye = f.last.goodbye_alone = true;
	f.ssh.sizes_known = f.ssh.owes_goodbye = true;
	return f;
}

Test(classify_doubt, a_whole_capture_is_trusted)
{
	struct facts f = closed();

	cr_expect_float_eq(capture_trust(&f), 1, 1e-9);
	f.cut = true; /* what is encrypted may be cut */
	cr_expect_float_eq(capture_trust(&f), 1, 1e-9);
}

Test(classify_doubt, each_defect_lowers_what_is_said_and_never_raises_it)
{
	struct facts whole = closed();

	for (unsigned bits = 1; bits < 1 << 7; bits++) {
		struct facts f = whole;

		f.missing = (bits & 1) != 0 ? 5 : 0;
		f.missing_late = (bits & 2) != 0;
		f.mid_stream = (bits & 4) != 0;
		f.judged_early = (bits & 8) != 0;
		f.clock_stepped = (bits & 16) != 0;
		f.roles_guessed = (bits & 32) != 0;
		f.cut = f.ssh.gap[SERVER] = (bits & 64) != 0;
		cr_expect_lt(capture_trust(&f), 1, "%x", bits);
		cr_expect_gt(capture_trust(&f), 0.5, "%x", bits);
		cr_expect_lt(verdict_of(&f).confidence, verdict_of(&whole).confidence, "%x", bits);
	}
}

static struct facts lost(uint64_t seen, uint64_t dropped)
{
	struct facts f = closed();

	f.health = (struct health){ .live = true, .seen = seen, .dropped_by_kernel = dropped };
	return f;
}

Test(classify_doubt, a_live_capture_that_lost_nothing_is_trusted_as_a_file)
{
	struct facts f = lost(1000, 0);

	f.health.dropped_by_interface = 7; /* which is not known */
	cr_expect_float_eq(capture_trust(&f), 1, 1e-9);
}

Test(classify_doubt, what_a_ring_lost_lowers_it_by_its_share)
{
	struct facts few = lost(1000000, 1), some = lost(900, 100), most = lost(10, 990);

	cr_expect_lt(capture_trust(&few), 0.96);
	cr_expect_gt(capture_trust(&few), 0.94);
	cr_expect_lt(capture_trust(&some), 0.9 * capture_trust(&few) + 1e-6);
	cr_expect_lt(capture_trust(&most), 0.01);
	cr_expect_eq(verdict_of(&most).sure, SURE_UNEXPLAINED);
}

Test(classify_doubt, a_link_that_was_down_and_a_card_that_dropped_lower_it)
{
	struct facts link = lost(10, 0), card = lost(10, 0);

	link.health.link_down_ns = 1;
	card.health.dropped_by_interface = 1;
	card.health.dropped_by_interface_known = true;
	cr_expect_lt(capture_trust(&link), 0.95);
	cr_expect_lt(capture_trust(&card), 1);
}

Test(classify_doubt, one_direction_alone_lowers_it)
{
	struct facts f = closed();

	f.one_sided = true;
	cr_expect_lt(capture_trust(&f), 1);
}

Test(classify_doubt, a_few_of_many_are_less_than_as_few_of_few)
{
	struct facts f = closed(), big = closed();

	f.missing = big.missing = 3;
	f.packets = 30;
	big.packets = 30000;
	cr_expect_lt(capture_trust(&f), capture_trust(&big));
	cr_expect_gt(capture_trust(&big), 0.999);
}

Test(classify_doubt, no_evidence_helps_against_a_capture_that_lacks_the_end)
{
	struct facts f = closed();

	expect_verdict(&f, orderly_close, WHO_CLIENT, SURE_CERTAIN);
	f.missing = 1;
	f.missing_late = true;
	cr_expect_lt(verdict_of(&f).confidence, 0.9);
}

Test(classify_doubt, what_is_taken_away_goes_to_the_unexplained)
{
	struct facts f = closed();
	double p[CAUSE_COUNT] = { 0 }, sum = 0;

	p[CAUSE_orderly_close] = 0.9;
	p[CAUSE_client_abort] = 0.1;
	f.missing = 10;
	doubt_capture(&f, p);
	for (int i = 0; i < CAUSE_COUNT; i++)
		sum += p[i];
	cr_expect_float_eq(sum, 1, 1e-9);
	cr_expect_float_eq(p[CAUSE_orderly_close] / p[CAUSE_client_abort], 9, 1e-9);
	cr_expect_float_eq(p[CAUSE_unexplained], 1 - capture_trust(&f), 1e-9);
}

Test(classify_doubt, a_fin_that_only_its_acknowledgment_shows_is_less_sure)
{
	struct facts f = facts_of_a_quiet_session(), seen;

	end_with(&f, ENDING_closed, CLIENT);
	seen = f;
	f.end.unseen = true;
	cr_expect_eq(origin_of(&f).who, WHO_CLIENT);
	cr_expect_lt(origin_of(&f).p, origin_of(&seen).p);
}
