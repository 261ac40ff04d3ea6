/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <limits.h>
#include <string.h>

TestSuite(classify_causes_firewall_reject);

static struct facts rejected(uint8_t type, uint8_t code)
{
	struct facts f = facts_of_a_quiet_session();

	refuse(&f, BY_KERNEL);
	memset(&f.reset, 0, sizeof(f.reset));
	end_with(&f, ENDING_rejected, SERVER);
	f.icmp = (struct fact_icmp){ .count = 1,
				     .mark = MARK(90),
				     .type = type,
				     .code = code,
				     .from = "203.0.113.1",
				     .in_flight = true };
	return f;
}

static struct facts broken(enum form form)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, form);
	return f;
}

Test(classify_causes_firewall_reject, icmp_that_says_prohibited_is_a_rule)
{
	static const uint8_t codes[] = { 9, 10, 13, 3 };

	for (size_t i = 0; i < sizeof(codes); i++) {
		struct facts f = rejected(3, codes[i]);

		expect_verdict(&f, firewall_reject, WHO_MIDDLEBOX, SURE_LIKELY);
	}
	for (uint8_t code = 1; code <= 6; code++) {
		struct facts f = rejected(1, code);

		f.icmp.is_v6 = true;
		if (code == 1 || code >= 4)
			expect_verdict(&f, firewall_reject, WHO_MIDDLEBOX, SURE_LIKELY);
		else
			expect_not(&f, firewall_reject);
	}
}

Test(classify_causes_firewall_reject, the_servers_own_rule_is_the_servers)
{
	struct facts f = rejected(3, 3);

	f.icmp.from_server = true;
	expect_verdict(&f, firewall_reject, WHO_SERVER, SURE_LIKELY);
}

Test(classify_causes_firewall_reject, a_refusal_from_nearer_than_the_server_is_a_filters)
{
	struct facts f = facts_of_a_quiet_session();

	refuse(&f, BY_FILTER);
	make_nearer(&f);
	expect_verdict(&f, firewall_reject, WHO_MIDDLEBOX, SURE_LIKELY);
}

Test(classify_causes_firewall_reject, a_nearer_reset_that_stops_a_segment_is_a_filters)
{
	struct facts f = broken(BY_FILTER);

	make_nearer(&f);
	f.reset.life = 2;
	f.reset.life_mark = MARK(93);
	expect_verdict(&f, firewall_reject, WHO_MIDDLEBOX, SURE_CERTAIN);
}

Test(classify_causes_firewall_reject, a_filter_on_the_server_is_at_the_servers_distance)
{
	struct facts f = broken(BY_FILTER);

	/* A kernel would have copied the DSCP, and the path keeps it: only a filter is left. */
	expect_verdict(&f, firewall_reject, WHO_SERVER, SURE_LIKELY);
	expect_uncertain(&f); /* a bridge beside the server has its distance too */
	expect_loss(f, firewall_reject, then.reset.side_keeps_tos = false);
}

Test(classify_causes_firewall_reject, must_not_win_for_a_closed_port)
{
	struct facts f = facts_of_a_quiet_session();

	refuse(&f, BY_KERNEL);
	expect_not(&f, firewall_reject);
	f.reset.tos = f.reset.trigger_tos = 0;
	expect_not(&f, firewall_reject);
	use_long_addresses(&f);
	expect_not(&f, firewall_reject);
}

Test(classify_causes_firewall_reject, must_not_be_loud_when_the_path_may_clear_the_marks)
{
	struct facts f = facts_of_a_quiet_session();

	refuse(&f, BY_FILTER);
	expect_modest(&f);
	f.reset.ttl_of_others = false; /* nor is anything known of the server */
	f.reset.ttl_min = f.reset.ttl_max = 0;
	f.reset.rtt_min_ns = 0;
	expect_modest(&f);
}

Test(classify_causes_firewall_reject, must_not_win_for_a_kernel_that_lost_the_connection)
{
	struct facts f = broken(BY_KERNEL);

	expect_not(&f, firewall_reject);
	f.reset.tos = f.reset.trigger_tos = 0;
	expect_not(&f, firewall_reject);
}

Test(classify_causes_firewall_reject, must_not_win_for_a_socket)
{
	struct facts f = broken(BY_SOCKET);

	cr_expect_eq(weigh(CAUSE_firewall_reject, &f), INT_MIN);
}

Test(classify_causes_firewall_reject, must_not_win_after_a_silence_that_explains_it)
{
	struct facts f = broken(BY_FILTER);

	make_nearer(&f);
	be_silent_for(&f, SECONDS(352), CLIENT);
	expect_not(&f, firewall_reject);
}

Test(classify_causes_firewall_reject, must_not_win_when_what_it_answers_arrived)
{
	struct facts f = broken(BY_FILTER);

	make_nearer(&f);
	f.reset.life = 2;
	f.reset.trigger_acked = true;
	expect_not(&f, firewall_reject);
}

Test(classify_causes_firewall_reject, must_not_win_where_a_router_has_no_way)
{
	static const uint8_t codes[] = { 0, 1, 4, 5 };

	for (size_t i = 0; i < sizeof(codes); i++) {
		struct facts f = rejected(3, codes[i]);

		expect_not(&f, firewall_reject);
	}
}

Test(classify_causes_firewall_reject, must_not_win_in_mid_stream)
{
	struct facts f = broken(BY_FILTER);

	make_nearer(&f);
	f.mid_stream = true;
	f.handshake = HANDSHAKE_MISSING;
	expect_not(&f, firewall_reject);
}

Test(classify_causes_firewall_reject, each_sign_counts)
{
	struct facts f = broken(BY_FILTER);

	make_nearer(&f);
	expect_loss(f, firewall_reject, then.reset.answers = false);
	expect_gain(f, firewall_reject, then.reset.life = 1);
	expect_loss(f, firewall_reject,
		    then.reset.tos = then.reset.trigger_tos); /* a NAT's kernel */
	expect_loss(f, firewall_reject, be_silent_for(&then, SECONDS(60), CLIENT));
	f.reset.trigger_tos = 0; /* nothing to clear or to copy: nearness is enough */
	cr_expect_eq(weigh(CAUSE_firewall_reject, &f), 10 + 5);
	f = broken(BY_FILTER);
	expect_loss(f, firewall_reject, then.reset.side_keeps_tos = false);
	f = facts_of_a_quiet_session();
	refuse(&f, BY_FILTER);
	expect_gain(f, firewall_reject, then.reset.side_keeps_tos = true);
	expect_loss(f, firewall_reject, then.reset.tos = then.reset.trigger_tos);
}

Test(classify_causes_firewall_reject, the_sentence_says_what_was_rejected_and_where)
{
	struct facts f = rejected(3, 13);
	struct verdict v = verdict_of(&f);

	cr_expect_str_eq(v.detail, "icmp");
	cr_expect_not_null(strstr(v.sentence, "203.0.113.1 rejected"), "%s", v.sentence);
	refuse(&f, BY_FILTER);
	make_nearer(&f);
	v = verdict_of(&f);
	cr_expect_str_eq(v.detail, "tcp_reset_to_syn");
	cr_expect_not_null(strstr(v.sentence, "on the path refused"), "%s", v.sentence);
	f = broken(BY_FILTER);
	v = verdict_of(&f);
	cr_expect_str_eq(v.detail, "tcp_reset_midstream");
	cr_expect_not_null(strstr(v.sentence, "on the server's host broke"), "%s", v.sentence);
}
