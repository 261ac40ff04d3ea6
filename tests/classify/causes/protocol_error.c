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

static void expect_fault(struct facts f, const char *wanted)
{
	struct verdict v;

	f.last.thought_ns[f.end.side] = NS_PER_MS;
	expect_verdict(&f, protocol_error, f.end.side == SERVER ? WHO_SERVER : WHO_CLIENT,
		       SURE_LIKELY);
	v = verdict_of(&f);
	cr_expect_str_eq(v.detail, wanted);
	cr_expect_eq(strncmp(v.sentence, f.end.side == SERVER ? "The client" : "The server", 10), 0,
		     "%s", v.sentence);
}

Test(classify_causes_protocol_error, the_receiver_does_not_bear_what_breaks_the_rules)
{
	for (enum side bad = CLIENT; bad <= SERVER; bad++) {
		struct facts f = in_kex(!bad), g = f;

		g.ssh.strict = g.ssh.extra[bad] = true; /* and OpenSSH says so, too */
		g.ssh.extra_number[bad] = 2;
		expect_fault(g, "strict_kex_violation");
		g.ssh.disconnect = true;
		g.ssh.disconnect_from = !bad;
		g.ssh.disconnect_code = 2;
		expect_fault(g, "strict_kex_violation");
		g = f;
		g.ssh.too_long[bad] = true;
		expect_fault(g, "identification_too_long");
		g = f;
		g.ssh.text_in_packets[bad] = true;
		expect_fault(g, "malformed_packet");
		g = f;
		g.ssh.extra[bad] = true;
		g.ssh.extra_number[bad] = 5;
		expect_fault(g, "message_out_of_turn");
		g = f;
		g.ssh.phase = SSH_PHASE_AUTH;
		g.ssh.desync[bad] = true;
		expect_fault(g, "bad_mac");
	}
}

Test(classify_causes_protocol_error, must_not_win_for_messages_that_are_allowed)
{
	static const uint8_t allowed[] = { 1, 2, 3, 4, 7 }; /* RFC 4253 section 11, RFC 8308 */

	for (size_t i = 0; i < sizeof(allowed); i++) {
		struct facts f = in_kex(SERVER);

		f.ssh.extra[CLIENT] = true;
		f.ssh.extra_number[CLIENT] = allowed[i];
		cr_expect_eq(weigh(CAUSE_protocol_error, &f), INT_MIN, "%u", allowed[i]);
	}
}

Test(classify_causes_protocol_error, must_not_win_for_what_was_borne)
{
	struct facts f = in_kex(CLIENT);

	f.ssh.phase = SSH_PHASE_SESSION;
	f.ssh.extra[CLIENT] = f.ssh.too_long[CLIENT] = f.ssh.strict = true;
	f.ssh.extra_number[CLIENT] = 5;
	cr_expect_eq(weigh(CAUSE_protocol_error, &f), INT_MIN);
}

Test(classify_causes_protocol_error, a_server_that_only_talks_is_not_ssh)
{
	struct facts f = in_kex(SERVER);
	struct verdict v;

	f.ssh.phase = SSH_PHASE_IDENTIFICATION;
	f.ssh.has_identification[SERVER] = false;
	f.ssh.versions[SERVER] = 0;
	f.ssh.text_only[SERVER] = true;
	f.ssh.notice_from = SERVER;
	strcpy(f.ssh.notice_text, "554 SMTP synchronization error");
	expect_verdict(&f, protocol_error, WHO_SERVER, SURE_LIKELY);
	v = verdict_of(&f);
	cr_expect_str_eq(v.detail, "not_ssh");
	cr_expect_not_null(strstr(v.sentence, "The server of"), "%s", v.sentence);
	f.ssh.text_only[SERVER] = false; /* a banner before its identification is none */
	cr_expect_eq(weigh(CAUSE_protocol_error, &f), INT_MIN);
}

Test(classify_causes_protocol_error, a_client_that_leaves_at_once_is_only_suspected)
{
	struct facts f = in_kex(CLIENT);

	f.ssh.phase = SSH_PHASE_SESSION;
	f.ssh.sizes_known = f.ssh.owes_goodbye = true;
	f.last.thought_ns[CLIENT] = NS_PER_MS;
	f.last.server_ago_ns = 21 * NS_PER_MS;
	f.last.client_ago_ns = 42 * NS_PER_MS;
	cr_expect_gt(weigh(CAUSE_protocol_error, &f), 0);
	expect_modest(&f);
	f.last.client_ago_ns = 0; /* it answered first */
	cr_expect_eq(weigh(CAUSE_protocol_error, &f), INT_MIN);
}
