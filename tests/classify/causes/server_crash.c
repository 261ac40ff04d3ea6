/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <limits.h>
#include <string.h>

TestSuite(classify_causes_server_crash);

/* The server's FIN, the client's surprised goodbye, the kernel's reset. */
static struct facts killed(void)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, SERVER);
	f.last.fin_client = false;
	f.after_fin.data = 1;
	f.after_fin.data_mark = MARK(91);
	f.after_fin.reset = true;
	f.after_fin.reset_mark = MARK(92);
	f.late_reset = MARK(92);
	f.silence.ns = SECONDS(8) + NS_PER_S / 2;
	f.silence.from = MARK(60);
	f.silence.to = MARK(90);
	return f;
}

Test(classify_causes_server_crash, a_fin_without_a_goodbye_that_surprises_the_client)
{
	struct facts f = killed();

	expect_verdict(&f, server_crash, WHO_SERVER, SURE_LIKELY);
}

Test(classify_causes_server_crash, others_that_live_on_show_that_the_host_was_well)
{
	struct facts f = killed();
	double alone = verdict_of(&f).confidence;

	f.lessons.survived = 2;
	f.lessons.accepted_after = 1;
	f.lessons.accepted_after_mark = MARK(95);
	cr_expect_gt(verdict_of(&f).confidence, alone);
	expect_verdict(&f, server_crash, WHO_SERVER, SURE_LIKELY);
}

Test(classify_causes_server_crash, a_socket_reset_with_data_unread)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_SOCKET);
	f.last.client_ago_ns = 10 * NS_PER_MS;
	expect_verdict(&f, server_crash, WHO_SERVER, SURE_LIKELY);
	f.last.client_ago_ns = 0; /* an upload: the next segment was on its way */
	expect_verdict(&f, server_crash, WHO_SERVER, SURE_LIKELY);
}

/* UnusedConnectionTimeout, ChannelTimeout, a proxy's idle limit: they close like this too. */
Test(classify_causes_server_crash, must_not_win_when_a_timer_closed_an_idle_session)
{
	static const int64_t limits[] = { 30, 300, 600, 900, 3600 };

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct facts f = killed();

		f.silence.ns = SECONDS(limits[i]) + 40 * NS_PER_MS;
		f.lessons.accepted_after = f.lessons.survived = 1;
		expect_modest(&f);
	}
}

Test(classify_causes_server_crash, a_port_that_was_shut_then_was_shut_by_no_idle_timer)
{
	struct facts f = killed();

	f.silence.ns = SECONDS(300); /* by chance */
	f.lessons.refused_after = 2;
	f.lessons.refused_after_mark = MARK(97);
	cr_expect_gt(weigh(CAUSE_server_crash, &f), 0);
	f.lessons.refused_after = 0;
	cr_expect_lt(weigh(CAUSE_server_crash, &f), 0);
}

Test(classify_causes_server_crash, must_not_win_in_any_phase_before_the_session)
{
	for (int phase = SSH_PHASE_IDENTIFICATION; phase < SSH_PHASE_SESSION; phase++) {
		struct facts f = killed();

		f.ssh.phase = (enum ssh_phase)phase; /* LoginGraceTime, too many attempts */
		cr_expect_eq(weigh(CAUSE_server_crash, &f), INT_MIN);
	}
}

Test(classify_causes_server_crash, must_not_win_when_the_server_answers_a_goodbye)
{
	struct facts f = killed();

	f.after_fin.data = 0;
	f.after_fin.reset = false;
	f.last.fin_client = true;
	f.last.client_ago_ns = 20 * NS_PER_MS;
	expect_not(&f, server_crash);
}

/* dropbear and others close on the channel's close; the DISCONNECT behind it comes too late. */
Test(classify_causes_server_crash,
     must_not_be_loud_when_the_server_closes_on_the_clients_last_words)
{
	struct facts f = killed();

	f.silence.ns = NS_PER_MS;
	f.last.client_ago_ns = NS_PER_MS;
	f.last.server_ago_ns = 2 * NS_PER_MS;
	expect_modest(&f);
	f.last.server_ago_ns = 0; /* but not in the middle of its own output */
	expect_verdict(&f, server_crash, WHO_SERVER, SURE_LIKELY);
}

Test(classify_causes_server_crash, must_not_be_loud_for_a_socket_that_resets_unasked)
{
	struct facts f = facts_of_a_quiet_session();

	/* ss -K, linger 0, a proxy: the client had sent nothing that could be unread. */
	end_with_reset(&f, SERVER, BY_SOCKET);
	f.last.client_ago_ns = f.last.server_ago_ns = SECONDS(600);
	f.silence.ns = SECONDS(600);
	f.silence.from = MARK(60);
	f.silence.to = MARK(90);
	f.reset.answers = false;
	f.reset.since_trigger_ns = SECONDS(600);
	expect_modest(&f);
}

Test(classify_causes_server_crash, must_not_win_when_the_servers_keepalive_gave_up)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_SOCKET);
	f.last.client_ago_ns = f.last.server_ago_ns = SECONDS(7875);
	be_silent_for(&f, SECONDS(7200), SERVER);
	wait_in_vain(&f, SERVER, 9, SECONDS(675));
	cr_expect_eq(weigh(CAUSE_server_crash, &f), INT_MIN);
}

Test(classify_causes_server_crash, must_not_win_for_a_devices_reset_or_the_clients)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_FILTER);
	make_nearer(&f);
	cr_expect_eq(weigh(CAUSE_server_crash, &f), INT_MIN);
	end_with_reset(&f, CLIENT, BY_SOCKET);
	cr_expect_eq(weigh(CAUSE_server_crash, &f), INT_MIN);
	end_with(&f, ENDING_closed, CLIENT);
	cr_expect_eq(weigh(CAUSE_server_crash, &f), INT_MIN);
}

Test(classify_causes_server_crash, must_not_win_from_one_direction_or_without_a_word_of_ssh)
{
	struct facts f = killed();

	f.one_sided = true;
	cr_expect_eq(weigh(CAUSE_server_crash, &f), INT_MIN);
	f = killed();
	f.mid_stream = true;
	f.ssh.any = false;
	cr_expect_eq(weigh(CAUSE_server_crash, &f), INT_MIN);
}

/* A kernel closes what a dead process had open: it leaves a FIN or a socket's reset. */
Test(classify_causes_server_crash, must_not_win_for_a_kernel_that_does_not_know_the_connection)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_KERNEL);
	cr_expect_eq(weigh(CAUSE_server_crash, &f), INT_MIN);
	f.lessons.accepted_after = f.lessons.survived = 1;
	cr_expect_eq(weigh(CAUSE_server_crash, &f), INT_MIN);
}

/* The kernel took it and nobody ever answered; then the socket was reset. */
static struct facts queued(void)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_SOCKET);
	f.bytes[CLIENT] = 41;
	f.bytes[SERVER] = 0;
	f.ssh.phase = SSH_PHASE_IDENTIFICATION;
	f.ssh.has_identification[SERVER] = f.ssh.kexinit[CLIENT] = f.ssh.kexinit[SERVER] = false;
	f.last.server_ago_ns = -1;
	f.last.server_mark = NO_MARK;
	f.end.after_ns = SECONDS(11);
	return f;
}

Test(classify_causes_server_crash, connections_of_all_ages_that_go_at_once_were_in_a_queue)
{
	struct facts f = queued();

	f.lessons.ended_with = f.lessons.ended_other_age = 1;
	f.lessons.ended_with_mark = MARK(91);
	expect_verdict(&f, server_crash, WHO_SERVER, SURE_POSSIBLE);
	f.lessons.refused_after = 1;
	f.lessons.refused_after_mark = MARK(95);
	expect_verdict(&f, server_crash, WHO_SERVER, SURE_LIKELY);
	cr_expect_not_null(strstr(verdict_of(&f).sentence, "still in its queue"));
	f.lessons.ended_with = f.lessons.ended_other_age = 0;
	expect_verdict(&f, server_crash, WHO_SERVER, SURE_POSSIBLE);
}

Test(classify_causes_server_crash, must_not_win_for_a_client_that_is_turned_away_alone)
{
	struct facts f = queued();

	cr_expect_eq(weigh(CAUSE_server_crash, &f), INT_MIN);
	f.lessons.ended_with = 1; /* of the same age: asked and turned away together */
	cr_expect_eq(weigh(CAUSE_server_crash, &f), INT_MIN);
	f.lessons.ended_other_age = 1;
	f.bytes[SERVER] = 41;
	cr_expect_eq(weigh(CAUSE_server_crash, &f), INT_MIN);
	f = queued();
	f.lessons.refused_after = 1;
	f.bytes[CLIENT] = 0; /* a scanner's */
	cr_expect_eq(weigh(CAUSE_server_crash, &f), INT_MIN);
}

Test(classify_causes_server_crash, each_sign_counts)
{
	struct facts f = killed();

	expect_loss(f, server_crash, then.after_fin.data = 0);
	expect_loss(f, server_crash, then.after_fin.reset = false);
	expect_loss(f, server_crash, then.silence.ns = SECONDS(44));
	expect_loss(f, server_crash, then.silence.ns = SECONDS(60));
	expect_gain(f, server_crash, then.lessons.survived = 1);
	expect_gain(f, server_crash, then.lessons.accepted_after = 1);
	expect_gain(f, server_crash, then.lessons.ended_with = 3);
	expect_loss(f, server_crash, then.lessons.missed = 1);
	f.after_fin.data = 0;
	f.after_fin.reset = false;
	cr_expect_eq(weigh(CAUSE_server_crash, &f), 3, "unasked, and that is all");
	f.last.client_ago_ns = 20 * NS_PER_MS; /* perhaps its goodbye */
	cr_expect_eq(weigh(CAUSE_server_crash, &f), -11);
	f.after_fin.data = 1;
	cr_expect_eq(weigh(CAUSE_server_crash, &f), 8 - 11);
	f.after_fin.data = 2; /* a DISCONNECT alone is one segment: it had not said goodbye */
	cr_expect_eq(weigh(CAUSE_server_crash, &f), 8 - 4);
	f.after_fin.data = 0;
	f.last.client_ago_ns = SECONDS(3); /* read long ago */
	end_with_reset(&f, SERVER, BY_SOCKET);
	cr_expect_eq(weigh(CAUSE_server_crash, &f), 3);
	f.last.client_ago_ns = SECONDS(1);
	cr_expect_eq(weigh(CAUSE_server_crash, &f), 18);
}

Test(classify_causes_server_crash, the_sentence_says_what_the_server_did)
{
	struct facts f = killed();
	struct verdict v = verdict_of(&f);

	cr_expect_not_null(strstr(v.sentence, "kernel closed its side, with no goodbye."), "%s",
			   v.sentence);
	end_with_reset(&f, SERVER, BY_SOCKET);
	f.last.client_ago_ns = 0;
	f.lessons.survived = 1;
	v = verdict_of(&f);
	cr_expect_not_null(strstr(v.sentence, "its socket was reset, with no goodbye, while the "
					      "host lived on"),
			   "%s", v.sentence);
}
