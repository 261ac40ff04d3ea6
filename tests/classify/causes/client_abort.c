/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <limits.h>

TestSuite(classify_causes_client_abort);

static struct facts aborted(enum form form)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, CLIENT, form);
	f.last.server_ago_ns = 20 * NS_PER_MS;
	return f;
}

Test(classify_causes_client_abort, a_reset_of_the_clients_socket_is_its_programs)
{
	struct facts f = aborted(BY_SOCKET);

	expect_verdict(&f, client_abort, WHO_CLIENT, SURE_CERTAIN);
	f.last.server_ago_ns = SECONDS(400);
	be_silent_for(&f, SECONDS(400), CLIENT); /* linger 0 leaves nothing unread */
	f.silence.broken = false;
	expect_verdict(&f, client_abort, WHO_CLIENT, SURE_LIKELY);
}

Test(classify_causes_client_abort, a_scanners_kernel_does_not_want_the_connection)
{
	struct facts f = aborted(BY_KERNEL);

	get_half_open(&f);
	f.ssh = (struct fact_ssh){ .notice = -1 };
	f.last = (struct fact_last){ .client_ago_ns = -1, .server_ago_ns = -1 };
	f.reset.ttl_samples = 1;
	expect_verdict(&f, client_abort, WHO_CLIENT, SURE_LIKELY);
}

Test(classify_causes_client_abort, a_fin_may_be_the_users_or_the_end)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, CLIENT);
	cr_expect_gt(weigh(CAUSE_client_abort, &f), 0);
	expect_not(&f, client_abort); /* orderly is likelier */
}

Test(classify_causes_client_abort, must_not_win_after_a_goodbye)
{
	struct facts f = aborted(BY_SOCKET);

	f.last.server_ago_ns = SECONDS(5);
	f.last.goodbye = f.last.goodbye_alone = true;
	f.last.client_len = 60;
	f.last.client_ago_ns = NS_PER_MS;
	expect_not(&f, client_abort);
}

Test(classify_causes_client_abort, must_not_win_when_a_nat_speaks_for_the_client)
{
	struct facts f = aborted(BY_KERNEL);

	/* Server's capture: the NAT's kernel copies the DSCP, and is nearer than the client. */
	f.reset.ttl = 69;
	be_silent_for(&f, SECONDS(7500), SERVER);
	expect_not(&f, client_abort);
}

Test(classify_causes_client_abort, must_not_be_loud_when_the_marks_leave_open_who_it_was)
{
	struct facts f = aborted(BY_KERNEL);

	f.mid_stream = true;
	f.handshake = HANDSHAKE_MISSING;
	f.reset.ttl_min = f.reset.ttl_max = 0;
	f.reset.ttl_samples = 0;
	f.reset.rtt_min_ns = 0;
	expect_modest(&f);
}

Test(classify_causes_client_abort, must_not_win_when_the_client_gave_up_on_a_dead_path)
{
	struct facts f = aborted(BY_SOCKET);

	f.last.client_ago_ns = f.last.server_ago_ns = SECONDS(7875);
	be_silent_for(&f, SECONDS(7200), CLIENT);
	wait_in_vain(&f, CLIENT, 9, SECONDS(675));
	f.waiting.len = 0;
	cr_expect_eq(weigh(CAUSE_client_abort, &f), INT_MIN);
	expect_modest(&f);
}

Test(classify_causes_client_abort, must_not_win_when_the_reset_claims_to_be_the_servers)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_SOCKET);
	cr_expect_eq(weigh(CAUSE_client_abort, &f), INT_MIN);
	end_with(&f, ENDING_closed, SERVER);
	cr_expect_eq(weigh(CAUSE_client_abort, &f), INT_MIN);
}

Test(classify_causes_client_abort, unread_output_speaks_for_it_and_a_long_silence_against)
{
	struct facts f = aborted(BY_SOCKET);

	expect_loss(f, client_abort, then.last.server_ago_ns = SECONDS(5));
	expect_loss(f, client_abort, then.silence.ns = SECONDS(400));
	f = aborted(BY_KERNEL); /* a kernel without a socket has nothing unread */
	f.reset.has_ack = true;
	cr_expect_eq(weigh(CAUSE_client_abort, &f), 4);
	f.last.server_ago_ns = SECONDS(5);
	cr_expect_eq(weigh(CAUSE_client_abort, &f), 4);
}

Test(classify_causes_client_abort, must_not_win_for_a_kernel_that_has_no_such_connection)
{
	struct facts f =
		aborted(BY_KERNEL); /* a program that ends leaves a FIN or its socket's reset */

	cr_expect_lt(weigh(CAUSE_client_abort, &f), 0);
	expect_not(&f, client_abort);
	f.reset.after_outage = true; /* its FIN waits behind data, or was lost */
	cr_expect_gt(weigh(CAUSE_client_abort, &f), 0);
	f.reset.after_outage = false;
	get_half_open(&f); /* a scanner's kernel refuses the SYN-ACK */
	cr_expect_gt(weigh(CAUSE_client_abort, &f), 0);
}

Test(classify_causes_client_abort, a_reset_to_the_syn_ack_is_called_half_open)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, CLIENT, BY_KERNEL);
	get_half_open(&f);
	f.ssh.any = false;
	f.ssh.phase = SSH_PHASE_IDENTIFICATION;
	cr_expect_str_eq(verdict_of(&f).detail, "half_open");
	f.handshake = HANDSHAKE_COMPLETE;
	cr_expect_str_neq(verdict_of(&f).detail, "half_open");
}

/* An OpenSSH that was killed: its kernel closes, and nobody says DISCONNECT. */
static struct facts killed(int64_t quiet_ns)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, CLIENT);
	f.ssh.sizes_known = f.ssh.owes_goodbye = true;
	f.last.client_ago_ns = f.last.server_ago_ns = f.last.thought_ns[CLIENT] = quiet_ns;
	return f;
}

Test(classify_causes_client_abort, a_fin_without_the_goodbye_that_is_owed)
{
	struct facts f = killed(SECONDS(100));

	expect_verdict(&f, client_abort, WHO_CLIENT, SURE_LIKELY);
	f.ssh.owes_goodbye = false; /* no known goodbye: the silence tells */
	expect_verdict(&f, client_abort, WHO_CLIENT, SURE_LIKELY);
}

Test(classify_causes_client_abort, a_jump_host_swallows_goodbyes)
{
	struct facts f = killed(30 * NS_PER_MS);

	expect_gain(f, client_abort, then.last.thought_ns[CLIENT] = SECONDS(100);
		    then.last.client_ago_ns = then.last.server_ago_ns = SECONDS(100));
	expect_loss(f, client_abort, then.last.thought_ns[CLIENT] = 80 * NS_PER_MS);
	f.last.thought_ns[CLIENT] = 80 * NS_PER_MS;
	expect_modest(&f);
}

Test(classify_causes_client_abort, must_not_be_loud_when_the_client_was_left_without_an_answer)
{
	struct facts f = killed(SECONDS(100));

	f.last.client_ago_ns = SECONDS(60);
	expect_loss(killed(SECONDS(100)), client_abort, then.last.client_ago_ns = SECONDS(60));
	f.ssh.unanswered = 3;
	expect_not(&f, client_abort);
}

Test(classify_causes_client_abort, before_a_login_a_client_goes_for_its_own_reasons)
{
	struct facts f = killed(SECONDS(21));

	f.ssh.owes_goodbye = false;
	f.ssh.phase = SSH_PHASE_AUTH;
	f.ssh.encrypted[SERVER] = 3;
	expect_verdict(&f, client_abort, WHO_CLIENT, SURE_LIKELY);
	f.ssh.phase = SSH_PHASE_KEX;
	expect_verdict(&f, client_abort, WHO_CLIENT, SURE_LIKELY);
	expect_gain(f, client_abort, then.ssh.key_shown = true); /* "(yes/no)?" */
	f.ssh.phase = SSH_PHASE_IDENTIFICATION;
	expect_verdict(&f, client_abort, WHO_CLIENT, SURE_LIKELY);
	f.ssh.mismatch = true; /* and when there is a reason, that is it */
	expect_not(&f, client_abort);
}

Test(classify_causes_client_abort, a_lost_syn_makes_no_scanner_of_who_sent_data)
{
	struct facts f = aborted(BY_KERNEL);

	f.handshake = HANDSHAKE_PARTIAL;
	expect_not(&f, client_abort);
}

Test(classify_causes_client_abort, must_not_win_when_it_was_the_protocol_that_failed)
{
	struct facts f = aborted(BY_SOCKET);

	f.ssh.malformed[SERVER] = true;
	f.ssh.malformed_mark[SERVER] = MARK(9);
	f.ssh.phase = SSH_PHASE_KEX;
	expect_verdict(&f, protocol_error, WHO_CLIENT, SURE_CERTAIN);
}
