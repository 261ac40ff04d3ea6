/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <limits.h>
#include <string.h>

TestSuite(classify_causes_auth_failure);

/* Refused three times; then one of the two closes, a round trip of 20 ms after the last answer. */
static struct facts refused(enum side closes)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, closes);
	f.ssh.phase = SSH_PHASE_AUTH;
	f.ssh.sizes_known = f.ssh.refusals_counted = f.ssh.refused_last = true;
	f.ssh.refusals = 3;
	f.ssh.encrypted[CLIENT] = 5;
	f.ssh.encrypted[SERVER] = 6;
	f.last.server_ago_ns = 21 * NS_PER_MS;
	f.last.client_ago_ns = 44 * NS_PER_MS;
	f.last.thought_ns[CLIENT] = NS_PER_MS;
	f.last.thought_ns[SERVER] = 40 * NS_PER_MS;
	return f;
}

Test(classify_causes_auth_failure, a_client_leaves_when_all_it_has_is_refused)
{
	struct facts f = refused(CLIENT);
	struct verdict v;

	expect_verdict(&f, auth_failure, WHO_CLIENT, SURE_LIKELY);
	v = verdict_of(&f);
	cr_expect_not_null(strstr(v.sentence, "Permission denied"), "%s", v.sentence);
	f.ssh.refusals_counted = false; /* a form whose refusals cannot be told */
	f.ssh.refusals = 0;
	expect_verdict(&f, auth_failure, WHO_CLIENT, SURE_LIKELY);
}

Test(classify_causes_auth_failure, a_server_has_enough_of_it)
{
	struct facts f = refused(SERVER);

	expect_verdict(&f, auth_failure, WHO_SERVER, SURE_LIKELY);
	cr_expect_str_eq(verdict_of(&f).detail, "too_many_failures");
	f.last.thought_ns[SERVER] = SECONDS(2); /* PAM */
	f.last.client_ago_ns = f.last.server_ago_ns = SECONDS(2);
	expect_verdict(&f, auth_failure, WHO_SERVER, SURE_LIKELY);
}

Test(classify_causes_auth_failure, must_not_win_when_a_person_leaves_the_prompt)
{
	struct facts f = refused(CLIENT);

	f.ssh.refusals = 0;
	f.last.thought_ns[CLIENT] = f.last.server_ago_ns = f.last.client_ago_ns = SECONDS(21);
	expect_verdict(&f, client_abort, WHO_CLIENT, SURE_LIKELY);
	f.ssh.refusals = 2; /* of being refused, perhaps */
	expect_modest(&f);
}

Test(classify_causes_auth_failure, must_not_win_when_the_time_runs_out)
{
	struct facts f = refused(SERVER);

	f.last.thought_ns[SERVER] = f.last.server_ago_ns = f.last.client_ago_ns = SECONDS(100);
	cr_expect_eq(weigh(CAUSE_auth_failure, &f), INT_MIN);
}

Test(classify_causes_auth_failure, must_not_win_after_a_login_or_when_one_cannot_be_told)
{
	struct facts f = refused(CLIENT);

	f.ssh.phase = SSH_PHASE_SESSION;
	cr_expect_eq(weigh(CAUSE_auth_failure, &f), INT_MIN);
	f.ssh.phase = SSH_PHASE_KEX;
	cr_expect_eq(weigh(CAUSE_auth_failure, &f), INT_MIN);
	f.ssh.phase = SSH_PHASE_AUTH;
	f.ssh.sizes_known = false;
	cr_expect_eq(weigh(CAUSE_auth_failure, &f), INT_MIN);
	f = refused(CLIENT);
	f.missing = 1; /* the success may be among what the capture lacks */
	cr_expect_eq(weigh(CAUSE_auth_failure, &f), INT_MIN);
}

Test(classify_causes_auth_failure, must_not_win_when_nothing_was_refused_yet)
{
	struct facts f = refused(SERVER);

	f.ssh.refusals = 0;
	f.ssh.encrypted[SERVER] = 2;
	cr_expect_eq(weigh(CAUSE_auth_failure, &f), INT_MIN);
	f = refused(CLIENT);
	f.ssh.encrypted[SERVER] = 1;
	cr_expect_eq(weigh(CAUSE_auth_failure, &f), INT_MIN);
}

Test(classify_causes_auth_failure, each_sign_counts)
{
	struct facts f = refused(CLIENT);

	expect_loss(f, auth_failure, then.ssh.refusals = 0);
	expect_loss(f, auth_failure, then.ssh.refused_last = false); /* it may have been let in */
	expect_loss(f, auth_failure, then.last.thought_ns[CLIENT] = SECONDS(5));
}
