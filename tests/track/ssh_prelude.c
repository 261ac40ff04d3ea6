/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/inside.h"

#define PROXY_PORT 1080

#define WITH_TALK_TO(port)                                                                         \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_from(wire, TEST_SPORT, port);                                      \
	const struct conn *conn

#define EXPECT_BYTES(field, text)                                                                  \
	cr_expect((field).len == strlen(text) && memcmp((field).at, text, strlen(text)) == 0,      \
		  "%.*s and not %s", (int)(field).len, (field).at, text)

static void say(struct talk *talk, enum side side, struct bytes bytes)
{
	talk_say(talk, side, TCP_PSH | TCP_ACK, bytes);
	talk_ack(talk, !side);
}

static void socks5(struct talk *talk)
{
	talk_open(talk);
	say(talk, CLIENT, hex("05 01 00"));
	say(talk, SERVER, hex("05 00"));
	say(talk, CLIENT, hex("05 01 00 03 0c 686f73742e6578616d706c65 0016"));
	say(talk, SERVER, hex("05 00 00 01 00000000 0000"));
}

static void expect_session(const struct conn *conn, enum prelude_kind kind, const char *target)
{
	cr_expect(conn->ssh.recognised);
	cr_expect_eq(conn->ssh.prelude, kind);
	EXPECT_BYTES(conn->ssh.prelude_target, target);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_SESSION);
	cr_expect(conn->ssh.half[CLIENT].has_hassh);
	cr_expect_not(conn->ssh.half[CLIENT].not_ssh);
	cr_expect_eq(conn->ssh.half[SERVER].text.len, 0);
	cr_expect_eq(conn->handshake, HANDSHAKE_COMPLETE);
	cr_expect_eq(conn->first.number, 1, "all of it is counted");
	cr_expect_eq(events_of(conn, EVENT_PRELUDE), 1);
}

Test(track_ssh_prelude, ssh_behind_a_socks_proxy_is_found_on_any_port)
{
	WITH_TALK_TO(PROXY_PORT);

	socks5(&talk);
	talk_login(&talk);
	talk_close(&talk);
	conn = wire_conn(wire);
	expect_session(conn, PRELUDE_socks5, "host.example:22");
	cr_expect_eq(conn->ssh.prelude_mark.number, 4);
	cr_expect_eq(events_of(conn, EVENT_PRELUDE_ANSWER), 1);
	wire_free(wire);
}

Test(track_ssh_prelude, the_older_socks_does_as_well)
{
	WITH_TALK_TO(PROXY_PORT);

	talk_open(&talk);
	say(&talk, CLIENT, hex("04 01 0016 cb007105 00"));
	say(&talk, SERVER, hex("00 5a 0016 cb007105"));
	talk_login(&talk);
	conn = wire_conn(wire);
	expect_session(conn, PRELUDE_socks4, "203.0.113.5:22");
	wire_free(wire);
}

/* The server's first words come with the proxy's yes, and the request in pieces. */
Test(track_ssh_prelude, segments_are_cut_anywhere)
{
	static const char request[] = "CONNECT [2001:db8::5]:22 HTTP/1.1\r\nHost: x\r\n\r\n";
	WITH_TALK_TO(3128);

	talk_open(&talk);
	say(&talk, CLIENT, bytes_copy(request, 20));
	say(&talk, CLIENT, bytes_copy(request + 20, sizeof(request) - 1 - 20));
	say(&talk, SERVER, text_bytes("HTTP/1.1 200 Connection est"));
	say(&talk, SERVER, text_bytes("ablished\r\n\r\n" IDENTIFICATION));
	say(&talk, CLIENT, text_bytes(IDENTIFICATION));
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_KEX);
	EXPECT_BYTES(conn->ssh.prelude_target, "[2001:db8::5]:22");
	wire_free(wire);
}

Test(track_ssh_prelude, a_proxy_before_the_server_says_who_the_client_is)
{
	WITH_TALK_TO(22);

	talk_open(&talk);
	say(&talk, CLIENT, text_bytes("PROXY TCP4 203.0.113.9 192.0.2.1 56324 22\r\n"));
	talk_login(&talk);
	conn = wire_conn(wire);
	expect_session(conn, PRELUDE_proxy_protocol, "203.0.113.9:56324");
	cr_expect_eq(events_of(conn, EVENT_PRELUDE_ANSWER), 0);
	wire_free(wire);
}

/* Header and identification are one segment, or the server speaks first: both are usual. */
Test(track_ssh_prelude, its_header_may_come_with_the_identification_and_after_the_servers)
{
	WITH_TALK_TO(2222);

	talk_open(&talk);
	say(&talk, SERVER, text_bytes(IDENTIFICATION));
	say(&talk, CLIENT,
	    bytes_join(hex("0d0a0d0a000d0a515549540a 21 11 000c cb007109 c0000201 dc04 0016"),
		       text_bytes(IDENTIFICATION)));
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.prelude, PRELUDE_proxy_protocol);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_KEX);
	wire_free(wire);
}

/* ---- what is not meant for a proxy ---- */

static void expect_not_understood(const char *said, bool server_first)
{
	WITH_TALK_TO(22);

	talk_open(&talk);
	if (server_first)
		say(&talk, SERVER, text_bytes(IDENTIFICATION));
	say(&talk, CLIENT, text_bytes(said));
	if (!server_first)
		say(&talk, SERVER, text_bytes(IDENTIFICATION));
	say(&talk, SERVER, text_bytes("Invalid SSH identification string.\r\n"));
	conn = wire_conn(wire);
	cr_expect(conn->ssh.half[CLIENT].not_ssh, "%s", said);
	cr_expect_neq(conn->ssh.half[CLIENT].text_mark.number, 0);
	cr_expect_eq(conn->ssh.prelude, PRELUDE_none);
	EXPECT_BYTES(conn->ssh.half[SERVER].text, "Invalid SSH identification string.");
	wire_free(wire);
}

Test(track_ssh_prelude, an_sshd_that_is_asked_like_a_proxy_hears_no_ssh)
{
	expect_not_understood("CONNECT host.example:22 HTTP/1.1\r\n\r\n", true);
	expect_not_understood("CONNECT host.example:22 HTTP/1.1\r\n\r\n", false);
	expect_not_understood("PROXY TCP4 203.0.113.9 192.0.2.1 56324 22\r\n", true);
	expect_not_understood("PROXY TCP4 203.0.113.9 192.0.2.1 56324 22\r\n", false);
	expect_not_understood("\x05\x01x", true);
}

/* It need not complain: other servers close without a word. */
Test(track_ssh_prelude, a_server_that_introduced_itself_is_no_proxy)
{
	WITH_TALK_TO(22);

	talk_open(&talk);
	say(&talk, SERVER, text_bytes(IDENTIFICATION));
	say(&talk, CLIENT, text_bytes("CONNECT host.example:22 HTTP/1.1\r\n\r\n"));
	talk_say(&talk, SERVER, TCP_FIN | TCP_ACK, none());
	conn = wire_conn(wire);
	cr_expect(conn->ssh.half[CLIENT].not_ssh);
	cr_expect_eq(conn->ssh.prelude, PRELUDE_none);
	wire_free(wire);
}

Test(track_ssh_prelude, what_a_proxy_carries_else_is_not_our_business)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_from(wire, TEST_SPORT, PROXY_PORT);

	socks5(&talk);
	say(&talk, CLIENT, hex("16 03 01 0005 01 000001 00"));
	talk_say(&talk, SERVER, TCP_RST, none());
	wire_expect_no_more(wire);
	wire_free(wire);
}

/* SSH to one server makes no SSH server of a proxy: a later refusal may concern anything. */
Test(track_ssh_prelude, a_proxy_is_not_learned_to_be_an_ssh_server)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_from(wire, TEST_SPORT, PROXY_PORT);

	socks5(&talk);
	talk_login(&talk);
	talk_close(&talk);
	talk = talk_from(wire, TEST_SPORT + 1, PROXY_PORT);
	talk_syn(&talk);
	talk_say(&talk, SERVER, TCP_RST | TCP_ACK, none());
	cr_expect_neq(wire_conn(wire), NULL);
	wire_expect_no_more(wire);
	wire_free(wire);
}

Test(track_ssh_prelude, a_proxy_that_says_no_is_not_our_business)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_from(wire, TEST_SPORT, 3128);

	talk_open(&talk);
	say(&talk, CLIENT, text_bytes("CONNECT host.example:22 HTTP/1.1\r\n\r\n"));
	say(&talk, SERVER, text_bytes("HTTP/1.1 403 Forbidden\r\n\r\n"));
	wire_expect_no_more(wire);
	wire_free(wire);
}
