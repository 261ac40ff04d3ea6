/* SPDX-License-Identifier: BSD-3-Clause */
/* What stands before an identification, of which there may be much: RFC 4253 section 4.2. */
#include <criterion/criterion.h>

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

/* OpenSSH takes 1024 of them, of 8192 letters each; a legal notice has some ten. */
Test(track_ssh_lines, many_and_long_lines_before_the_identification_are_passed_over)
{
	WITH_TALK;
	char line[8001];

	memset(line, 'x', sizeof(line) - 2);
	line[sizeof(line) - 2] = '\n';
	line[sizeof(line) - 1] = '\0';
	talk_open(&talk);
	for (int i = 0; i < 500; i++)
		say(&talk, SERVER, "This system is for authorized use only.\r\n");
	for (int i = 0; i < 3; i++)
		say(&talk, SERVER, line);
	say(&talk, SERVER, IDENTIFICATION);
	conn = wire_conn(wire);
	EXPECT_BYTES(conn->ssh.half[SERVER].identification, SOFTWARE);
	EXPECT_BYTES(conn->ssh.half[SERVER].text, "This system is for authorized use only.");
	cr_expect_not(conn->ssh.half[SERVER].not_ssh);
	wire_free(wire);
}

/* An alert of TLS: nothing that follows could make a line of it. */
Test(track_ssh_lines, a_server_that_sends_binary_does_not_speak_ssh)
{
	WITH_TALK;

	talk_open(&talk);
	talk_say(&talk, SERVER, TCP_ACK, hex("15 03 01 00 02 02 46"));
	conn = wire_conn(wire);
	cr_expect(conn->ssh.half[SERVER].not_ssh);
	cr_expect_eq(events_of(conn, EVENT_NOT_SSH), 1);
	wire_free(wire);
}

/* The lines came before anything told that this port is SSH. */
Test(track_ssh_lines, lines_in_a_segment_of_their_own_do_not_hide_ssh_on_another_port)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_from(wire, TEST_SPORT, 2222);
	const struct conn *conn;

	talk_open(&talk);
	say(&talk, SERVER, "Welcome to bastion 7\r\n");
	talk_login(&talk);
	conn = wire_conn(wire);
	EXPECT_BYTES(conn->ssh.half[SERVER].identification, SOFTWARE);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_SESSION);
	cr_expect(conn->ssh.half[SERVER].has_hassh);
	cr_expect_not(conn->ssh.half[SERVER].gap);
	wire_free(wire);
}
