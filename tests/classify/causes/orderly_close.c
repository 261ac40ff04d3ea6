/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <limits.h>
#include <string.h>

TestSuite(classify_causes_orderly_close);

static struct facts closed(enum side side)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, side);
	f.last.client_ago_ns = 2 * NS_PER_MS;
	f.last.client_len = 60;
	f.last.goodbye = f.last.goodbye_alone = true;
	f.ssh.sizes_known = f.ssh.owes_goodbye = true;
	return f;
}

Test(classify_causes_orderly_close, the_client_says_goodbye_and_closes)
{
	struct facts f = closed(CLIENT);

	expect_verdict(&f, orderly_close, WHO_CLIENT, SURE_CERTAIN);
}

Test(classify_causes_orderly_close, a_reset_after_it_is_harmless_and_said_to_be)
{
	struct facts f = closed(CLIENT);
	struct verdict v;

	f.late_reset = MARK(93);
	f.last.fin_server = false;
	expect_verdict(&f, orderly_close, WHO_CLIENT, SURE_CERTAIN);
	v = verdict_of(&f);
	cr_expect_not_null(strstr(v.sentence, "harmless"), "%s", v.sentence);
}

Test(classify_causes_orderly_close, some_clients_reset_in_place_of_the_fin)
{
	struct facts f = closed(CLIENT);

	end_with_reset(&f, CLIENT, BY_SOCKET);
	expect_verdict(&f, orderly_close, WHO_CLIENT, SURE_LIKELY);
}

Test(classify_causes_orderly_close, some_servers_close_on_the_clients_last_words)
{
	struct facts f = closed(SERVER);

	expect_verdict(&f, orderly_close, WHO_CLIENT, SURE_LIKELY); /* it asked for it */
	f.after_fin.data = 1; /* that was no DISCONNECT: more came */
	cr_expect_eq(origin_of(&f).who, WHO_SERVER);
	f.after_fin.data = 0;
	f.ssh.owes_goodbye = f.last.goodbye = f.last.goodbye_alone = false;
	f.last.server_ago_ns = SECONDS(5);
	expect_verdict(&f, orderly_close, WHO_SERVER, SURE_LIKELY);
	f.last.server_ago_ns = NS_PER_MS; /* the server had answered: it closes unasked */
	expect_not(&f, orderly_close);
}

Test(classify_causes_orderly_close, one_direction_is_enough_when_its_acks_tell)
{
	struct facts f = closed(CLIENT);

	f.one_sided = true;
	f.last.fin_server = false;
	expect_verdict(&f, orderly_close, WHO_CLIENT, SURE_LIKELY);
}

Test(classify_causes_orderly_close, must_not_win_when_the_client_leaves_before_a_login)
{
	struct facts f = closed(CLIENT);

	f.last.goodbye = f.last.goodbye_alone = false;
	for (enum ssh_phase phase = SSH_PHASE_IDENTIFICATION; phase < SSH_PHASE_SESSION; phase++) {
		f.ssh.phase = phase;
		expect_not(&f, orderly_close);
	}
	f.ssh.phase = SSH_PHASE_AUTH; /* a login that cannot be told from the rest by its size */
	f.ssh.sizes_known = f.ssh.owes_goodbye = false;
	expect_verdict(&f, orderly_close, WHO_CLIENT, SURE_LIKELY);
}

Test(classify_causes_orderly_close, a_goodbye_shows_that_there_was_a_login)
{
	struct facts f = closed(CLIENT);

	f.ssh.phase = SSH_PHASE_AUTH;
	f.last.server_ago_ns = SECONDS(5);
	expect_verdict(&f, orderly_close, WHO_CLIENT, SURE_LIKELY);
	f.last.server_ago_ns = 0; /* what has that size was answered */
	expect_not(&f, orderly_close);
}

Test(classify_causes_orderly_close, must_not_win_without_the_goodbye_that_is_owed)
{
	struct facts f = closed(CLIENT);

	f.last.goodbye = f.last.goodbye_alone = false;
	expect_not(&f, orderly_close);
	f.last.client_ago_ns = f.last.server_ago_ns = f.last.thought_ns[CLIENT] = SECONDS(100);
	expect_not(&f, orderly_close);
}

Test(classify_causes_orderly_close, a_client_without_a_known_goodbye_ends_a_talk_not_a_silence)
{
	struct facts f = closed(CLIENT);

	f.ssh.owes_goodbye = f.last.goodbye = f.last.goodbye_alone = false;
	expect_verdict(&f, orderly_close, WHO_CLIENT, SURE_LIKELY);
	f.last.client_ago_ns = f.last.server_ago_ns = f.last.thought_ns[CLIENT] = SECONDS(100);
	expect_not(&f, orderly_close);
}

Test(classify_causes_orderly_close, a_session_ends_with_more_than_one_small_packet_of_the_server)
{
	struct facts f = closed(CLIENT);

	f.ssh.owes_goodbye = f.last.goodbye = f.last.goodbye_alone = false;
	f.ssh.close_len = 36;
	f.last.server_len = 72;
	expect_verdict(&f, orderly_close, WHO_CLIENT, SURE_LIKELY);
	expect_loss(f, orderly_close, then.last.server_len = 52);
	f.ssh.owes_goodbye = true; /* whoever said goodbye need not wait for it */
	f.last.goodbye = f.last.goodbye_alone = true;
	f.last.server_len = 36;
	expect_verdict(&f, orderly_close, WHO_CLIENT, SURE_CERTAIN);
}

Test(classify_causes_orderly_close, must_not_win_when_the_server_closes_unasked)
{
	struct facts f = closed(SERVER);

	f.last.goodbye = false;
	f.last.client_ago_ns = SECONDS(5);
	expect_modest(&f);
	f.after_fin.data = 1; /* the client did not know */
	f.after_fin.data_mark = MARK(91);
	expect_not(&f, orderly_close);
}

/* LoginGraceTime, too many attempts: an error, not an end in order. */
Test(classify_causes_orderly_close, must_not_win_when_the_server_closes_during_the_login)
{
	struct facts f = closed(SERVER);

	f.ssh.phase = SSH_PHASE_AUTH;
	f.last.goodbye = false;
	expect_not(&f, orderly_close);
	f.last.client_ago_ns = SECONDS(120);
	be_silent_for(&f, SECONDS(120), CLIENT);
	f.silence.broken = false;
	expect_not(&f, orderly_close);
}

Test(classify_causes_orderly_close, must_not_win_when_the_server_closes_before_the_login)
{
	struct facts f = closed(SERVER);

	f.ssh.phase = SSH_PHASE_KEX;
	expect_not(&f, orderly_close);
}

Test(classify_causes_orderly_close, must_not_win_when_something_was_said_to_be_wrong)
{
	struct facts f = closed(CLIENT);

	f.ssh.mismatch = true;
	cr_expect_eq(weigh(CAUSE_orderly_close, &f), INT_MIN);
	f = closed(SERVER);
	f.ssh.notice = 0;
	cr_expect_eq(weigh(CAUSE_orderly_close, &f), INT_MIN);
	f = closed(CLIENT);
	f.ssh.disconnect = true;
	f.ssh.disconnect_code = 2;
	cr_expect_eq(weigh(CAUSE_orderly_close, &f), INT_MIN);
	f.ssh.disconnect_code = 11; /* by application: the ordinary goodbye */
	expect_verdict(&f, orderly_close, WHO_CLIENT, SURE_CERTAIN);
}

Test(classify_causes_orderly_close, must_not_win_when_a_client_is_killed)
{
	struct facts f = closed(CLIENT);

	end_with_reset(&f, CLIENT, BY_SOCKET);
	f.last.goodbye = false;
	expect_not(&f, orderly_close);
	f.last.goodbye = true; /* a segment of that size, some time ago */
	f.last.client_ago_ns = SECONDS(5);
	expect_not(&f, orderly_close);
}

Test(classify_causes_orderly_close, must_not_win_when_the_client_gave_up)
{
	struct facts f = closed(CLIENT);

	f.last.goodbye = f.last.fin_server = false;
	f.last.client_ago_ns = SECONDS(15);
	wait_in_vain(&f, CLIENT, 8, SECONDS(45));
	cr_expect_eq(weigh(CAUSE_orderly_close, &f), INT_MIN);
}

Test(classify_causes_orderly_close, must_not_win_for_the_servers_reset)
{
	struct facts f = closed(SERVER);

	end_with_reset(&f, SERVER, BY_SOCKET);
	cr_expect_eq(weigh(CAUSE_orderly_close, &f), INT_MIN);
}

Test(classify_causes_orderly_close, each_sign_counts)
{
	struct facts f = closed(CLIENT);
	struct verdict v;

	expect_loss(f, orderly_close, then.last.client_ago_ns = SECONDS(5));
	expect_loss(f, orderly_close, then.last.fin_server = false);
	f = closed(SERVER);
	cr_expect_eq(weigh(CAUSE_orderly_close, &f), 15 + 5);
	expect_loss(f, orderly_close, then.last.client_ago_ns = SECONDS(5));
	expect_loss(f, orderly_close, then.last.goodbye_alone = false);
	expect_loss(f, orderly_close, then.last.fin_client = false);
	f.end.has_side = false; /* one direction, and its acks do not tell */
	expect_verdict(&f, orderly_close, WHO_UNKNOWN, SURE_LIKELY);
	f = closed(CLIENT);
	v = verdict_of(&f);
	cr_expect_str_eq(v.detail, "");
	cr_expect_not_null(strstr(v.sentence, "by the client."), "%s", v.sentence);
	end_with_reset(&f, CLIENT, BY_SOCKET);
	v = verdict_of(&f);
	cr_expect_not_null(strstr(v.sentence, "in place of a FIN"), "%s", v.sentence);
}

Test(classify_causes_orderly_close, another_protocol_on_the_port_that_ends_well_is_no_error)
{
	struct facts f = facts_of_a_quiet_session();
	struct verdict v;

	end_with(&f, ENDING_closed, CLIENT);
	f.ssh.any = false;
	f.ssh.phase = SSH_PHASE_IDENTIFICATION;
	f.ssh.not_ssh[CLIENT] = true;
	expect_verdict(&f, orderly_close, WHO_CLIENT, SURE_LIKELY);
	v = verdict_of(&f);
	cr_expect_str_eq(v.detail, "not_ssh");
	f.ssh.any = true; /* the server did speak SSH: the client should have */
	expect_verdict(&f, protocol_error, WHO_CLIENT, SURE_CERTAIN);
}
