/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/inside.h"

/* ---- the handshake ---- */

#define WITH_TALK                                                                                  \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_new(wire);                                                         \
	const struct conn *conn

Test(track_tcp, three_segments_make_a_handshake)
{
	WITH_TALK;

	talk_open(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(conn->handshake, HANDSHAKE_COMPLETE);
	cr_expect_eq(event_of(conn, EVENT_ESTABLISHED)->arg, 2000, "1 ms to either side");
	cr_expect_eq(conn->peer[CLIENT].rtt_min_ns, STEP_NS);
	cr_expect_eq(conn->peer[SERVER].rtt_min_ns, STEP_NS);
	wire_free(wire);
}

Test(track_tcp, an_acknowledgment_of_something_else_does_not_complete_a_handshake)
{
	WITH_TALK;

	talk_syn(&talk);
	talk_syn_ack(&talk);
	talk.next[SERVER] += 5;
	talk_ack(&talk, CLIENT);
	talk_close(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(conn->handshake, HANDSHAKE_PARTIAL);
	wire_free(wire);
}

Test(track_tcp, without_a_syn_the_handshake_is_missing)
{
	WITH_TALK;

	talk_key(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(conn->handshake, HANDSHAKE_MISSING);
	cr_expect_eq(events_of(conn, EVENT_MIDSTREAM), 1);
	cr_expect_eq(conn->peer[CLIENT].packets, 2);
	cr_expect_eq(conn->peer[CLIENT].bytes, KEY_LEN);
	wire_free(wire);
}

/* RFC 7413: fast open. */
Test(track_tcp, a_syn_with_payload_begins_a_connection)
{
	WITH_TALK;

	talk_say(&talk, CLIENT, TCP_SYN, text_bytes(IDENTIFICATION));
	talk_syn_ack(&talk);
	talk_ack(&talk, CLIENT);
	conn = wire_conn(wire);
	cr_expect_eq(conn->handshake, HANDSHAKE_COMPLETE);
	cr_expect_eq(events_of(conn, EVENT_MIDSTREAM), 0);
	wire_free(wire);
}

/* ---- what was sent before ---- */

Test(track_tcp, bytes_count_once_however_often_they_are_sent)
{
	WITH_TALK;

	talk_open(&talk);
	talk_data(&talk, CLIENT, 100);
	talk_again(&talk, CLIENT, 100);
	talk_again(&talk, CLIENT, 50);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].bytes, 100);
	cr_expect_eq(conn->peer[CLIENT].retransmissions, 2);
	cr_expect_eq(event_of(conn, EVENT_RETRANSMISSION)->arg, 150);
	wire_free(wire);
}

Test(track_tcp, a_retransmission_that_brings_more_counts_for_the_new_bytes)
{
	WITH_TALK;

	talk_open(&talk);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(100));
	talk_at(&talk, CLIENT, -100, cipher_text(160));
	talk.next[CLIENT] += 60;
	talk_ack(&talk, SERVER);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].bytes, 160);
	cr_expect_eq(conn->peer[CLIENT].pending.mark.number, 0, "all of it was answered");
	wire_free(wire);
}

Test(track_tcp, a_segment_that_fills_a_hole_in_time_came_out_of_order)
{
	WITH_TALK;

	talk_open(&talk);
	talk_at(&talk, CLIENT, 100, cipher_text(100));
	talk_at(&talk, CLIENT, 0, cipher_text(100));
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].out_of_order, 1);
	cr_expect_eq(conn->peer[CLIENT].retransmissions, 0);
	cr_expect_eq(conn->peer[CLIENT].bytes, 200);
	wire_free(wire);
}

Test(track_tcp, a_segment_that_fills_a_hole_long_after_was_sent_again)
{
	WITH_TALK;

	talk_open(&talk);
	talk_at(&talk, CLIENT, 100, cipher_text(100));
	wire_wait(wire, 200 * NS_PER_MS);
	talk_at(&talk, CLIENT, 0, cipher_text(100));
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].out_of_order, 0);
	cr_expect_eq(conn->peer[CLIENT].retransmissions, 1);
	wire_free(wire);
}

/* RFC 9293 section 3.8.4 */
Test(track_tcp, the_octet_before_the_next_is_a_keep_alive)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	talk_at(&talk, CLIENT, -1, none());
	talk_ack(&talk, SERVER);
	talk_at(&talk, CLIENT, -1, hex("00"));
	talk_ack(&talk, SERVER);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].keepalives, 2);
	cr_expect_eq(conn->peer[CLIENT].retransmissions, 0);
	cr_expect_eq(conn->peer[CLIENT].pending.mark.number, 0);
	cr_expect_eq(event_of(conn, EVENT_KEEPALIVE)->count, 2);
	wire_free(wire);
}

Test(track_tcp, what_is_acknowledged_but_was_not_captured_is_missing)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	talk.uncaptured[SERVER] = true;
	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, cipher_text(500));
	talk.uncaptured[SERVER] = false;
	talk_ack(&talk, CLIENT);
	talk_key(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[SERVER].missing, 1);
	cr_expect_eq(conn->peer[CLIENT].missing, 0);
	cr_expect_eq(events_of(conn, EVENT_MISSING), 1);
	cr_expect_eq(conn->peer[SERVER].retransmissions, 0);
	wire_free(wire);
}

Test(track_tcp, a_closed_window_is_told)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	talk.window[CLIENT] = 0;
	talk_ack(&talk, CLIENT);
	conn = wire_conn(wire);
	cr_expect_eq(events_of(conn, EVENT_ZERO_WINDOW), 1);
	cr_expect_eq(event_of(conn, EVENT_ZERO_WINDOW)->from, FROM_CLIENT);
	wire_free(wire);
}

/* ---- time ---- */

Test(track_tcp, a_pause_is_a_line_of_its_own)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	wire_wait(wire, 42 * NS_PER_S - STEP_NS);
	talk_key(&talk);
	conn = wire_conn(wire);
	cr_assert_eq(events_of(conn, EVENT_IDLE), 1);
	cr_expect_eq(event_of(conn, EVENT_IDLE)->arg, 42000);
	wire_free(wire);
}

Test(track_tcp, a_clock_that_steps_back_gives_no_negative_times)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	wire_wait(wire, -3600 * NS_PER_S);
	talk_key(&talk);
	talk_say(&talk, SERVER, TCP_RST, none());
	conn = wire_conn(wire);
	cr_expect(conn->clock_stepped);
	cr_expect_geq(conn->end.idle_before_ns, 0);
	cr_expect_geq(conn->peer[SERVER].rtt_min_ns, 0);
	cr_expect_geq(conn->reset[0].since_trigger_ns, 0);
	cr_expect_geq(conn->last_ns, conn->first_ns);
	wire_free(wire);
}

/* ---- one direction alone ---- */

static void one_sided(enum side seen, enum side closes)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	const struct conn *conn;

	talk.uncaptured[!seen] = true;
	talk_open(&talk);
	talk_login(&talk);
	talk_say(&talk, closes, TCP_FIN | TCP_ACK, none());
	talk_ack(&talk, !closes);
	talk_say(&talk, !closes, TCP_FIN | TCP_ACK, none());
	talk_ack(&talk, closes);
	conn = wire_conn(wire);
	cr_expect(conn->one_sided);
	cr_expect_eq(conn->only_side, seen);
	cr_expect_eq(conn->end.ending, ENDING_closed);
	cr_expect(conn->end.has_side);
	cr_expect_eq(conn->end.side, closes, "seen %d, closes %d", seen, closes);
	wire_free(wire);
}

Test(track_tcp, acknowledgments_of_one_direction_tell_who_closed)
{
	one_sided(CLIENT, CLIENT);
	one_sided(CLIENT, SERVER);
	one_sided(SERVER, CLIENT);
	one_sided(SERVER, SERVER);
}

Test(track_tcp, when_one_direction_does_not_tell_who_closed_nobody_is_named)
{
	WITH_TALK;

	talk.uncaptured[SERVER] = true;
	talk_open(&talk);
	talk_data(&talk, SERVER, 1);
	talk_login(&talk);
	talk_say(&talk, CLIENT, TCP_FIN | TCP_ACK, none());
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_closed);
	cr_expect_not(conn->end.has_side);
	wire_free(wire);
}

Test(track_tcp, single_octets_that_are_acknowledged_are_no_fin)
{
	WITH_TALK;

	talk.uncaptured[SERVER] = true;
	talk_open(&talk);
	for (int i = 0; i < 3; i++)
		talk_data(&talk, SERVER, 1);
	talk_data(&talk, SERVER, 40);
	talk_say(&talk, CLIENT, TCP_FIN | TCP_ACK, none());
	talk_say(&talk, SERVER, TCP_FIN | TCP_ACK, none());
	talk_ack(&talk, CLIENT);
	conn = wire_conn(wire);
	cr_expect(conn->one_sided);
	cr_expect_eq(conn->end.side, CLIENT);
	wire_free(wire);
}

Test(track_tcp, one_subflow_of_several_is_said_to_be_one)
{
	WITH_TALK;
	struct packet p;

	talk_open(&talk);
	p = talk_packet(&talk, CLIENT, TCP_ACK);
	p.tcp.has_mptcp = true;
	wire_feed(wire, &p);
	conn = wire_conn(wire);
	cr_expect(conn->multipath);
	wire_free(wire);
}
