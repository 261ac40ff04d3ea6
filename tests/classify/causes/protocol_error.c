/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <limits.h>
#include <string.h>

TestSuite(classify_causes_protocol_error);

/* Row of notices.def with this detail. */
static int notice(const char *wanted)
{
	for (int row = 0;; row++) {
		if (strcmp(notice_detail(row), wanted) == 0)
			return row;
	}
}

static struct facts in_kex(enum side closes)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, closes);
	f.ssh.phase = SSH_PHASE_KEX;
	return f;
}

Test(classify_causes_protocol_error, lists_without_a_common_entry_are_decisive)
{
	for (int i = SSH_KEX; i < SSH_ALGORITHMS; i++) {
		struct facts f = in_kex(CLIENT);
		struct verdict v;

		f.ssh.mismatch = true;
		f.ssh.mismatch_in = (enum ssh_algorithm)i;
		strcpy(f.ssh.offer[CLIENT], "hmac-sha2-256-etm@openssh.com");
		strcpy(f.ssh.offer[SERVER], "hmac-sha1");
		expect_verdict(&f, protocol_error, WHO_CLIENT, SURE_CERTAIN);
		v = verdict_of(&f);
		cr_expect_str_eq(v.detail, "no_common_algorithm");
		cr_expect_not_null(strstr(v.sentence, "the client offers hmac-sha2-256-etm@openssh"
						      ".com, the server hmac-sha1."),
				   "%s", v.sentence);
	}
}

Test(classify_causes_protocol_error, a_mismatch_counts_before_its_end_is_seen)
{
	struct facts f = facts_of_a_quiet_session();

	f.ssh.phase = SSH_PHASE_KEX;
	f.ssh.mismatch = true;
	expect_verdict(&f, protocol_error, WHO_NONE, SURE_LIKELY);
}

Test(classify_causes_protocol_error, versions_that_differ_are_decisive)
{
	struct facts f = in_kex(SERVER);

	f.ssh.versions[CLIENT] = 1;
	expect_verdict(&f, protocol_error, WHO_SERVER, SURE_CERTAIN);
	cr_expect_str_eq(verdict_of(&f).detail, "version_mismatch");
	f.ssh.versions[CLIENT] = 3; /* 1.99 speaks both */
	expect_not(&f, protocol_error);
	f.ssh.versions[CLIENT] = 0; /* no version that anybody knows */
	expect_not(&f, protocol_error);
}

Test(classify_causes_protocol_error, a_reset_after_the_complaint_is_an_after_effect)
{
	struct facts f = in_kex(SERVER);
	struct verdict v;

	end_with_reset(&f, SERVER, BY_SOCKET);
	f.ssh.notice = notice("not_ssh");
	f.ssh.notice_from = SERVER;
	f.ssh.not_ssh[CLIENT] = true;
	f.ssh.not_ssh_mark[CLIENT] = MARK(4);
	strcpy(f.ssh.notice_text, "Invalid SSH identification string.");
	expect_verdict(&f, protocol_error, WHO_SERVER, SURE_CERTAIN);
	v = verdict_of(&f);
	cr_expect_str_eq(v.detail, "not_ssh");
	cr_expect_eq(strncmp(v.sentence, "The client of", 13), 0, "%s", v.sentence);
}

Test(classify_causes_protocol_error, a_server_that_speaks_something_else_is_named)
{
	struct facts f = in_kex(CLIENT);
	struct verdict v;

	f.ssh.phase = SSH_PHASE_IDENTIFICATION;
	f.ssh.not_ssh[SERVER] = true;
	f.ssh.not_ssh_mark[SERVER] = MARK(5);
	f.ssh.notice_from = SERVER;
	f.ssh.notice_mark = MARK(5);
	strcpy(f.ssh.notice_text, "220 ftp.example.net ready");
	expect_verdict(&f, protocol_error, WHO_CLIENT, SURE_CERTAIN);
	v = verdict_of(&f);
	cr_expect_eq(strncmp(v.sentence, "The server of", 13), 0, "%s", v.sentence);
	cr_expect_not_null(strstr(v.sentence, "the server said \"220 ftp.example.net ready\""));
	cr_expect_eq(weigh(CAUSE_protocol_error, &f), 30, "one of the two is not SSH");
	f.ssh.notice_text[0] = '\0'; /* what it sent is no text */
	v = verdict_of(&f);
	cr_expect_null(strstr(v.sentence, " said "), "%s", v.sentence);
}

Test(classify_causes_protocol_error, a_complaint_of_the_version_is_told_as_that)
{
	struct facts f = in_kex(SERVER);
	struct verdict v;

	f.ssh.has_identification[CLIENT] = false;
	f.ssh.versions[CLIENT] = 0;
	f.ssh.notice = notice("version_mismatch");
	f.ssh.notice_from = SERVER;
	strcpy(f.ssh.notice_text, "Protocol major versions differ.");
	expect_verdict(&f, protocol_error, WHO_SERVER, SURE_CERTAIN);
	v = verdict_of(&f);
	cr_expect_str_eq(v.detail, "version_mismatch");
	cr_expect_null(strstr(v.sentence, "did not speak SSH"), "%s", v.sentence);
}

Test(classify_causes_protocol_error, a_disconnect_in_the_clear_says_why)
{
	struct facts f = in_kex(SERVER);

	f.ssh.disconnect = true;
	f.ssh.disconnect_from = SERVER;
	f.ssh.disconnect_code = 2;
	f.ssh.disconnect_mark = MARK(12);
	expect_verdict(&f, protocol_error, WHO_SERVER, SURE_CERTAIN);
	f.ssh.disconnect_code = 11;
	cr_expect_eq(weigh(CAUSE_protocol_error, &f), INT_MIN);
	f.ssh.disconnect_code = 12;
	expect_not(&f, protocol_error);
}

Test(classify_causes_protocol_error, who_finds_a_packet_bad_ends_it)
{
	struct facts f = in_kex(SERVER);
	int found;

	f.ssh.malformed[CLIENT] = true;
	f.ssh.malformed_mark[CLIENT] = MARK(11);
	expect_verdict(&f, protocol_error, WHO_SERVER, SURE_LIKELY);
	found = weigh(CAUSE_protocol_error, &f);
	end_with(&f, ENDING_closed, CLIENT); /* its own sender closes: for another reason */
	cr_expect_lt(weigh(CAUSE_protocol_error, &f), found);
	expect_modest(&f);
}

Test(classify_causes_protocol_error, must_not_win_when_both_understood_each_other)
{
	struct facts f = in_kex(CLIENT);

	cr_expect_eq(weigh(CAUSE_protocol_error, &f), INT_MIN);
	end_with_reset(&f, SERVER, BY_SOCKET);
	cr_expect_eq(weigh(CAUSE_protocol_error, &f), INT_MIN);
}

Test(classify_causes_protocol_error, must_not_win_for_a_refusal_at_a_limit)
{
	struct facts f = in_kex(SERVER);

	f.ssh.notice = notice("max_startups");
	f.ssh.notice_from = SERVER;
	cr_expect_eq(weigh(CAUSE_protocol_error, &f), INT_MIN);
}

Test(classify_causes_protocol_error, must_not_win_while_it_is_open)
{
	struct facts f = facts_of_a_quiet_session();

	f.ssh.not_ssh[CLIENT] = true;
	cr_expect_eq(weigh(CAUSE_protocol_error, &f), INT_MIN);
}
