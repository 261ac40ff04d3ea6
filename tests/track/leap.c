/* SPDX-License-Identifier: BSD-3-Clause */
/* What lies beyond every window: forged, or a hole in the capture. */
#include <criterion/criterion.h>

#include "tests/track/wire.h"

#define WITH_TALK                                                                                  \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_new(wire);                                                         \
	const struct conn *conn

#define FAR 50000000

/* Forged by someone who knows addresses and ports, not the numbers. */
static void forge(struct talk *talk, enum side side, int32_t seq, int32_t ack, struct bytes payload)
{
	struct packet p = talk_packet(talk, side, TCP_PSH | TCP_ACK);

	p.tcp.seq += (uint32_t)seq;
	p.tcp.ack += (uint32_t)ack;
	p.ttl = 33;
	p.tcp.payload = payload.at;
	p.tcp.payload_len = p.tcp.payload_wire_len = (uint32_t)payload.len;
	wire_feed(talk->wire, &p);
	bytes_free(payload);
}

/* The session goes on as if nothing had been said. */
static void expect_untouched(struct talk *talk, uint32_t outside)
{
	const struct conn *conn;

	talk_data(talk, CLIENT, 100);
	talk_data(talk, SERVER, 100);
	talk_close(talk);
	conn = wire_conn(talk->wire);
	cr_expect_eq(event_of(conn, EVENT_OUTSIDE)->count, outside);
	for (enum side side = CLIENT; side <= SERVER; side++) {
		cr_expect_eq(conn->peer[side].missing, 0, "side %d", side);
		cr_expect_eq(conn->peer[side].retransmissions, 0, "side %d", side);
		cr_expect_neq(conn->peer[side].ttl_min, 33, "side %d", side);
		cr_expect_eq(conn->peer[side].pending.mark.number, 0, "side %d", side);
	}
	cr_expect_eq(conn->end.ending, ENDING_closed);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_SESSION);
}

Test(track_leap, data_far_ahead_moves_nothing)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_open(&talk);
	talk_login(&talk);
	forge(&talk, SERVER, FAR, 0, cipher_text(100));
	expect_untouched(&talk, 1);
	wire_free(wire);
}

Test(track_leap, data_before_all_that_was_sent_is_no_retransmission)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_open(&talk);
	talk_login(&talk);
	forge(&talk, SERVER, -FAR, 0, cipher_text(100));
	expect_untouched(&talk, 1);
	wire_free(wire);
}

Test(track_leap, an_acknowledgment_of_what_could_not_be_sent_moves_nothing)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_open(&talk);
	talk_login(&talk);
	forge(&talk, SERVER, 0, FAR, none());
	expect_untouched(&talk, 1);
	wire_free(wire);
}

/* Who searches the whole space sends a row of them. */
Test(track_leap, a_row_of_guesses_does_not_confirm_itself)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_open(&talk);
	talk_login(&talk);
	for (int32_t i = 0; i < 5; i++)
		forge(&talk, CLIENT, FAR + 65535 * i, 0, cipher_text(10));
	expect_untouched(&talk, 5);
	wire_free(wire);
}

Test(track_leap, a_hole_in_the_capture_is_believed_when_the_sender_goes_on)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	talk.next[SERVER] += FAR;
	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, cipher_text(100));
	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, cipher_text(100));
	talk_ack(&talk, CLIENT);
	talk_close(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(event_of(conn, EVENT_OUTSIDE)->count, 1);
	cr_expect_eq(conn->end.ending, ENDING_closed);
	cr_expect_eq(conn->peer[SERVER].pending.mark.number, 0);
	cr_expect_eq(conn->peer[SERVER].seq_next, talk.next[SERVER]);
	wire_free(wire);
}

Test(track_leap, a_hole_in_the_capture_is_believed_when_the_other_side_answers)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	talk.next[SERVER] += FAR;
	talk_data(&talk, SERVER, 100);
	talk_key(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(event_of(conn, EVENT_OUTSIDE)->count, 1);
	cr_expect_eq(conn->peer[SERVER].missing, 1, "the capture lost it");
	cr_expect_eq(conn->peer[SERVER].seq_next, talk.next[SERVER]);
	wire_free(wire);
}

/* No window is larger than 1 GiB: RFC 7323 section 2.3. */
Test(track_leap, without_a_handshake_too_nothing_was_sent_so_far_behind)
{
	WITH_TALK;

	talk_identify(&talk);
	forge(&talk, SERVER, -(1 << 30) - 100, 0, cipher_text(10));
	forge(&talk, SERVER, -100000, 0, cipher_text(10));
	conn = wire_conn(wire);
	cr_expect_eq(event_of(conn, EVENT_OUTSIDE)->count, 1);
	cr_expect_eq(conn->peer[SERVER].retransmissions, 1);
	wire_free(wire);
}

/* A FIN takes a number, and needs no window. */
Test(track_leap, a_fin_behind_a_full_window_may_be_acknowledged)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	talk_ack(&talk, CLIENT);
	talk.next[SERVER] += talk.window[CLIENT] + 1u;
	talk_ack(&talk, CLIENT);
	talk_key(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[SERVER].missing, 1);
	cr_expect_eq(events_of(conn, EVENT_OUTSIDE), 0);
	wire_free(wire);
}

/* RFC 9293 section 3.8.6.1 */
Test(track_leap, a_probe_of_a_closed_window_is_no_leap)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	talk.window[CLIENT] = 0;
	talk_ack(&talk, CLIENT);
	talk_data(&talk, SERVER, 1);
	conn = wire_conn(wire);
	cr_expect_eq(events_of(conn, EVENT_OUTSIDE), 0);
	wire_free(wire);
}

Test(track_leap, one_direction_alone_may_have_holes)
{
	WITH_TALK;

	talk.uncaptured[SERVER] = true;
	talk_open(&talk);
	talk_login(&talk);
	talk.next[SERVER] += FAR;
	talk_ack(&talk, CLIENT);
	talk_data(&talk, SERVER, 100);
	talk_data(&talk, SERVER, 100);
	conn = wire_conn(wire);
	cr_expect_eq(event_of(conn, EVENT_OUTSIDE)->count, 1);
	cr_expect_eq(conn->peer[CLIENT].acked, talk.next[SERVER]);
	wire_free(wire);
}

/* A filter that takes it for invalid, or a kernel without the connection. */
Test(track_leap, a_reset_may_answer_it)
{
	WITH_TALK;
	struct packet p;

	talk_open(&talk);
	talk_login(&talk);
	forge(&talk, CLIENT, FAR, 0, cipher_text(77));
	p = talk_packet(&talk, SERVER, TCP_RST);
	p.tcp.ack = 0;
	wire_feed(wire, &p);
	conn = wire_conn(wire);
	cr_expect(conn->reset[0].answers_trigger);
	cr_expect_eq(conn->reset[0].trigger.mark.number + 1, conn->reset[0].seen.mark.number);
	wire_free(wire);
}
