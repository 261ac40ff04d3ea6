/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

TestSuite(classify_who_reset);

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

Test(classify_who_reset, a_reset_that_continues_the_connection_is_its_sockets)
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

Test(classify_who_reset, a_nearer_filter_is_a_device)
{
	struct facts f = reset_by(SERVER, BY_FILTER);

	make_nearer(&f);
	expect_who(&f, WHO_MIDDLEBOX);
	cr_expect_gt(origin_of(&f).p, 0.98);
}

Test(classify_who_reset, another_ttl_alone_is_strong_and_one_of_another_stack_stronger)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);

	f.reset.tos = f.reset.trigger_tos = 0;
	f.reset.ttl = 58;
	cr_expect_eq(origin_of(&f).host_decibans, 2 - 20 + 3 + 4);
	f.reset.ttl = 120;
	cr_expect_eq(origin_of(&f).host_decibans, 2 - 20 - 6 + 3 + 4);
	f.reset.ttl_samples = 5; /* a route may have moved so soon */
	cr_expect_eq(origin_of(&f).host_decibans, 2 - 17 - 6 + 3 + 4);
}

Test(classify_who_reset, a_route_that_moved_before_makes_no_loud_device)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);

	f.reset.tos = f.reset.trigger_tos = 0;
	f.reset.ttl_min = 55;
	f.reset.ttl = 56;
	expect_who(&f, WHO_SERVER); /* between those that were seen */
	f.reset.ttl = 58;
	cr_expect(origin_of(&f).who != WHO_MIDDLEBOX || origin_of(&f).p < 0.80);
}

Test(classify_who_reset, one_segment_is_a_poor_baseline)
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

Test(classify_who_reset, a_lone_syn_says_nothing_of_its_hosts_ttl)
{
	struct facts f = reset_by(CLIENT, BY_KERNEL);

	f.handshake = HANDSHAKE_PARTIAL;
	f.reset.ttl_min = f.reset.ttl_max = 242; /* a scanner wrote the SYN itself */
	f.reset.ttl_samples = 1;
	expect_who(&f, WHO_CLIENT);
}

Test(classify_who_reset, what_comes_sooner_than_the_host_can_is_a_devices)
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

Test(classify_who_reset, on_the_same_host_distance_says_nothing)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);

	f.reset.rtt_min_ns = 20 * NS_PER_US;
	f.reset.since_trigger_ns = 2 * NS_PER_US;
	expect_who(&f, WHO_SERVER);
}

Test(classify_who_reset, a_cleared_mark_is_a_device_only_where_marks_arrive)
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

Test(classify_who_reset, ipv6_has_no_identification_to_miss)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);

	use_long_addresses(&f);
	expect_who(&f, WHO_SERVER);
	cr_expect_eq(origin_of(&f).kind, KIND_KERNEL);
	end_with_reset(&f, SERVER, BY_SOCKET);
	use_long_addresses(&f);
	cr_expect_eq(origin_of(&f).kind, KIND_SOCKET);
}

Test(classify_who_reset, an_identification_far_from_the_counter_is_a_devices)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);
	int zero = origin_of(&f).host_decibans;

	f.reset.ip_id = 33000;
	f.reset.ip_id_step = 29000;
	cr_expect_leq(origin_of(&f).host_decibans, zero - 12);
	f.reset.ip_id_habit = IP_ID_OTHER; /* OpenBSD's are random */
	cr_expect_gt(origin_of(&f).host_decibans, zero - 12);
}

Test(classify_who_reset, windows_counts_on_for_others_during_a_silence)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);

	f.reset.ttl = f.reset.ttl_min = f.reset.ttl_max = 121;
	f.reset.ip_id = 33000;
	f.reset.ip_id_step = 29000;
	f.reset.tos = f.reset.trigger_tos = 0;
	be_silent_for(&f, SECONDS(3600), CLIENT);
	expect_who(&f, WHO_SERVER);
}

Test(classify_who_reset, a_host_that_goes_on_did_not_reset)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);

	f.reset.life = 4;
	f.reset.life_mark = MARK(93);
	f.reset.tos = f.reset.trigger_tos = 0;
	f.reset.trigger_acked = true;
	expect_who(&f, WHO_MIDDLEBOX);
}

Test(classify_who_reset, a_filter_on_the_host_stops_a_segment_and_the_socket_goes_on)
{
	struct facts f = reset_by(SERVER, BY_FILTER);

	f.reset.life = 4;
	f.reset.life_mark = MARK(93);
	cr_expect(origin_of(&f).who != WHO_MIDDLEBOX || origin_of(&f).p < 0.80);
}

Test(classify_who_reset, sockets_speak_first_and_have_ack)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);
	int bare;

	f.reset.answers = false;
	f.reset.unasked = true;
	bare = origin_of(&f).host_decibans;
	f.reset.has_ack = true; /* a stack whose resets have no window and no timestamps */
	cr_expect_gt(origin_of(&f).host_decibans, bare);
	f.mid_stream = true; /* what it answers may have been before the capture */
	cr_expect_gt(origin_of(&f).host_decibans, bare + 6);
}

Test(classify_who_reset, what_was_answered_already_is_not_refused)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);
	int owed;

	f.reset.tos = f.reset.trigger_tos = 0;
	owed = origin_of(&f).host_decibans;
	f.reset.answers = false;
	f.reset.already_answered = true;
	cr_expect_eq(origin_of(&f).host_decibans, owed - 4 - 12);
	f.missing = 1; /* another segment may have come after it */
	cr_expect_eq(origin_of(&f).host_decibans, owed - 4);
}

Test(classify_who_reset, a_socket_that_goes_on_did_not_reset)
{
	struct facts f = reset_by(SERVER, BY_SOCKET);

	f.reset.life = 1;
	f.reset.life_mark = MARK(93);
	expect_who(&f, WHO_MIDDLEBOX);
	f.reset.fit = RESET_FIT_WINDOW; /* late segments may lie before its number */
	expect_who(&f, WHO_SERVER);
}

Test(classify_who_reset, a_server_that_accepts_the_same_syn_did_not_refuse_it)
{
	struct facts f = facts_of_a_quiet_session();

	refuse(&f, BY_KERNEL);
	expect_who(&f, WHO_SERVER);
	f.reset.life = 1;
	f.reset.life_mark = MARK(92);
	expect_who(&f, WHO_MIDDLEBOX);
}

Test(classify_who_reset, much_too_soon_outweighs_a_perfect_copy)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);

	f.reset.since_trigger_ns = 4 * NS_PER_MS; /* an eighth of the round trip, and a bit */
	cr_expect_gt(origin_of(&f).host_decibans, 0);
	f.reset.since_trigger_ns = 3 * NS_PER_MS;
	cr_expect_lt(origin_of(&f).host_decibans, 0);
}

Test(classify_who_reset, what_the_capture_lacks_may_have_asked_for_it)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);
	int complete;

	f.reset.answers = false;
	f.reset.unasked = true;
	f.reset.since_trigger_ns = SECONDS(5);
	f.reset.more = f.reset.more_unprovoked = 2;
	complete = origin_of(&f).host_decibans;
	f.missing = 1;
	cr_expect_gt(origin_of(&f).host_decibans, complete);
}

Test(classify_who_reset, one_reset_for_each_late_segment_is_no_sign)
{
	struct facts f = reset_by(SERVER, BY_KERNEL);
	int one = origin_of(&f).host_decibans;

	f.reset.more = 3;
	cr_expect_eq(origin_of(&f).host_decibans, one);
	f.reset.more_unprovoked = 3;
	cr_expect_lt(origin_of(&f).host_decibans, one);
}

Test(classify_who_reset, a_socket_that_resets_does_not_answer_the_acknowledgment_before_it)
{
	struct facts f = reset_by(SERVER, BY_SOCKET);
	int host_decibans;

	f.reset.answers = true;
	f.reset.trigger_had_data = false;
	f.reset.since_trigger_ns = 10000; /* the program left when it crossed the capture */
	f.reset.rtt_min_ns = 20 * NS_PER_MS;
	expect_who(&f, WHO_SERVER);
	host_decibans = origin_of(&f).host_decibans;
	f.reset.trigger_had_data = true;
	cr_expect_eq(origin_of(&f).host_decibans, host_decibans - 22);
}
