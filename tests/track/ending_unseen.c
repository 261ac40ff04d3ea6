/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/inside.h"

#define WITH_TALK                                                                                  \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_new(wire);                                                         \
	const struct conn *conn

#define WITH_SESSION                                                                               \
	WITH_TALK;                                                                                 \
                                                                                                   \
	talk_open(&talk);                                                                          \
	talk_login(&talk)

/* The capture lacks the client's FIN, and has what acknowledges it. */
static const struct conn *without_fin(struct talk *talk, size_t with_len, uint8_t flags)
{
	talk->uncaptured[CLIENT] = true;
	talk_say(talk, CLIENT, TCP_FIN | TCP_ACK, cipher_text(with_len));
	talk->uncaptured[CLIENT] = false;
	talk_say(talk, SERVER, flags, none());
	return wire_conn(talk->wire);
}

Test(track_ending_unseen, one_octet_acknowledged_that_is_not_there_was_a_fin)
{
	WITH_SESSION;

	conn = without_fin(&talk, 0, TCP_FIN | TCP_ACK);
	cr_expect_eq(conn->end.ending, ENDING_closed);
	cr_expect_eq(conn->end.side, CLIENT, "it closed before the server, whose FIN is there");
	cr_expect(conn->end.unseen);
	cr_expect_eq(conn->end.mark.number, wire->frame);
	cr_expect_eq(conn->missing_at, wire->frame);
	wire_free(wire);
}

Test(track_ending_unseen, more_octets_than_one_were_data)
{
	WITH_SESSION;

	conn = without_fin(&talk, 36, TCP_ACK);
	cr_expect_eq(conn->end.ending, ENDING_open);
	cr_expect_not(conn->end.unseen);
	wire_free(wire);
}

Test(track_ending_unseen, a_fin_that_is_there_is_no_unseen_one)
{
	WITH_SESSION;

	talk_say(&talk, CLIENT, TCP_FIN | TCP_ACK, none());
	talk_say(&talk, SERVER, TCP_FIN | TCP_ACK, none());
	conn = wire_conn(wire);
	cr_expect_not(conn->end.unseen);
	wire_free(wire);
}

Test(track_ending_unseen, the_answer_to_a_keepalive_that_begins_the_capture_is_of_no_fin)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	const struct conn *conn;

	for (int i = 0; i < 3; i++) {
		talk_at(&talk, CLIENT, -1, none());
		talk_ack(&talk, SERVER);
	}
	talk_data(&talk, CLIENT, 36);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_open);
	cr_expect_eq(conn->peer[CLIENT].missing, 0);
	wire_free(wire);
}
