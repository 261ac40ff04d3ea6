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

Test(classify_who, a_reset_that_continues_the_connection_is_its_sockets)
{
	struct facts f = reset_by(SERVER, BY_SOCKET);

	expect_who(&f, WHO_SERVER);
	cr_expect_gt(origin_of(&f).p, 0.99);
	f.reset.has_timestamps = false; /* switched off, or BSD: the counter tells */
	cr_expect_eq(origin_of(&f).kind, KIND_SOCKET);
	f.reset.has_timestamps = true; /* a random identification: timestamps tell */
	f.reset.ip_id_step = 12345;
	cr_expect_eq(origin_of(&f).kind, KIND_SOCKET);
}

Test(classify_who, a_nearer_filter_is_a_device)
{
	struct facts f = reset_by(SERVER, BY_FILTER);

	make_nearer(&f);
	expect_who(&f, WHO_MIDDLEBOX);
	cr_expect_gt(origin_of(&f).p, 0.98);
}

Test(classify_who, another_ttl_alone_is_strong_and_one_of_another_stack_stronger)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);

	f.reset.tos = f.reset.trigger_tos = 0;
	f.reset.ttl = 58;
	cr_expect_eq(origin_of(&f).host_decibans, 2 - 17 + 3 + 4);
	f.reset.ttl = 120;
	cr_expect_eq(origin_of(&f).host_decibans, 2 - 17 - 6 + 3 + 4);
}

Test(classify_who, a_route_that_moved_before_makes_no_loud_device)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);

	f.reset.tos = f.reset.trigger_tos = 0;
	f.reset.ttl_min = 55;
	f.reset.ttl = 56;
	expect_who(&f, WHO_SERVER); /* between those that were seen */
	f.reset.ttl = 58;
	cr_expect(origin_of(&f).who != WHO_MIDDLEBOX || origin_of(&f).p < 0.80);
}

Test(classify_who, one_segment_is_a_poor_baseline)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);

	f.reset.tos = f.reset.trigger_tos = 0;
	f.reset.rtt_min_ns = 0;
	f.reset.ttl = 60;
	f.reset.ttl_samples = 1;
	cr_expect(origin_of(&f).who != WHO_MIDDLEBOX || origin_of(&f).p < 0.80);
	f.reset.ttl_samples = 3;
	expect_who(&f, WHO_MIDDLEBOX);
	cr_expect_gt(origin_of(&f).p, 0.90);
}

Test(classify_who, a_lone_syn_says_nothing_of_its_hosts_ttl)
{
	struct facts f = reset_by(CLIENT, BY_KERNEL);

	f.handshake = HANDSHAKE_PARTIAL;
	f.reset.ttl_min = f.reset.ttl_max = 242; /* a scanner wrote the SYN itself */
	f.reset.ttl_samples = 1;
	expect_who(&f, WHO_CLIENT);
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

Test(classify_who, what_comes_sooner_than_the_host_can_is_a_devices)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);

	f.reset.since_trigger_ns = 10 * NS_PER_MS;
	f.reset.tos = f.reset.trigger_tos = 0;
	cr_expect_lt(origin_of(&f).host_decibans, 0);
	f.reset.burst = true; /* it may answer an earlier one */
	cr_expect_gt(origin_of(&f).host_decibans, 0);
	f.reset.burst = false;
	f.reset.since_trigger_ns = 20 * NS_PER_MS; /* between half and the whole: no word */
	cr_expect_eq(origin_of(&f).host_decibans, 2 + 6 + 3);
	f.reset.since_trigger_ns = 30 * NS_PER_MS;
	cr_expect_eq(origin_of(&f).host_decibans, 2 + 6 + 3 + 4);
	f.reset.answers = false; /* nor is there a delay of what is no answer */
	cr_expect_eq(origin_of(&f).host_decibans, 2 + 6 + 3);
}

Test(classify_who, on_the_same_host_distance_says_nothing)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);

	f.reset.rtt_min_ns = 20 * NS_PER_US;
	f.reset.since_trigger_ns = 2 * NS_PER_US;
	expect_who(&f, WHO_SERVER);
}

Test(classify_who, a_cleared_mark_is_a_device_only_where_marks_arrive)
{
	struct facts f = reset_by(SERVER, BY_FILTER);
	struct fact_origin kept = origin_of(&f), bleached;

	f.reset.side_keeps_tos = false;
	bleached = origin_of(&f);
	cr_expect_not(kept.bleached);
	cr_expect(bleached.bleached);
	cr_expect_lt(kept.host_decibans, bleached.host_decibans);
	cr_expect_neq(bleached.who, WHO_MIDDLEBOX);
	/* Nor with nothing else known, as for a closed port behind a provider that clears DSCP. */
	f.reset.ttl_min = f.reset.ttl_max = 0;
	f.reset.rtt_min_ns = 0;
	expect_who(&f, WHO_UNKNOWN);
}

Test(classify_who, ipv6_has_no_identification_to_miss)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);

	use_long_addresses(&f);
	expect_who(&f, WHO_SERVER);
	cr_expect_eq(origin_of(&f).kind, KIND_KERNEL);
	end_with_reset(&f, SERVER, BY_SOCKET);
	use_long_addresses(&f);
	cr_expect_eq(origin_of(&f).kind, KIND_SOCKET);
}

Test(classify_who, an_identification_far_from_the_counter_is_a_devices)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);
	int zero = origin_of(&f).host_decibans;

	f.reset.ip_id = 33000;
	f.reset.ip_id_step = 29000;
	cr_expect_leq(origin_of(&f).host_decibans, zero - 12);
	f.reset.ip_id_habit = IP_ID_OTHER; /* OpenBSD's are random */
	cr_expect_gt(origin_of(&f).host_decibans, zero - 12);
}

Test(classify_who, windows_counts_on_for_others_during_a_silence)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);

	f.reset.ttl = f.reset.ttl_min = f.reset.ttl_max = 121;
	f.reset.ip_id = 33000;
	f.reset.ip_id_step = 29000;
	f.reset.tos = f.reset.trigger_tos = 0;
	be_silent_for(&f, SECONDS(3600), CLIENT);
	expect_who(&f, WHO_SERVER);
}

Test(classify_who, a_host_that_goes_on_did_not_reset)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);

	f.reset.life = 4;
	f.reset.life_mark = MARK(93);
	f.reset.tos = f.reset.trigger_tos = 0;
	f.reset.trigger_acked = true;
	expect_who(&f, WHO_MIDDLEBOX);
}

Test(classify_who, a_filter_on_the_host_stops_a_segment_and_the_socket_goes_on)
{
	struct facts f = reset_by(SERVER, BY_FILTER);

	f.reset.life = 4;
	f.reset.life_mark = MARK(93);
	cr_expect(origin_of(&f).who != WHO_MIDDLEBOX || origin_of(&f).p < 0.80);
}

Test(classify_who, both_ends_at_once_and_unasked_is_a_device)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);

	f.reset.tos = f.reset.trigger_tos = 0;
	f.reset.answers = false;
	f.reset.since_trigger_ns = SECONDS(240);
	expect_who(&f, WHO_UNKNOWN);
	f.reset.both_ways = true;
	expect_who(&f, WHO_MIDDLEBOX);
	end_with_reset(&f, SERVER, BY_SOCKET); /* a kill of the session is unasked too */
	f.reset.answers = false;
	f.reset.both_ways = true;
	cr_expect_eq(origin_of(&f).host_decibans, 25 + 6 + 3);
}

Test(classify_who, what_the_capture_lacks_may_have_asked_for_it)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);
	int complete;

	f.reset.answers = false;
	f.reset.since_trigger_ns = SECONDS(5);
	f.reset.more = f.reset.more_unprovoked = 2;
	complete = origin_of(&f).host_decibans;
	f.missing = 1;
	cr_expect_gt(origin_of(&f).host_decibans, complete);
}

Test(classify_who, one_reset_for_each_late_segment_is_no_sign)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);
	int one = origin_of(&f).host_decibans;

	f.reset.more = 3;
	cr_expect_eq(origin_of(&f).host_decibans, one);
	f.reset.more_unprovoked = 3;
	cr_expect_lt(origin_of(&f).host_decibans, one);
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
