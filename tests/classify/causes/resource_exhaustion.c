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

Test(classify_causes_resource_exhaustion, must_not_win_without_a_word)
{
	struct facts f = at_a_limit("Exceeded MaxStartups");

	f.ssh.notice = -1; /* before 8.2 nothing is said: then nothing tells */
	f.bytes[SERVER] = 0;
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
