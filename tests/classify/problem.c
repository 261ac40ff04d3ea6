/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

TestSuite(classify_problem);

static struct facts in_kex(void)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, SERVER);
	f.ssh.phase = SSH_PHASE_KEX;
	return f;
}

Test(classify_problem, nothing_is_wrong_with_a_quiet_session)
{
	struct facts f = facts_of_a_quiet_session();

	cr_expect_eq(problem_of(&f), PROBLEM_NONE);
	f = in_kex();
	cr_expect_eq(problem_of(&f), PROBLEM_NONE);
}

Test(classify_problem, what_was_computed_from_both_goes_before_what_one_said)
{
	struct facts f = in_kex();

	f.ssh.disconnect = true;
	f.ssh.disconnect_code = 3;
	cr_expect_eq(problem_of(&f), PROBLEM_SAID_SO);
	f.ssh.strict = f.ssh.extra[CLIENT] = true;
	cr_expect_eq(problem_of(&f), PROBLEM_STRICT);
	f.ssh.not_ssh[CLIENT] = true;
	cr_expect_eq(problem_of(&f), PROBLEM_NOT_SSH);
	f.ssh.versions[CLIENT] = 1;
	cr_expect_eq(problem_of(&f), PROBLEM_VERSION);
	f.ssh.mismatch = true;
	cr_expect_eq(problem_of(&f), PROBLEM_MISMATCH);
}

Test(classify_problem, the_culprit_is_who_said_it)
{
	for (enum side side = CLIENT; side <= SERVER; side++) {
		struct facts f = in_kex();

		f.ssh.extra[side] = f.ssh.too_long[side] = f.ssh.malformed[side] = true;
		f.ssh.desync[side] = true;
		f.ssh.extra_number[side] = 5;
		cr_expect_eq(problem_culprit(&f, PROBLEM_STRICT), side);
		cr_expect_eq(problem_culprit(&f, PROBLEM_TOO_LONG), side);
		cr_expect_eq(problem_culprit(&f, PROBLEM_MALFORMED), side);
		cr_expect_eq(problem_culprit(&f, PROBLEM_OUT_OF_TURN), side);
		cr_expect_eq(problem_culprit(&f, PROBLEM_DAMAGED), side);
	}
}

Test(classify_problem, a_refusal_in_plain_text_is_no_malformed_packet)
{
	struct facts f = in_kex();

	f.ssh.text_in_packets[SERVER] = true;
	cr_expect_eq(problem_of(&f), PROBLEM_MALFORMED);
	f.ssh.notice = 0; /* a row of notices.def: a limit */
	f.ssh.notice_from = SERVER;
	cr_expect_eq(problem_of(&f), PROBLEM_NONE);
}
