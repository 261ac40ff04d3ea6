/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "dissect/ssh.h"
#include "tests/track/wire.h"
#include "track/inside.h"

#define WITH_TALK                                                                                  \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_new(wire);                                                         \
	const struct conn *conn

#define EXPECT_BYTES(field, text)                                                                  \
	cr_expect((field).len == strlen(text) && memcmp((field).at, text, strlen(text)) == 0,      \
		  "%.*s and not %s", (int)(field).len, (field).at, text)

#define SOFTWARE "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3"

static void say(struct talk *talk, enum side side, const char *text)
{
	talk_say(talk, side, TCP_PSH | TCP_ACK, text_bytes(text));
	talk_ack(talk, !side);
}

/* ---- identification ---- */

Test(track_ssh_text, the_identification_is_kept_without_its_line_end)
{
	WITH_TALK;

	talk_open(&talk);
	say(&talk, SERVER, IDENTIFICATION);
	conn = wire_conn(wire);
	EXPECT_BYTES(conn->ssh.half[SERVER].identification, SOFTWARE);
	cr_expect_eq(conn->ssh.half[SERVER].versions, SSH_VERSION_2);
	cr_expect_eq(conn->ssh.half[SERVER].identification_mark.number, wire->frame - 1);
	cr_expect(conn->ssh.recognised);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_IDENTIFICATION, "until both have one");
	wire_free(wire);
}

Test(track_ssh_text, it_may_come_octet_by_octet)
{
	WITH_TALK;

	talk_open(&talk);
	for (const char *at = IDENTIFICATION; *at != '\0'; at++)
		talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, bytes_copy(at, 1));
	conn = wire_conn(wire);
	EXPECT_BYTES(conn->ssh.half[CLIENT].identification, SOFTWARE);
	wire_free(wire);
}

Test(track_ssh_text, it_may_come_in_any_order_and_more_than_once)
{
	static const struct {
		int32_t from, to;
	} pieces[] = { { 30, 40 }, { 0, 10 }, { 0, 10 }, { 5, 32 } };
	static const char text[] = IDENTIFICATION;
	WITH_TALK;

	cr_assert_eq(strlen(text), 40);
	talk_open(&talk);
	for (size_t i = 0; i < 4; i++)
		talk_at(&talk, SERVER, pieces[i].from,
			bytes_copy(&text[pieces[i].from], (size_t)(pieces[i].to - pieces[i].from)));
	conn = wire_conn(wire);
	EXPECT_BYTES(conn->ssh.half[SERVER].identification, SOFTWARE);
	wire_free(wire);
}

Test(track_ssh_text, of_one_that_is_too_long_the_beginning_is_kept)
{
	WITH_TALK;
	char text[600] = "SSH-2.0-";

	memset(text + 8, 'x', sizeof(text) - 8);
	text[sizeof(text) - 2] = '\n';
	text[sizeof(text) - 1] = '\0';
	talk_open(&talk);
	say(&talk, CLIENT, text);
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.half[CLIENT].identification.len, SSH_IDENTIFICATION_MAX);
	wire_free(wire);
}

/* RFC 4253 section 4.2: the server may send other lines first. */
Test(track_ssh_text, lines_before_the_servers_identification_are_passed_over)
{
	WITH_TALK;

	talk_open(&talk);
	say(&talk, SERVER, "\r\nWelcome to bastion 7\r\nNo entry\r\n" IDENTIFICATION);
	conn = wire_conn(wire);
	EXPECT_BYTES(conn->ssh.half[SERVER].identification, SOFTWARE);
	EXPECT_BYTES(conn->ssh.half[SERVER].text, "Welcome to bastion 7");
	cr_expect_eq(events_of(conn, EVENT_TEXT), 1);
	cr_expect_not(conn->ssh.half[SERVER].not_ssh);
	wire_free(wire);
}

Test(track_ssh_text, lines_without_end_are_not_ssh)
{
	WITH_TALK;

	talk_open(&talk);
	for (int i = 0; i < 2000; i++)
		say(&talk, SERVER, "spam\r\n");
	conn = wire_conn(wire);
	cr_expect(conn->ssh.half[SERVER].not_ssh);
	cr_expect_eq(events_of(conn, EVENT_NOT_SSH), 1);
	EXPECT_BYTES(conn->ssh.half[SERVER].text, "spam");
	wire_free(wire);
}

Test(track_ssh_text, a_client_that_speaks_something_else_is_told_by_its_first_line)
{
	WITH_TALK;

	talk_open(&talk);
	say(&talk, CLIENT, "GET / HTTP/1.1\r\nHost: bastion\r\n\r\n");
	say(&talk, SERVER, IDENTIFICATION);
	say(&talk, SERVER, "Invalid SSH identification string.\r\n");
	conn = wire_conn(wire);
	cr_expect(conn->ssh.half[CLIENT].not_ssh);
	EXPECT_BYTES(conn->ssh.half[CLIENT].text, "GET / HTTP/1.1");
	EXPECT_BYTES(conn->ssh.half[SERVER].text, "Invalid SSH identification string.");
	cr_expect_not(conn->ssh.half[SERVER].malformed);
	cr_expect_eq(events_of(conn, EVENT_NOT_SSH), 1);
	wire_free(wire);
}

Test(track_ssh_text, a_refusal_in_place_of_the_identification_is_kept)
{
	WITH_TALK;

	talk_open(&talk);
	say(&talk, SERVER, "Exceeded MaxStartups\r\n");
	talk_say(&talk, SERVER, TCP_FIN | TCP_ACK, none());
	conn = wire_conn(wire);
	EXPECT_BYTES(conn->ssh.half[SERVER].text, "Exceeded MaxStartups");
	cr_expect_eq(conn->ssh.half[SERVER].text_mark.number, wire->frame - 2);
	cr_expect_eq(conn->ssh.half[SERVER].identification.len, 0);
	wire_free(wire);
}

/* RFC 8684: a later subflow begins in the middle of the stream. */
Test(track_ssh_text, a_subflow_without_an_identification_is_no_other_protocol)
{
	WITH_TALK;
	struct packet syn = talk_packet(&talk, CLIENT, TCP_SYN);

	syn.tcp.has_mptcp = syn.tcp.has_options = true;
	wire_feed(wire, &syn);
	talk.next[CLIENT]++;
	talk_syn_ack(&talk);
	talk_ack(&talk, CLIENT);
	talk_data(&talk, CLIENT, 100);
	conn = wire_conn(wire);
	cr_expect(conn->multipath, "the stub kept it");
	cr_expect_not(conn->ssh.half[CLIENT].not_ssh);
	cr_expect(conn->ssh.half[CLIENT].gap);
	wire_free(wire);
}

/* Nobody takes such a one; but it says what its sender is. */
Test(track_ssh_text, an_identification_without_end_breaks_the_rules)
{
	WITH_TALK;
	char text[9000] = "SSH-2.0-";

	memset(text + 8, 'x', sizeof(text) - 9);
	text[sizeof(text) - 1] = '\0';
	talk_open(&talk);
	say(&talk, SERVER, text);
	talk_kexinit(&talk, SERVER, &openssh_offer);
	conn = wire_conn(wire);
	cr_expect_not(conn->ssh.half[SERVER].has_hassh, "nothing is read any more");
	cr_expect(conn->ssh.recognised);
	cr_expect_eq(conn->ssh.half[SERVER].identification.len, SSH_IDENTIFICATION_MAX);
	cr_expect(conn->ssh.half[SERVER].malformed);
	cr_expect_eq(conn->ssh.half[SERVER].malformed_mark.number, wire->frame - 3);
	cr_expect_not(conn->ssh.half[SERVER].not_ssh);
	wire_free(wire);
}

/* Most take 255 octets, OpenSSH 8192: what became of it is seen by what comes next. */
Test(track_ssh_text, an_identification_that_ends_late_is_no_reproach)
{
	WITH_TALK;
	char text[3001] = "SSH-2.0-";

	memset(text + 8, 'x', sizeof(text) - 10);
	text[sizeof(text) - 2] = '\n';
	text[sizeof(text) - 1] = '\0';
	talk_open(&talk);
	talk_say(&talk, CLIENT, TCP_ACK, bytes_copy(text, 1448));
	talk_say(&talk, CLIENT, TCP_ACK, bytes_copy(text + 1448, sizeof(text) - 1 - 1448));
	talk_kexinit(&talk, CLIENT, &openssh_offer);
	conn = wire_conn(wire);
	cr_expect_not(conn->ssh.half[CLIENT].malformed);
	cr_expect_eq(events_of(conn, EVENT_IDENTIFICATION), 1);
	cr_expect_eq(conn->ssh.half[CLIENT].identification.len, SSH_IDENTIFICATION_MAX);
	cr_expect(conn->ssh.half[CLIENT].has_hassh, "reading went on");
	wire_free(wire);
}

/* ---- what may begin SSH ---- */

Test(track_ssh_text, first_bytes_tell_whether_it_may_be_ssh)
{
	static const struct {
		const char *bytes;
		bool may;
	} rows[] = {
		{ IDENTIFICATION, true },
		{ "S", true },
		{ "hello\r\nSSH-1.5-x\n", true },
		{ "hello\r\nSS", true },
		{ "", false },
		{ "hello\r\n", false },
		{ "GET / HTTP/1.1", false },
		{ "X SSH-2.0", false },
		{ "\n\nSSX", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes b = text_bytes(rows[i].bytes);
		struct packet p = { .tcp = { .payload = b.at, .payload_len = (uint32_t)b.len } };

		cr_expect_eq(ssh_may_begin(&p), rows[i].may, "%s", rows[i].bytes);
		bytes_free(b);
	}
}

/* Each valid beginning, cut at every length: it is never called anything else than SSH. */
static void feed_beginning(struct bytes b)
{
	WITH_TALK;

	talk_open(&talk);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, bytes_copy(b.at, b.len));
	conn = wire_conn(wire);
	cr_expect_not(conn->ssh.half[CLIENT].not_ssh, "%zu bytes", b.len);
	cr_expect_not(conn->ssh.half[CLIENT].malformed, "%zu bytes", b.len);
	cr_expect_eq(conn->ssh.recognised, b.len >= strlen(IDENTIFICATION), "%zu bytes", b.len);
	wire_free(wire);
}

Test(track_ssh_text, a_beginning_that_is_cut_anywhere_is_waited_for)
{
	static const struct offer offer = { { "a", "b", "c", "d", "e", "f", "g", "h", "", "" } };
	struct bytes whole = bytes_join(text_bytes(IDENTIFICATION), ssh_kexinit(&offer));

	feed_every_cut(whole, feed_beginning);
	bytes_free(whole);
}
