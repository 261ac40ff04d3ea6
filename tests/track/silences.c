/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/inside.h"

TestSuite(track_silences);

static struct talk session(struct wire *wire, uint16_t port)
{
	struct talk talk = talk_from(wire, port, 22);

	talk_open(&talk);
	talk_login(&talk);
	return talk;
}

/* A session of that client port that is silent, and then goes on or is reset. */
static void silent_session(struct wire *wire, uint16_t port, int64_t seconds, bool survives)
{
	struct talk talk = session(wire, port);

	wire_wait(wire, seconds * NS_PER_S);
	talk_data(&talk, CLIENT, KEY_LEN);
	if (survives)
		talk_close(&talk);
	else
		talk_say(&talk, SERVER, TCP_RST, none());
}

/* What the connection of this client port was taught. */
static struct lessons lessons_of(struct wire *wire, uint16_t port)
{
	const struct conn *conn;

	do
		conn = wire_conn(wire);
	while (conn->peer[CLIENT].at.port != port);
	return conn->lessons;
}

Test(track_silences, the_longest_that_was_survived_and_the_shortest_that_was_not_are_kept)
{
	struct wire *wire = wire_new();
	struct lessons lessons;

	silent_session(wire, 50001, 100, true);
	silent_session(wire, 50002, 200, true);
	silent_session(wire, 50003, 150, true);
	silent_session(wire, 50004, 10, true);
	session(wire, 50009);
	lessons = lessons_of(wire, 50009);
	cr_expect_eq(lessons.silence_survived_ns / NS_PER_S, 200);
	cr_expect_neq(lessons.silence_survived_mark.number, 0);
	cr_expect_eq(lessons.silence_killed_ns, 0);
	wire_free(wire);
}

static void reset_after(struct wire *wire, uint16_t port, int64_t seconds)
{
	struct talk talk = session(wire, port);

	wire_wait(wire, seconds * NS_PER_S);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	talk_say(&talk, SERVER, TCP_RST, none());
}

Test(track_silences, one_that_a_reset_ended_was_not_survived)
{
	struct wire *wire = wire_new();
	struct lessons lessons;

	reset_after(wire, 50001, 300);
	reset_after(wire, 50002, 250);
	reset_after(wire, 50003, 5);
	session(wire, 50009);
	lessons = lessons_of(wire, 50009);
	cr_expect_eq(lessons.silence_killed_ns / NS_PER_S, 250);
	cr_expect_neq(lessons.silence_killed_mark.number, 0);
	cr_expect_eq(lessons.silence_survived_ns, 0);
	wire_free(wire);
}

Test(track_silences, a_connection_teaches_itself_nothing)
{
	struct wire *wire = wire_new();
	struct lessons lessons;

	silent_session(wire, 50001, 100, true);
	lessons = lessons_of(wire, 50001);
	cr_expect_eq(lessons.silence_survived_ns, 0);
	wire_free(wire);
	wire = wire_new();
	reset_after(wire, 50001, 100);
	cr_expect_eq(lessons_of(wire, 50001).silence_killed_ns, 0);
	wire_free(wire);
}

Test(track_silences, other_clients_have_other_paths)
{
	struct wire *wire = wire_new();
	struct talk talk;

	silent_session(wire, 50001, 100, true);
	talk = talk_from(wire, 50009, 22);
	talk.end[CLIENT].ip.bytes[3] ^= 1;
	talk_open(&talk);
	talk_login(&talk);
	cr_expect_eq(lessons_of(wire, 50009).silence_survived_ns, 0);
	wire_free(wire);
}

Test(track_silences, a_server_has_room_for_the_latest)
{
	struct wire *wire = wire_new();

	silent_session(wire, 50001, 500, true);
	for (uint16_t i = 2; i <= 9; i++)
		silent_session(wire, (uint16_t)(50000 + i), 60, true);
	session(wire, 50020);
	cr_expect_eq(lessons_of(wire, 50020).silence_survived_ns / NS_PER_S, 60);
	wire_free(wire);
}
