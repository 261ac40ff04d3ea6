/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <limits.h>
#include <string.h>

TestSuite(classify_causes_resource_exhaustion);

static struct facts at_a_limit(const char *text)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, SERVER);
	f.bytes[SERVER] = strlen(text) + 2;
	f.ssh.phase = SSH_PHASE_IDENTIFICATION;
	f.ssh.has_identification[SERVER] = false;
	f.ssh.notice = notice_of(text, strlen(text));
	f.ssh.notice_from = SERVER;
	f.ssh.notice_mark = MARK(5);
	strcpy(f.ssh.notice_text, text);
	return f;
}

Test(classify_causes_resource_exhaustion, the_line_settles_it_closed_or_reset)
{
	struct facts f = at_a_limit("Exceeded MaxStartups");

	expect_verdict(&f, resource_exhaustion, WHO_SERVER, SURE_CERTAIN);
	cr_expect_str_eq(verdict_of(&f).detail, "max_startups");
	end_with_reset(&f, SERVER, BY_SOCKET); /* the client's words were unread */
	expect_verdict(&f, resource_exhaustion, WHO_SERVER, SURE_CERTAIN);
	end_with_reset(&f, SERVER, BY_KERNEL); /* they came after the close */
	expect_verdict(&f, resource_exhaustion, WHO_SERVER, SURE_CERTAIN);
}

Test(classify_causes_resource_exhaustion, newer_servers_have_one_text_for_all_limits)
{
	struct facts f = at_a_limit("Not allowed at this time");

	expect_verdict(&f, resource_exhaustion, WHO_SERVER, SURE_CERTAIN);
	cr_expect_str_eq(verdict_of(&f).detail, "max_startups_or_penalty");
}

Test(classify_causes_resource_exhaustion, a_disconnect_may_say_so_too)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, SERVER);
	f.ssh.phase = SSH_PHASE_KEX;
	f.ssh.disconnect = true;
	f.ssh.disconnect_from = SERVER;
	f.ssh.disconnect_code = 12;
	expect_verdict(&f, resource_exhaustion, WHO_SERVER, SURE_CERTAIN);
	cr_expect_str_eq(verdict_of(&f).detail, "too_many_connections");
	f.ssh.disconnect_from = CLIENT;
	expect_not(&f, resource_exhaustion);
}

Test(classify_causes_resource_exhaustion, without_a_word_it_is_only_likelier_than_a_rule)
{
	struct facts f = at_a_limit("Exceeded MaxStartups");

	f.ssh.notice = -1; /* before 8.2 nothing is said */
	f.ssh.notice_text[0] = '\0';
	f.bytes[SERVER] = 0;
	f.last.server_ago_ns = -1;
	f.end.after_ns = 40 * NS_PER_MS;
	expect_verdict(&f, resource_exhaustion, WHO_SERVER, SURE_POSSIBLE);
	cr_expect_str_eq(verdict_of(&f).detail, "turned_away");
	expect_modest(&f);
	f.end.after_ns = SECONDS(5) + 80 * NS_PER_MS; /* libwrap */
	expect_not(&f, resource_exhaustion);
	f.end.after_ns = 40 * NS_PER_MS;
	f.lessons.refused_after = 1; /* the listener had gone */
	expect_not(&f, resource_exhaustion);
}

Test(classify_causes_resource_exhaustion, must_not_win_for_other_complaints)
{
	struct facts f = at_a_limit("Invalid SSH identification string.");

	cr_expect_eq(weigh(CAUSE_resource_exhaustion, &f), INT_MIN);
	f = at_a_limit("Too many users, go away");
	expect_not(&f, resource_exhaustion);
}

Test(classify_causes_resource_exhaustion, must_not_win_when_the_client_says_it)
{
	struct facts f = at_a_limit("Exceeded MaxStartups");

	f.ssh.notice_from = CLIENT;
	expect_not(&f, resource_exhaustion);
}

/* The kernel answers, the program does not; the client gives up. */
static struct facts mute(int64_t after_ns)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, CLIENT);
	f.bytes[SERVER] = 0;
	f.end.after_ns = after_ns;
	f.end.time_ns = f.first_ns + after_ns;
	f.last.server_ago_ns = f.last.thought_ns[CLIENT] = -1;
	f.last.client_ago_ns = f.last.thought_ns[SERVER] = after_ns;
	f.ssh.phase = SSH_PHASE_IDENTIFICATION;
	f.ssh.has_identification[SERVER] = false;
	return f;
}

Test(classify_causes_resource_exhaustion, a_client_gives_up_on_a_server_that_says_nothing)
{
	struct facts f = mute(SECONDS(30));
	struct verdict v;

	expect_verdict(&f, resource_exhaustion, WHO_SERVER, SURE_POSSIBLE);
	v = verdict_of(&f);
	cr_expect_str_eq(v.detail, "no_answer");
	cr_expect_not_null(strstr(v.sentence, "gave up"), "%s", v.sentence);
	f = mute(SECONDS(3));
	expect_verdict(&f, resource_exhaustion, WHO_SERVER, SURE_POSSIBLE);
	f.ssh.has_identification[CLIENT] = false; /* a look whether the port is open */
	expect_modest(&f);
}

Test(classify_causes_resource_exhaustion, must_not_win_when_the_client_does_not_wait)
{
	struct facts f = mute(400 * NS_PER_MS);

	cr_expect_eq(weigh(CAUSE_resource_exhaustion, &f), INT_MIN);
}

Test(classify_causes_resource_exhaustion, must_not_win_when_the_server_did_speak)
{
	struct facts f = mute(SECONDS(30));

	f.last.server_ago_ns = SECONDS(29);
	cr_expect_eq(weigh(CAUSE_resource_exhaustion, &f), INT_MIN);
}

Test(classify_causes_resource_exhaustion, what_was_not_acknowledged_may_be_lost)
{
	struct facts f = mute(SECONDS(30));

	expect_loss(f, resource_exhaustion, wait_in_vain(&then, CLIENT, 1, SECONDS(1)));
	expect_loss(f, resource_exhaustion, then.end.after_ns = SECONDS(3));
}

Test(classify_causes_resource_exhaustion, a_server_that_stops_in_the_login_may_be_stuck)
{
	struct facts f = mute(SECONDS(30));

	f.ssh.has_identification[SERVER] = true;
	f.ssh.phase = SSH_PHASE_KEX;
	f.bytes[SERVER] = 1100;
	f.last.client_ago_ns = SECONDS(29);
	f.last.server_ago_ns = f.last.thought_ns[CLIENT] = SECONDS(29) + 1;
	cr_expect_gt(weigh(CAUSE_resource_exhaustion, &f), 0);
	expect_modest(&f);                       /* or the client had a reason of its own */
	f.last.thought_ns[CLIENT] = SECONDS(28); /* it was the client's turn */
	cr_expect_eq(weigh(CAUSE_resource_exhaustion, &f), INT_MIN);
}
