/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "tests/track/wire.h"

#define WITH_TALK                                                                                  \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_new(wire);                                                         \
	const struct conn *conn

Test(track_overlap, other_bytes_in_the_same_place_are_told)
{
	WITH_TALK;

	talk_open(&talk);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, text_bytes("SSH-2.0-genuine\r\n"));
	talk_at(&talk, CLIENT, -17, text_bytes("SSX-2.0-forged!\r\n"));
	conn = wire_conn(wire);
	cr_expect_eq(conn->overlaps, 1);
	cr_expect_eq(event_of(conn, EVENT_OVERLAP)->from, FROM_CLIENT);
	cr_expect_eq(conn->ssh.half[CLIENT].identification.at[8], 'g', "the first copy wins");
	wire_free(wire);
}

Test(track_overlap, a_true_copy_is_nothing_to_tell)
{
	WITH_TALK;

	talk_open(&talk);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, text_bytes("SSH-2.0-genuine\r\n"));
	talk_at(&talk, CLIENT, -17, text_bytes("SSH-2.0-genuine\r\n"));
	talk_at(&talk, CLIENT, -17, text_bytes("SSH-2.0"));
	talk_at(&talk, CLIENT, -17, text_bytes("SSH-2.0-genuine\r\nand more"));
	conn = wire_conn(wire);
	cr_expect_eq(conn->overlaps, 0);
	wire_free(wire);
}

Test(track_overlap, a_longer_copy_with_other_bytes_is_told)
{
	WITH_TALK;

	talk_open(&talk);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, text_bytes("SSH-2.0-genuine\r\n"));
	talk_at(&talk, CLIENT, -17, text_bytes("SSH-1.9-genuine\r\nand more"));
	conn = wire_conn(wire);
	cr_expect_eq(conn->overlaps, 1);
	wire_free(wire);
}

/* RFC 9293 section 3.8.4: the octet of a keep-alive is garbage by design. */
Test(track_overlap, the_octet_of_a_keep_alive_may_be_any)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	talk_data(&talk, CLIENT, 1);
	talk_at(&talk, CLIENT, -1, hex("99"));
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].keepalives, 1);
	cr_expect_eq(conn->overlaps, 0);
	wire_free(wire);
}

Test(track_overlap, only_the_last_few_segments_are_remembered_each_in_its_place)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	for (int i = 0; i < 8; i++)
		talk_data(&talk, SERVER, 100);
	talk_at(&talk, SERVER, -800, hex("00 11 22 33 44 55 66 77 88"));
	talk_at(&talk, SERVER, -100, hex("00 11 22 33 44 55 66 77 88"));
	talk_at(&talk, SERVER, -90, hex("00 11 22 33 44 55 66 77 88")); /* no segment began here */
	conn = wire_conn(wire);
	cr_expect_eq(conn->overlaps, 2);
	wire_free(wire);
}
