/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/conn_of.h"

#include <string.h>

#include "classify/classify.h"

TestSuite(classify_facts);

Test(classify_facts, the_ending_is_copied_with_the_age_of_the_connection)
{
	struct facts f = facts_from(conn_with_reset());

	cr_expect_eq(f.end.ending, ENDING_reset);
	cr_expect_eq(f.end.mark.number, 50);
	cr_expect_eq(f.end.time_ns, AT(60000));
	cr_expect_eq(f.end.after_ns, SECONDS(60));
	cr_expect_eq(f.late_reset.number, 0);
	cr_expect_str_eq(f.icmp.from, "");
}

Test(classify_facts, what_is_open_ends_with_its_last_frame)
{
	struct conn *conn = conn_with_reset();
	struct facts f;

	memset(&conn->end, 0, sizeof(conn->end));
	conn->ending_reset = -1;
	conn->peer[CLIENT].last_data = (struct said){ .mark = MARK(40), .time_ns = AT(50000) };
	f = facts_from(conn);
	cr_expect_eq(f.end.time_ns, AT(60000));
	cr_expect_eq(f.end.after_ns, SECONDS(60));
	cr_expect_eq(f.last.client_ago_ns, SECONDS(10));
	cr_expect_eq(f.silence.ns, 0);
	cr_expect_not(f.reset.any);
}

Test(classify_facts, last_words_are_dated_back_from_the_end)
{
	struct conn *conn = conn_with_reset();
	struct facts f = facts_from(conn);

	cr_expect_eq(f.last.client_ago_ns, -1);
	conn->peer[CLIENT].last_data = (struct said){ .mark = MARK(49), .time_ns = AT(59000) };
	conn->peer[SERVER].last_data = (struct said){ .mark = MARK(52), .time_ns = AT(60001) };
	f = facts_from(conn);
	cr_expect_eq(f.last.client_ago_ns, SECONDS(1));
	cr_expect_eq(f.last.server_ago_ns, 0); /* on its way when the end came */
}

Test(classify_facts, a_side_was_last_heard_before_the_end_or_never)
{
	struct conn *conn = conn_with_reset();
	struct seen *server = &conn->peer[SERVER].recent[0];
	struct facts f;

	*server = (struct seen){ .mark = MARK(48), .time_ns = AT(53000) };
	conn->peer[CLIENT].recent[0] = (struct seen){ 0 };
	f = facts_from(conn);
	cr_expect_eq(f.last.heard_ago_ns[SERVER], SECONDS(7));
	cr_expect_eq(f.last.heard_ago_ns[CLIENT], -1);
	server->time_ns = AT(60500); /* still on its way then */
	cr_expect_eq(facts_from(conn).last.heard_ago_ns[SERVER], 0);
}

static struct conn *conn_of_openssh(const char *version)
{
	struct conn *conn = conn_with_reset();
	struct ssh *ssh = &conn->ssh;
	size_t len = strlen(version);

	ssh->half[CLIENT].identification.len = (uint16_t)len;
	memcpy(ssh->half[CLIENT].identification.at, version, len);
	for (int i = SSH_COMPRESSION_C2S; i <= SSH_COMPRESSION_S2C; i++) {
		ssh->negotiated[i].len = 4;
		memcpy(ssh->negotiated[i].at, "none", 4);
	}
	ssh->goodbye_len = 60;
	return conn;
}

Test(classify_facts, a_goodbye_is_alone_or_behind_other_words_of_an_openssh)
{
	static const struct {
		uint32_t goodbye, len;
		bool is;
	} rows[] = { { 60, 60, true },  { 60, 96, true },   { 60, 132, true }, { 60, 59, false },
		     { 60, 36, false }, { 60, 181, false }, { 0, 60, false },  { 0, 0, false } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct conn *conn = conn_of_openssh("SSH-2.0-OpenSSH_9.2p1");

		conn->ssh.goodbye_len = rows[i].goodbye;
		conn->peer[CLIENT].last_data.payload_len = rows[i].len;
		cr_expect_eq(facts_from(conn).last.goodbye, rows[i].is, "row %zu", i);
		conn->ssh.half[CLIENT].identification.len = 0; /* others say what they like */
		cr_expect_not(facts_from(conn).last.goodbye, "row %zu", i);
	}
}

Test(classify_facts, a_goodbye_alone_is_one_whoever_says_it)
{
	struct conn *conn = conn_of_openssh("SSH-2.0-PuTTY_Release_0.78");
	struct facts f;

	conn->peer[CLIENT].last_data = (struct said){ MARK(48), AT(59990), 60 };
	conn->ssh.goodbye_mark = MARK(48);
	f = facts_from(conn);
	cr_expect(f.last.goodbye && f.last.goodbye_alone);
	conn->peer[CLIENT].last_data.mark = MARK(49); /* it was not the last */
	f = facts_from(conn);
	cr_expect_not(f.last.goodbye || f.last.goodbye_alone);
}

Test(classify_facts, a_side_thinks_without_the_way_there_and_back)
{
	struct conn *conn = conn_with_reset();
	struct facts f = facts_from(conn);

	cr_expect_eq(f.last.thought_ns[CLIENT], -1);
	cr_expect_eq(f.last.thought_ns[SERVER], -1);
	conn->peer[CLIENT].last_data = (struct said){ MARK(48), AT(59900), 36 };
	f = facts_from(conn);
	cr_expect_eq(f.last.thought_ns[SERVER], 70 * NS_PER_MS); /* 30 ms of 100 are the way */
	conn->peer[CLIENT].last_data.time_ns = AT(59980);
	cr_expect_eq(facts_from(conn).last.thought_ns[SERVER], 0);
}

static void put_text(struct ssh_half *half, const char *text)
{
	half->text.len = (uint16_t)strlen(text);
	memcpy(half->text.at, text, half->text.len);
	half->text_mark = MARK(7);
}

Test(classify_facts, a_notice_is_found_whoever_else_spoke)
{
	struct conn *conn = conn_with_reset();
	struct facts f = facts_from(conn);

	cr_expect_eq(f.ssh.notice, -1);
	cr_expect_str_eq(f.ssh.notice_text, "");
	put_text(&conn->ssh.half[CLIENT], "GET / HTTP/1.1");
	f = facts_from(conn);
	cr_expect_eq(f.ssh.notice, -1);
	cr_expect_str_eq(f.ssh.notice_text, "GET / HTTP/1.1");
	put_text(&conn->ssh.half[SERVER], "Invalid SSH identification string.");
	f = facts_from(conn);
	cr_expect_geq(f.ssh.notice, 0);
	cr_expect_eq(f.ssh.notice_from, SERVER);
	cr_expect_str_eq(f.ssh.notice_text, "Invalid SSH identification string.");
}

Test(classify_facts, a_text_of_the_wire_is_made_printable)
{
	struct conn *conn = conn_with_reset();
	char full[SSH_NOTICE_MAX + 1];
	struct facts f;

	put_text(&conn->ssh.half[SERVER], "\x1b[31mred\\");
	f = facts_from(conn);
	cr_expect_eq(f.ssh.notice, -1);
	cr_expect_str_eq(f.ssh.notice_text, "\\x1b[31mred\\\\");
	memset(full, 0xff, SSH_NOTICE_MAX);
	full[SSH_NOTICE_MAX] = '\0';
	put_text(&conn->ssh.half[SERVER], full);
	f = facts_from(conn);
	cr_expect_eq(strlen(f.ssh.notice_text), 4 * SSH_NOTICE_MAX);
}

Test(classify_facts, an_icmp_error_is_compared_with_both_ends)
{
	struct conn *conn = conn_with_reset();
	struct facts f;

	conn->peer[SERVER].at.ip = (struct address){ 4, { 198, 51, 100, 22 } };
	conn->icmp = (struct icmp_seen){
		.count = 1, .mark = MARK(9), .type = 3, .code = 1, .from = conn->peer[SERVER].at.ip
	};
	f = facts_from(conn);
	cr_expect(f.icmp.from_server && !f.icmp.from_client);
	cr_expect_str_eq(f.icmp.from, "198.51.100.22");
	conn->icmp.from = (struct address){ 6, { 0x20, 0x01, 0x0d, 0xb8 } };
	f = facts_from(conn);
	cr_expect(!f.icmp.from_server && !f.icmp.from_client);
	cr_expect_str_eq(f.icmp.from, "2001:db8::");
}

Test(classify_facts, the_same_connection_has_the_same_verdict)
{
	static struct verdict once, twice;

	memset(&twice, 0xa5, sizeof(twice));
	classify(conn_with_reset(), NULL, &once);
	classify(conn_with_reset(), NULL, &twice);
	cr_expect_str_eq(once.sentence, twice.sentence);
	cr_expect_eq(once.cause, twice.cause);
	cr_expect_eq(once.evidences, twice.evidences);
	cr_expect(once.confidence > 0 && once.confidence <= 1);
}

Test(classify_facts, what_the_capture_lacks_among_its_last_frames_is_late)
{
	struct conn *conn = conn_with_reset();

	conn->peer[CLIENT].packets = 60;
	conn->peer[SERVER].packets = 40;
	cr_expect_not(facts_from(conn).missing_late, "nothing is missing");
	conn->peer[SERVER].missing = 1;
	conn->missing_at = 50;
	cr_expect_not(facts_from(conn).missing_late);
	conn->missing_at = 95;
	cr_expect(facts_from(conn).missing_late);
	cr_expect_eq(facts_from(conn).packets, 100);
}
