/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <limits.h>
#include <string.h>

TestSuite(classify_causes_access_denied);

/* The client has spoken, the server has not, and now its socket resets. */
static struct facts turned_away(void)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_SOCKET);
	f.bytes[SERVER] = 0;
	f.ssh.phase = SSH_PHASE_IDENTIFICATION;
	f.ssh.has_identification[SERVER] = false;
	f.ssh.kexinit[CLIENT] = f.ssh.kexinit[SERVER] = false;
	f.last.server_ago_ns = -1;
	f.last.client_ago_ns = 20 * NS_PER_MS;
	f.end.after_ns = SECONDS(5) + 80 * NS_PER_MS; /* libwrap */
	return f;
}

Test(classify_causes_access_denied, a_reset_without_a_word_of_the_server_is_likely_a_refusal)
{
	struct facts f = turned_away();

	expect_verdict(&f, access_denied, WHO_SERVER, SURE_LIKELY);
}

Test(classify_causes_access_denied, its_mimics_look_the_same_so_it_is_never_certain)
{
	struct facts f = turned_away();
	struct verdict v;

	f.lessons.accepted_after = 9;
	v = verdict_of(&f);
	cr_expect_eq(v.cause, CAUSE_access_denied, "%s", words_of(&v));
	cr_expect_geq(v.sure, SURE_LIKELY, "%s", words_of(&v));
}

Test(classify_causes_access_denied, a_silent_fin_may_be_a_proxys_and_says_less)
{
	struct facts f = turned_away();

	end_with(&f, ENDING_closed, SERVER);
	memset(&f.reset, 0, sizeof(f.reset));
	expect_verdict(&f, access_denied, WHO_SERVER, SURE_LIKELY);
	expect_loss(turned_away(), access_denied, end_with(&then, ENDING_closed, SERVER));
}

Test(classify_causes_access_denied, what_happens_at_once_is_rather_a_limit)
{
	struct facts f = turned_away();

	f.end.after_ns = 40 * NS_PER_MS;
	expect_verdict(&f, resource_exhaustion, WHO_SERVER, SURE_POSSIBLE);
	expect_modest(&f);
	cr_expect_gt(weigh(CAUSE_access_denied, &f), 0);
}

Test(classify_causes_access_denied, a_look_up_takes_time_and_others_are_still_let_in)
{
	struct facts f = turned_away();

	expect_loss(f, access_denied, then.end.after_ns = SECONDS(2));
	expect_loss(f, access_denied, then.end.after_ns = SECONDS(9));
	f.end.after_ns = 40 * NS_PER_MS;
	expect_gain(f, access_denied, then.end.after_ns = SECONDS(2));
	expect_gain(f, access_denied, then.lessons.accepted_after = 1);
}

Test(classify_causes_access_denied, a_listener_that_stopped_leaves_a_closed_port)
{
	struct facts f = turned_away();

	f.lessons.refused_after = 2;
	expect_not(&f, access_denied);
}

Test(classify_causes_access_denied, the_log_is_asked_for_the_clients_whole_address)
{
	struct facts f = turned_away();
	struct verdict v;

	use_long_addresses(&f);
	v = verdict_of(&f);
	cr_expect_not_null(strstr(v.settle[0].command, "'fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd'"),
			   "%s", v.settle[0].command);
}

Test(classify_causes_access_denied, must_not_win_when_the_server_spoke)
{
	struct facts f = turned_away();

	f.bytes[SERVER] = 22;
	expect_not(&f, access_denied);
}

Test(classify_causes_access_denied, must_not_win_when_its_words_may_be_missing_from_the_capture)
{
	struct facts f = turned_away();

	f.missing = 1;
	expect_not(&f, access_denied);
	f = turned_away();
	f.one_sided = true;
	expect_not(&f, access_denied);
}

Test(classify_causes_access_denied, must_not_win_when_a_device_made_the_reset)
{
	struct facts f = turned_away();

	end_with_reset(&f, SERVER, BY_FILTER);
	make_nearer(&f);
	expect_not(&f, access_denied);
}

Test(classify_causes_access_denied, must_not_win_when_the_client_left_or_spoke_no_ssh)
{
	struct facts f = turned_away();

	end_with(&f, ENDING_closed, CLIENT);
	cr_expect_eq(weigh(CAUSE_access_denied, &f), INT_MIN);
	f = turned_away();
	f.ssh.not_ssh[CLIENT] = true;
	cr_expect_eq(weigh(CAUSE_access_denied, &f), INT_MIN);
}

Test(classify_causes_access_denied, must_not_win_when_the_handshake_was_not_completed)
{
	struct facts f = turned_away();

	get_half_open(&f);
	expect_not(&f, access_denied);
}

/* A Match with RefuseConnection: the first request of the login has no answer but a FIN. */
static struct facts refused_by_name(void)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, SERVER);
	f.ssh.phase = SSH_PHASE_AUTH;
	f.ssh.sizes_known = true;
	f.ssh.encrypted[CLIENT] = 2;
	f.ssh.encrypted[SERVER] = 1;
	f.last.client_ago_ns = 20 * NS_PER_MS;
	f.last.server_ago_ns = 40 * NS_PER_MS;
	f.last.thought_ns[SERVER] = NS_PER_MS;
	return f;
}

Test(classify_causes_access_denied, a_rule_for_a_user_ends_the_login_at_its_first_request)
{
	struct facts f = refused_by_name();

	expect_verdict(&f, access_denied, WHO_SERVER, SURE_POSSIBLE);
	cr_expect_str_eq(verdict_of(&f).detail, "refused_by_name");
	expect_modest(&f); /* a crash looks like that */
}

Test(classify_causes_access_denied, must_not_win_when_the_login_was_answered)
{
	struct facts f = refused_by_name();

	f.ssh.encrypted[SERVER] = 4;
	f.ssh.refusals = 1;
	expect_not(&f, access_denied);
	f = refused_by_name();
	f.last.thought_ns[SERVER] = SECONDS(40);
	expect_not(&f, access_denied);
}
