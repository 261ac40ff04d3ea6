/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <string.h>

TestSuite(classify_settle);

static const char *capture_at(struct facts *f, enum where where)
{
	static struct verdict v;

	v = (struct verdict){ .settles = 0 };
	settle_capture(f, &v, where, "Capture there.");
	cr_assert_eq(v.settles, 1);
	cr_expect_str_eq(v.settle[0].text, "Capture there.");
	return v.settle[0].command;
}

Test(classify_settle, a_capture_at_one_end_asks_for_the_other)
{
	struct facts f = facts_of_a_quiet_session();

	f.server.port = 2222;
	cr_expect_str_eq(capture_at(&f, WHERE_SERVER),
			 "tcpdump -ni any -s 2000 -w server.pcap '(tcp port 2222 and host "
			 "192.0.2.10) or icmp or icmp6'");
	cr_expect_str_eq(capture_at(&f, WHERE_CLIENT),
			 "tcpdump -ni any -s 2000 -w client.pcap '(tcp port 2222 and host "
			 "198.51.100.22) or icmp or icmp6'");
}

Test(classify_settle, an_address_that_a_nat_may_have_changed_is_left_out)
{
	static const struct address hidden[] = { { 4, { 10, 9, 8, 7 } },
						 { 4, { 172, 31, 0, 1 } },
						 { 4, { 192, 168, 1, 2 } },
						 { 4, { 100, 64, 0, 1 } },
						 { 6, { 0xfd, 1 } } },
				    open[] = { { 4, { 172, 32, 0, 1 } },
					       { 4, { 192, 169, 1, 2 } },
					       { 4, { 100, 128, 0, 1 } },
					       { 6, { 0x20, 1 } } };
	struct facts f = facts_of_a_quiet_session();

	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		f.client.ip = hidden[i];
		cr_expect_null(strstr(capture_at(&f, WHERE_SERVER), "host"), "%zu", i);
		cr_expect_not_null(strstr(capture_at(&f, WHERE_CLIENT), "host"), "%zu", i);
	}
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		f.client.ip = open[i];
		cr_expect_not_null(strstr(capture_at(&f, WHERE_SERVER), "host"), "%zu", i);
	}
}

Test(classify_settle, a_log_is_read_around_the_time_of_the_end)
{
	struct facts f = facts_of_a_quiet_session();
	struct verdict v = { .settles = 0 };

	f.end.time_ns = SECONDS(INT64_C(1793785527)); /* 2026-11-04 09:45:27 UTC */
	settle_server_log(&f, &v, "Look.", "grep -i maxstartups");
	settle_log(&f, &v, "Look.", "", "");
	cr_expect_str_eq(v.settle[0].command,
			 "journalctl -u ssh -u sshd --since '2026-11-04 09:44:27 UTC' --until "
			 "'2026-11-04 09:46:27 UTC' | grep -i maxstartups");
	cr_expect_str_eq(v.settle[1].command,
			 "journalctl --since '2026-11-04 09:44:27 UTC' --until "
			 "'2026-11-04 09:46:27 UTC'");
}

/* "sshd-session" since OpenSSH 9.8. */
static uint8_t logs_asked_for(const char *process, enum note_side side)
{
	struct facts f = facts_of_a_quiet_session();
	struct note note = { .kind = NOTE_closed };
	struct noted_conn noted = { .count = 1, .at = { { &note, 0, TIE_PROCESS, side } } };
	struct verdict v = { .settles = 0 };

	strcpy(note.process, process);
	f.noted = &noted;
	settle_server_log(&f, &v, "Look.", "");
	return v.settles;
}

Test(classify_settle, nobody_is_sent_to_a_log_that_was_given)
{
	cr_expect_eq(logs_asked_for("sshd", NOTE_OF_SERVER), 0);
	cr_expect_eq(logs_asked_for("sshd-session", NOTE_OF_SERVER), 0);
	cr_expect_eq(logs_asked_for("kernel", NOTE_OF_SERVER), 1, "that one is not sshd's");
	cr_expect_eq(logs_asked_for("sshd", NOTE_OF_CLIENT), 1, "that one is not the server's");
}
