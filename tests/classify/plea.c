/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <string.h>

TestSuite(classify_plea);

Test(classify_plea, what_is_pleaded_adds_up_and_keeps_its_frames)
{
	struct plea p = { 0 };

	plead(&p, 10, MARK(7), NO_MARK, "The %s spoke.", "server");
	plead(&p, -4, NO_MARK, MARK(8), "It had not.");
	plead(&p, 1, NO_MARK, NO_MARK, "Nobody saw it.");
	cr_expect_eq(p.decibans, 7);
	cr_assert_eq(p.evidences, 3);
	cr_expect_str_eq(p.evidence[0].text, "The server spoke.");
	cr_assert_eq(p.evidence[0].marks, 1);
	cr_expect_eq(p.evidence[0].mark[0].number, 7);
	cr_assert_eq(p.evidence[1].marks, 1);
	cr_expect_eq(p.evidence[1].mark[0].number, 8);
	cr_expect_eq(p.evidence[1].decibans, -4);
	cr_expect_eq(p.evidence[2].marks, 0);
	cr_expect_not(p.ruled_out);
	rule_out(&p);
	cr_expect(p.ruled_out);
}

Test(classify_plea, pleas_beyond_the_room_still_count)
{
	struct plea p = { 0 };

	for (int i = 0; i < PLEA_EVIDENCE_MAX + 3; i++)
		plead(&p, 2, NO_MARK, NO_MARK, "Again.");
	cr_expect_eq(p.evidences, PLEA_EVIDENCE_MAX);
	cr_expect_eq(p.decibans, 2 * (PLEA_EVIDENCE_MAX + 3));
}

Test(classify_plea, a_silent_one_counts_the_same_and_writes_nothing)
{
	struct plea p;

	plea_begin(&p);
	p.silent = true;
	for (int i = 0; i < PLEA_EVIDENCE_MAX + 3; i++)
		plead(&p, 2, MARK(7), NO_MARK, "Again.");
	rule_out(&p);
	cr_expect_eq(p.decibans, 2 * (PLEA_EVIDENCE_MAX + 3));
	cr_expect_eq(p.evidences, 0);
	cr_expect(p.ruled_out);
	plea_begin(&p);
	plead(&p, 2, MARK(7), NO_MARK, "Again.");
	cr_expect_eq(p.evidences, 1, "begun anew, it speaks");
}

Test(classify_plea, what_would_settle_it_is_bounded)
{
	static struct verdict v;

	for (unsigned i = 0; i < VERDICT_SETTLE_MAX + 2; i++)
		settle(&v, "Look.", "look -n %u", i);
	cr_assert_eq(v.settles, VERDICT_SETTLE_MAX);
	cr_expect_str_eq(v.settle[0].text, "Look.");
	cr_expect_str_eq(v.settle[2].command, "look -n 2");
}

Test(classify_plea, names_are_as_people_write_them)
{
	struct facts f = facts_of_a_quiet_session();
	struct names n;

	be_silent_for(&f, SECONDS(352), CLIENT);
	n = names_of(&f);
	cr_expect_str_eq(n.client, "192.0.2.10:51000");
	cr_expect_str_eq(n.server, "198.51.100.22:22");
	cr_expect_str_eq(n.client_ip, "192.0.2.10");
	cr_expect_str_eq(n.server_ip, "198.51.100.22");
	cr_expect_str_eq(n.when, "2026-11-20 09:01:05 UTC");
	cr_expect_str_eq(n.silence, "352 s");
	cr_expect_str_eq(n.age, "65.0 s");
}

Test(classify_plea, the_longest_names_are_whole)
{
	struct facts f = facts_of_a_quiet_session();
	struct names n;

	use_long_addresses(&f);
	f.silence.ns = INT64_MAX;
	f.first_ns = 0;
	f.end.time_ns = INT64_MAX;
	n = names_of(&f);
	cr_expect_str_eq(n.client, "[fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd]:65535");
	cr_expect_str_eq(n.server_ip, "fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd");
	cr_expect_str_eq(n.when, "2262-04-11 23:47:16 UTC");
	cr_expect_str_eq(n.silence, "106751 d 23 h");
	cr_expect_str_eq(n.age, "106751 d 23 h");
}

Test(classify_plea, a_short_quote_is_whole)
{
	cr_expect_str_eq(quote_of("").at, "");
	cr_expect_str_eq(quote_of("Exceeded MaxStartups").at, "Exceeded MaxStartups");
}

Test(classify_plea, a_list_is_cut_between_its_names)
{
	struct quote q = quote_of("diffie-hellman-group-exchange-sha256,ecdh-sha2-nistp521,"
				  "ecdh-sha2-nistp384,ecdh-sha2-nistp256");

	cr_expect_str_eq(q.at, "diffie-hellman-group-exchange-sha256,ecdh-sha2-nistp521,"
			       "ecdh-sha2-nistp384 [more]");
}

Test(classify_plea, an_escape_is_quoted_whole_or_not)
{
	char wire[SSH_NOTICE_MAX * 4 + 4], *at = wire;
	struct quote q;

	for (int i = 0; i < SSH_NOTICE_MAX; i++, at += 4)
		memcpy(at, "\\xff", 5);
	q = quote_of(wire);
	cr_expect_str_eq(q.at + 76, "\\xff [more]");
	wire[0] = 'a'; /* "a" and then, one place off, escapes again */
	memmove(wire + 1, wire + 4, strlen(wire + 4) + 1);
	q = quote_of(wire);
	cr_expect_str_eq(q.at + 73, "\\xff [more]");
	memset(wire, '\\', 100);
	wire[100] = '\0';
	q = quote_of(wire);
	cr_expect_str_eq(q.at + 78, "\\\\ [more]");
}
