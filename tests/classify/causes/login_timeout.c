/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <limits.h>
#include <string.h>

TestSuite(classify_causes_login_timeout);

/* Nobody typed a password; the server closes so long after it took the connection. */
static struct facts closed_after(int64_t ns)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, SERVER);
	f.ssh.phase = SSH_PHASE_AUTH;
	f.ssh.sizes_known = true;
	f.ssh.encrypted[SERVER] = 3;
	f.end.after_ns = ns;
	f.end.time_ns = f.first_ns + ns;
	f.last.client_ago_ns = f.last.server_ago_ns = ns - SECONDS(1);
	f.last.thought_ns[CLIENT] = f.last.thought_ns[SERVER] = ns - SECONDS(1);
	return f;
}

Test(classify_causes_login_timeout, two_minutes_are_the_usual_time)
{
	struct facts f = closed_after(SECONDS(120) + 90 * NS_PER_MS);

	expect_verdict(&f, login_timeout, WHO_SERVER, SURE_LIKELY);
	f.ssh.phase = SSH_PHASE_IDENTIFICATION; /* a client that said nothing at all */
	f.ssh.has_identification[CLIENT] = false;
	f.last.client_ago_ns = f.last.thought_ns[SERVER] = -1;
	expect_verdict(&f, login_timeout, WHO_SERVER, SURE_LIKELY);
}

Test(classify_causes_login_timeout, other_times_are_round_and_weigh_less)
{
	static const int seconds[] = { 120, 30, 20, 15 };
	int before = INT_MAX;

	for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
		struct facts f = closed_after(SECONDS(seconds[i]) + 90 * NS_PER_MS);

		cr_expect_lt(weigh(CAUSE_login_timeout, &f), before, "%d s", seconds[i]);
		before = weigh(CAUSE_login_timeout, &f);
	}
	cr_expect_gt(before, 0);
}

Test(classify_causes_login_timeout, some_servers_add_seconds_by_chance)
{
	struct facts f = closed_after(SECONDS(123) + 300 * NS_PER_MS);

	expect_not(&f, login_timeout);
	f.ssh.jitters = true;
	expect_verdict(&f, login_timeout, WHO_SERVER, SURE_LIKELY);
	f.end.after_ns = SECONDS(125);
	cr_expect_lt(weigh(CAUSE_login_timeout, &f), 14);
}

Test(classify_causes_login_timeout, must_not_win_at_any_moment)
{
	struct facts f = closed_after(SECONDS(53) + 820 * NS_PER_MS);

	expect_not(&f, login_timeout);
	expect_modest(&f);
}

Test(classify_causes_login_timeout, must_not_win_when_the_server_had_something_to_close_on)
{
	struct facts f = closed_after(SECONDS(120));

	f.last.client_ago_ns = f.last.thought_ns[SERVER] = 30 * NS_PER_MS;
	cr_expect_eq(weigh(CAUSE_login_timeout, &f), INT_MIN);
}

Test(classify_causes_login_timeout, must_not_win_after_a_login_or_for_the_client)
{
	struct facts f = closed_after(SECONDS(120));

	f.ssh.phase = SSH_PHASE_SESSION;
	cr_expect_eq(weigh(CAUSE_login_timeout, &f), INT_MIN);
	f = closed_after(SECONDS(120));
	end_with(&f, ENDING_closed, CLIENT);
	cr_expect_eq(weigh(CAUSE_login_timeout, &f), INT_MIN);
	f = closed_after(SECONDS(120));
	f.ssh.has_identification[SERVER] = false; /* a server that never spoke is no SSH server */
	cr_expect_eq(weigh(CAUSE_login_timeout, &f), INT_MIN);
	f = closed_after(SECONDS(3));
	cr_expect_eq(weigh(CAUSE_login_timeout, &f), INT_MIN);
}

Test(classify_causes_login_timeout, words_that_never_arrived_are_the_better_reason)
{
	struct facts f = closed_after(SECONDS(120));

	expect_loss(f, login_timeout, wait_in_vain(&then, CLIENT, 8, SECONDS(100)));
}
