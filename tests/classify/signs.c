/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

TestSuite(classify_signs);

/* Probes of the server, then its reset. */
static struct facts probed(void)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_SOCKET);
	f.last.server_ago_ns = SECONDS(7875);
	wait_in_vain(&f, SERVER, 8, SECONDS(675));
	return f;
}

Test(classify_signs, who_repeats_itself_in_vain_and_resets_gave_up)
{
	struct facts f = probed();

	cr_expect(gave_up(&f));
	end_with(&f, ENDING_closed, SERVER);
	cr_expect(gave_up(&f));
}

Test(classify_signs, one_repeat_is_haste)
{
	struct facts f = probed();

	f.waiting.repeats = 1;
	cr_expect_not(gave_up(&f));
}

Test(classify_signs, who_was_answered_in_the_end_did_not_give_up)
{
	struct facts f = probed();

	f.waiting.any = false;
	cr_expect_not(gave_up(&f));
	f = probed();
	f.waiting.first = MARK(85); /* another segment waits than did before the end */
	cr_expect_not(gave_up(&f));
}

Test(classify_signs, the_other_sides_repeats_do_not_count)
{
	struct facts f = probed();

	f.waiting.side = f.silence.broken_by = CLIENT;
	cr_expect_not(gave_up(&f));
}

Test(classify_signs, a_goodbye_that_was_lost_with_its_fin_is_a_goodbye)
{
	struct facts f = probed();

	end_with(&f, ENDING_closed, SERVER);
	f.last.server_ago_ns = 2 * NS_PER_MS;
	cr_expect_not(gave_up(&f));
}

Test(classify_signs, one_direction_cannot_tell_that_nothing_was_answered)
{
	struct facts f = probed();

	f.one_sided = true;
	cr_expect_not(gave_up(&f));
}

Test(classify_signs, silence_is_no_decision)
{
	struct facts f = probed();

	end_with(&f, ENDING_silent, CLIENT);
	cr_expect_not(gave_up(&f));
}

Test(classify_signs, a_timers_silence_is_a_number_of_half_minutes)
{
	cr_expect(is_by_the_clock(SECONDS(30)));
	cr_expect(is_by_the_clock(SECONDS(600)));
	cr_expect(is_by_the_clock(SECONDS(600) + NS_PER_S / 2));
	cr_expect(is_by_the_clock(SECONDS(900) - NS_PER_S / 2));
	cr_expect_not(is_by_the_clock(0));
	cr_expect_not(is_by_the_clock(NS_PER_S));
	cr_expect_not(is_by_the_clock(SECONDS(604)));
	cr_expect_not(is_by_the_clock(SECONDS(45)));
}

Test(classify_signs, a_copied_mark_needs_a_mark_and_an_answer)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_KERNEL);
	cr_expect(dscp_is_copied(&f.reset));
	f.reset.answers = false;
	cr_expect_not(dscp_is_copied(&f.reset));
	f.reset.answers = true;
	f.reset.tos = f.reset.trigger_tos = 1; /* ECN alone */
	cr_expect_not(dscp_is_copied(&f.reset));
}

Test(classify_signs, who_asked_twice_and_closed_without_a_word_asked_in_vain)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, CLIENT);
	f.alive[CLIENT].unanswered = 2;
	f.last.client_ago_ns = SECONDS(15);
	cr_expect(asked_in_vain(&f));
	f.last.client_ago_ns = NS_PER_MS; /* a goodbye */
	cr_expect_not(asked_in_vain(&f));
	f.last.client_ago_ns = SECONDS(15);
	f.alive[CLIENT].unanswered = 1;
	cr_expect_not(asked_in_vain(&f));
	f.alive[CLIENT].unanswered = 2;
	f.one_sided = true;
	cr_expect_not(asked_in_vain(&f));
}

Test(classify_signs, the_capture_is_beside_the_server_when_only_the_client_is_routed)
{
	struct facts f = facts_of_a_quiet_session();

	f.near[SERVER] = true;
	cr_expect(beside_server(&f));
	f.near[CLIENT] = true; /* one network */
	cr_expect_not(beside_server(&f));
}

Test(classify_signs, probes_that_were_not_heard_are_given_up_too)
{
	struct facts f = probed();

	f.silence.broken = false;
	cr_expect_not(gave_up(&f));
	f.waiting.unheard = f.waiting.probe = true;
	cr_expect(gave_up(&f));
}

static struct facts closed(enum side side, int64_t client_ago_ns, int64_t server_ago_ns)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, side);
	f.last.client_ago_ns = f.last.thought_ns[SERVER] = client_ago_ns;
	f.last.server_ago_ns = f.last.thought_ns[CLIENT] = server_ago_ns;
	return f;
}

Test(classify_signs, a_silence_is_when_neither_had_spoken)
{
	for (enum side side = CLIENT; side <= SERVER; side++) {
		struct facts f = closed(side, SECONDS(9), SECONDS(9));

		cr_expect(parted_in_silence(&f) && !parted_at_once(&f));
		f = closed(side, SECONDS(9), NS_PER_MS);
		cr_expect_not(parted_in_silence(&f));
		f = closed(side, NS_PER_MS, SECONDS(9));
		cr_expect_not(parted_in_silence(&f));
	}
}

Test(classify_signs, who_never_spoke_was_silent_all_the_time)
{
	struct facts f = closed(CLIENT, -1, -1);

	cr_expect(parted_in_silence(&f) && !parted_at_once(&f));
	f.end.after_ns = NS_PER_S;
	cr_expect_not(parted_in_silence(&f));
}

Test(classify_signs, at_once_is_on_the_words_of_the_other)
{
	struct facts f = closed(CLIENT, SECONDS(9), 20 * NS_PER_MS);

	cr_expect(parted_at_once(&f));
	f = closed(SERVER, SECONDS(9), 20 * NS_PER_MS);
	cr_expect_not(parted_at_once(&f));
}

Test(classify_signs, that_there_was_no_login_must_have_been_seen)
{
	struct facts f = closed(CLIENT, SECONDS(1), SECONDS(1)), g;

	f.ssh.sizes_known = true;
	cr_expect_not(is_before_login(&f));
	f.ssh.phase = SSH_PHASE_AUTH;
	cr_expect(is_before_login(&f));
	g = f;
	g.ssh.sizes_known = false;
	cr_expect_not(is_before_login(&g));
	g = f;
	g.missing = 1;
	cr_expect_not(is_before_login(&g));
	f.ssh.phase = SSH_PHASE_KEX;
	cr_expect(is_before_login(&f));
	g = f;
	g.one_sided = true;
	cr_expect_not(is_before_login(&g));
	g = f;
	g.mid_stream = true;
	cr_expect_not(is_before_login(&g));
	for (enum side side = CLIENT; side <= SERVER; side++) {
		g = f;
		g.ssh.gap[side] = true;
		cr_expect_not(is_before_login(&g));
	}
}

Test(classify_signs, a_mute_server_answered_with_its_kernel_alone)
{
	struct facts f = closed(CLIENT, SECONDS(2), -1), g;

	cr_expect(server_is_mute(&f));
	g = f;
	g.last.server_ago_ns = SECONDS(1);
	cr_expect_not(server_is_mute(&g));
	g = f;
	g.missing = 1;
	cr_expect_not(server_is_mute(&g));
	g = f;
	g.one_sided = true;
	cr_expect_not(server_is_mute(&g));
	g = f;
	g.syn_ack_mark = NO_MARK;
	cr_expect_not(server_is_mute(&g));
}

Test(classify_signs, a_client_is_unheard_when_it_has_answered_and_hears_no_more)
{
	struct facts f = closed(CLIENT, SECONDS(9), SECONDS(10)), g;

	f.ssh.phase = SSH_PHASE_KEX;
	cr_expect(client_is_unheard(&f));
	g = f;
	g.ssh.phase = SSH_PHASE_SESSION; /* a command may take its time */
	cr_expect_not(client_is_unheard(&g));
	g = f;
	g.last.thought_ns[CLIENT] = SECONDS(9) - 1; /* their words crossed: it has still to speak */
	cr_expect_not(client_is_unheard(&g));
	g = f;
	g.last.client_ago_ns = NS_PER_S;
	cr_expect_not(client_is_unheard(&g));
	g = f;
	g.ssh.phase = SSH_PHASE_AUTH;
	g.ssh.sizes_known = true;
	cr_expect_not(client_is_unheard(&g), "NEWKEYS asks for nothing");
	g.ssh.encrypted[CLIENT] = 1;
	cr_expect(client_is_unheard(&g));
}

Test(classify_signs, a_reset_comes_at_once_behind_a_goodbye)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, CLIENT, BY_SOCKET);
	f.last.goodbye = true;
	f.last.client_ago_ns = 5 * NS_PER_MS;
	cr_expect(said_goodbye(&f));
	f.last.client_ago_ns = 80 * NS_PER_MS; /* it only has the size of one */
	cr_expect_not(said_goodbye(&f));
	end_with(&f, ENDING_closed, CLIENT);
	f.last.client_ago_ns = 80 * NS_PER_MS;
	cr_expect(said_goodbye(&f));
}
