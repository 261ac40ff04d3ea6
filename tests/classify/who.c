/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

TestSuite(classify_who);

static struct facts reset_by(enum side from, enum form form)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, from, form);
	return f;
}

#define expect_who(facts, by)                                                                      \
	do {                                                                                       \
		struct fact_origin origin = origin_of(facts);                                      \
		cr_expect_eq(origin.who, (by), "%s %.3f, %d decibans", who_name(origin.who),       \
			     origin.p, origin.host_decibans);                                      \
	} while (0)

Test(classify_who, a_bare_kernel_reset_is_its_hosts_for_all_its_zeros)
{
	for (enum side side = CLIENT; side <= SERVER; side++) {
		struct facts f = reset_by(side, BY_KERNEL);

		expect_who(&f, side == CLIENT ? WHO_CLIENT : WHO_SERVER);
		/* Without a DSCP to copy and a round trip to measure. */
		f.reset.tos = f.reset.trigger_tos = 0;
		f.reset.rtt_min_ns = 0;
		expect_who(&f, side == CLIENT ? WHO_CLIENT : WHO_SERVER);
		cr_expect_eq(origin_of(&f).kind, KIND_KERNEL);
	}
}

Test(classify_who, without_a_baseline_nobody_is_named)
{
	for (enum side side = CLIENT; side <= SERVER; side++) {
		for (enum form form = BY_KERNEL; form <= BY_FILTER; form++) {
			struct facts f = reset_by(side, form);

			f.mid_stream = true;
			f.handshake = HANDSHAKE_MISSING;
			f.reset.ttl_min = f.reset.ttl_max = 0;
			f.reset.ttl_samples = 0;
			f.reset.rtt_min_ns = 0;
			f.reset.side_keeps_tos = false;
			f.reset.has_ip_id_step = false;
			expect_who(&f, WHO_UNKNOWN);
		}
	}
}

Test(classify_who, both_ends_at_once_and_unasked_is_a_device)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);

	f.reset.tos = f.reset.trigger_tos = 0;
	f.reset.answers = false;
	f.reset.unasked = true;
	f.reset.since_trigger_ns = SECONDS(240);
	expect_who(&f, WHO_UNKNOWN);
	f.reset.both_ways = true;
	expect_who(&f, WHO_MIDDLEBOX);
	end_with_reset(&f, SERVER, BY_SOCKET); /* a kill of the session is unasked too */
	f.reset.answers = false;
	f.reset.both_ways = true;
	cr_expect_eq(origin_of(&f).host_decibans, 25 + 6 + 3);
}

Test(classify_who, a_fin_is_its_senders)
{
	for (enum side side = CLIENT; side <= SERVER; side++) {
		struct facts f = facts_of_a_quiet_session();

		end_with(&f, ENDING_closed, side);
		expect_who(&f, side == CLIENT ? WHO_CLIENT : WHO_SERVER);
		cr_expect_gt(origin_of(&f).p, 0.99);
		f.one_sided = true;
		cr_expect_lt(origin_of(&f).p, 0.95);
		f.end.has_side = false;
		expect_who(&f, WHO_UNKNOWN);
	}
}

Test(classify_who, icmp_is_of_the_address_that_sent_it)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_rejected, SERVER);
	f.icmp = (struct fact_icmp){ 1, MARK(90), 3, 13, .from = "203.0.113.1" };
	f.icmp.in_flight = true;
	expect_who(&f, WHO_MIDDLEBOX);
	f.icmp.from_server = true;
	expect_who(&f, WHO_SERVER);
	f.icmp.from_server = !(f.icmp.from_client = true);
	expect_who(&f, WHO_CLIENT);
	f.icmp.in_flight = false; /* anybody can forge that */
	cr_expect_lt(origin_of(&f).p, 0.80);
}

Test(classify_who, what_is_open_has_no_ender_and_silence_no_marks)
{
	struct facts f = facts_of_a_quiet_session();

	expect_who(&f, WHO_NONE);
	end_with(&f, ENDING_silent, SERVER);
	expect_who(&f, WHO_UNKNOWN);
}
