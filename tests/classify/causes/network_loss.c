/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <limits.h>
#include <string.h>

TestSuite(classify_causes_network_loss);

static struct facts lost(enum side side)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_silent, !side);
	wait_in_vain(&f, side, 7, SECONDS(27));
	f.silence.ns = NS_PER_S / 2;
	return f;
}

static struct facts unreachable(uint8_t code)
{
	struct facts f = lost(CLIENT);

	end_with(&f, ENDING_rejected, SERVER);
	f.icmp = (struct fact_icmp){ .count = 4,
				     .mark = MARK(90),
				     .type = 3,
				     .code = code,
				     .from = "203.0.113.1",
				     .in_flight = true };
	return f;
}

Test(classify_causes_network_loss, repeats_without_an_answer_in_mid_use_are_loss)
{
	for (enum side side = CLIENT; side <= SERVER; side++) {
		struct facts f = lost(side);

		expect_verdict(&f, network_loss, WHO_NETWORK, SURE_LIKELY);
		f.waiting.both = true;
		expect_verdict(&f, network_loss, WHO_NETWORK, SURE_LIKELY);
	}
}

Test(classify_causes_network_loss, a_router_without_a_way_says_so)
{
	static const uint8_t codes[] = { 0, 1, 5, 6, 7, 8 };

	for (size_t i = 0; i < sizeof(codes); i++) {
		struct facts f = unreachable(codes[i]);

		/* The last router says the same of a host that is down, so not always certain. */
		expect_verdict(&f, network_loss, WHO_NETWORK, SURE_LIKELY);
		f.icmp.in_flight = false; /* it quotes what was never sent */
		cr_expect_lt(verdict_of(&f).confidence, 0.90);
	}
}

Test(classify_causes_network_loss, the_server_that_gave_up_its_keepalive_is_a_victim)
{
	struct facts f = facts_of_a_quiet_session();
	struct verdict v;

	end_with_reset(&f, SERVER, BY_SOCKET);
	wait_in_vain(&f, SERVER, 9, SECONDS(90));
	f.last.server_ago_ns = SECONDS(115);
	f.silence.ns = SECONDS(25);
	f.waiting.len = 0;
	expect_verdict(&f, network_loss, WHO_NETWORK, SURE_LIKELY);
	v = verdict_of(&f);
	cr_expect_not_null(strstr(v.sentence, "gave up"), "%s", v.sentence);
	cr_expect_eq(weigh(CAUSE_server_crash, &f), INT_MIN);
}

Test(classify_causes_network_loss, the_client_whose_fin_follows_unanswered_repeats_is_a_victim)
{
	struct facts f = facts_of_a_quiet_session();

	/* ServerAliveInterval 15, three misses; the FIN stands behind what was never answered. */
	end_with(&f, ENDING_closed, CLIENT);
	f.last.fin_server = false;
	wait_in_vain(&f, CLIENT, 8, SECONDS(45));
	f.last.client_ago_ns = SECONDS(15);
	f.silence.ns = SECONDS(15);
	expect_verdict(&f, network_loss, WHO_NETWORK, SURE_LIKELY);
}

Test(classify_causes_network_loss, must_not_win_when_a_goodbye_is_repeated)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, CLIENT);
	wait_in_vain(&f, CLIENT, 8, SECONDS(45));
	f.last.client_ago_ns = NS_PER_MS;
	expect_not(&f, network_loss);
}

Test(classify_causes_network_loss, must_not_be_loud_when_the_capture_ends_at_once)
{
	struct facts f = lost(CLIENT);

	f.waiting.repeats = 3;
	f.waiting.span_ns = 1400 * NS_PER_MS;
	expect_modest(&f);
}

Test(classify_causes_network_loss, must_not_win_after_a_long_silence)
{
	struct facts f = lost(CLIENT);

	f.silence.ns = SECONDS(352);
	f.lessons.accepted_after = 1;
	f.lessons.accepted_after_mark = MARK(95);
	expect_not(&f, network_loss);
}

Test(classify_causes_network_loss, must_not_win_when_nobody_completed_the_handshake)
{
	struct facts f = lost(SERVER);

	get_half_open(&f); /* a forged source address never answers */
	expect_not(&f, network_loss);
}

Test(classify_causes_network_loss, unanswered_syns_are_possible_at_most)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_unanswered, SERVER);
	get_half_open(&f);
	f.ssh = (struct fact_ssh){ .notice = -1 };
	f.syn_repeats = 6;
	expect_modest(&f);
	expect_verdict(&f, network_loss, WHO_NETWORK, SURE_POSSIBLE);
	f.syn_repeats = 0;
	expect_not(&f, network_loss);
	f.syn_repeats = 6;
	f.lessons.accepted_after = 3; /* a filter or a full queue, not the path */
	expect_not(&f, network_loss);
}

Test(classify_causes_network_loss, must_not_win_for_what_was_answered)
{
	struct facts f = facts_of_a_quiet_session();

	cr_expect_eq(weigh(CAUSE_network_loss, &f), INT_MIN);
	end_with_reset(&f, SERVER, BY_KERNEL);
	cr_expect_eq(weigh(CAUSE_network_loss, &f), INT_MIN);
	end_with(&f, ENDING_closed, SERVER);
	cr_expect_eq(weigh(CAUSE_network_loss, &f), INT_MIN);
}

Test(classify_causes_network_loss, must_not_win_when_a_rule_forbids_it)
{
	struct facts f = unreachable(13);

	expect_not(&f, network_loss);
}

Test(classify_causes_network_loss, each_sign_counts)
{
	struct facts f = lost(CLIENT);

	expect_gain(f, network_loss, then.waiting.both = true);
	expect_loss(f, network_loss, then.lessons.accepted_after = 1);
	expect_loss(f, network_loss, then.waiting.span_ns = SECONDS(2));
	expect_loss(f, network_loss, then.silence.ns = SECONDS(60));
	f.silence.ns = SECONDS(60);
	cr_expect_eq(weigh(CAUSE_network_loss, &f), 6 - 3);
	f.lessons.accepted_after = 1;
	cr_expect_eq(weigh(CAUSE_network_loss, &f), 6 - 3 - 8);
	f = lost(SERVER);
	f.lessons.accepted_after = 1; /* other clients: nothing of this one */
	cr_expect_eq(weigh(CAUSE_network_loss, &f), 6 + 8);
	end_with(&f, ENDING_closed, SERVER);
	f.last.server_ago_ns = SECONDS(15);
	cr_expect_eq(weigh(CAUSE_network_loss, &f), 6 + 8 + 8, "it gave up");
}

Test(classify_causes_network_loss, the_sentence_says_how_it_was_noticed)
{
	struct facts f = lost(CLIENT);
	struct verdict v = verdict_of(&f);

	cr_expect_not_null(strstr(v.sentence, "7 repeats of the client"), "%s", v.sentence);
	f = unreachable(1);
	v = verdict_of(&f);
	cr_expect_not_null(strstr(v.sentence, "a router at 203.0.113.1"), "%s", v.sentence);
	f.icmp.is_v6 = true;
	f.icmp.type = 1;
	f.icmp.code = 3;
	expect_verdict(&f, network_loss, WHO_NETWORK, SURE_LIKELY);
	f.icmp.code = 5; /* a rule of the source address */
	expect_not(&f, network_loss);
	end_with(&f, ENDING_unanswered, SERVER);
	f.syn_repeats = 6;
	v = verdict_of(&f);
	cr_expect_not_null(strstr(v.sentence, "Nothing answered"), "%s", v.sentence);
}

Test(classify_causes_network_loss, a_host_that_says_it_is_unreachable_itself_has_a_rule)
{
	struct facts f = unreachable(1);

	f.icmp.from_server = true;
	expect_not(&f, network_loss);
	expect_verdict(&f, firewall_reject, WHO_SERVER, SURE_LIKELY);
}

Test(classify_causes_network_loss, a_path_that_carries_what_came_after_is_not_dead)
{
	struct facts f = lost(SERVER);

	expect_loss(f, network_loss, then.lack.any = true; then.lack.side = SERVER);
}

Test(classify_causes_network_loss, what_arrived_beside_the_server_was_not_lost_on_the_way)
{
	struct facts f = lost(CLIENT);

	expect_loss(f, network_loss, then.near[SERVER] = true);
}

Test(classify_causes_network_loss, must_not_win_over_a_keepalive_that_gave_up)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_SOCKET);
	wait_in_vain(&f, SERVER, 9, SECONDS(90));
	f.last.server_ago_ns = SECONDS(115);
	f.waiting.probe = true;
	cr_expect_eq(weigh(CAUSE_network_loss, &f), INT_MIN);
}

Test(classify_causes_network_loss, a_syn_that_is_seen_beside_the_server_was_not_lost_on_the_way)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_unanswered, SERVER);
	get_half_open(&f);
	f.ssh = (struct fact_ssh){ .notice = -1 };
	f.syn_repeats = 4;
	expect_loss(f, network_loss, then.near[SERVER] = true);
	expect_loss(f, network_loss, then.lessons.alive_after = 1);
	f.near[SERVER] = true;
	expect_verdict(&f, unexplained, WHO_SERVER, SURE_UNEXPLAINED);
	f.near[SERVER] = f.near[CLIENT] = true; /* one network */
	f.syn_repeats = 0;
	expect_verdict(&f, unexplained, WHO_UNKNOWN, SURE_UNEXPLAINED);
}
