/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <limits.h>

TestSuite(classify_causes_still_open);

Test(classify_causes_still_open, a_quiet_session_is_open)
{
	struct facts f = facts_of_a_quiet_session();

	expect_verdict(&f, still_open, WHO_NONE, SURE_CERTAIN);
}

Test(classify_causes_still_open, a_long_silence_at_the_end_changes_nothing)
{
	struct facts f = facts_of_a_quiet_session();

	f.silence.survived_ns = SECONDS(4000);
	f.last.client_ago_ns = f.last.server_ago_ns = SECONDS(4000);
	expect_verdict(&f, still_open, WHO_NONE, SURE_CERTAIN);
}

Test(classify_causes_still_open, resets_that_nobody_obeys_change_nothing)
{
	struct facts f = facts_of_a_quiet_session();

	f.late_reset = MARK(80);
	expect_verdict(&f, still_open, WHO_NONE, SURE_CERTAIN);
}

Test(classify_causes_still_open, must_not_win_when_it_ended_in_any_way)
{
	for (int ending = ENDING_open + 1; ending < ENDING_COUNT; ending++) {
		struct facts f = facts_of_a_quiet_session();

		end_with(&f, (enum ending)ending, SERVER);
		cr_expect_eq(weigh(CAUSE_still_open, &f), INT_MIN, "%d", ending);
		expect_not(&f, still_open);
	}
}

Test(classify_causes_still_open, must_not_win_when_the_key_exchange_cannot_succeed)
{
	struct facts f = facts_of_a_quiet_session();

	f.ssh.phase = SSH_PHASE_KEX;
	f.ssh.mismatch = true;
	expect_not(&f, still_open);
}
