/* SPDX-License-Identifier: BSD-3-Clause */
/* Life after a reset: did anyone obey? */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/inside.h"

#define WITH_SESSION                                                                               \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_new(wire);                                                         \
	const struct conn *conn;                                                                   \
                                                                                                   \
	talk_open(&talk);                                                                          \
	talk_login(&talk)

/* A reset at a distance from what its sender would send next. */
static void reset_at(struct talk *talk, enum side from, uint8_t flags, int32_t ahead)
{
	struct packet p = talk_packet(talk, from, flags);

	p.tcp.seq += (uint32_t)ahead;
	p.tcp.window = 0;
	wire_feed(talk->wire, &p);
}

Test(track_revival, data_of_the_claimed_sender_after_it_is_counted)
{
	WITH_SESSION;

	reset_at(&talk, SERVER, TCP_RST, 0);
	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, cipher_text(100));
	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, cipher_text(100));
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_reset);
	cr_expect_eq(conn->data_after_reset[SERVER], 2);
	cr_expect_eq(conn->after_reset_mark[SERVER].number, wire->frame - 1);
	cr_expect_eq(event_of(conn, EVENT_DATA_AFTER_RESET)->arg, 200);
	wire_free(wire);
}

Test(track_revival, an_acknowledgment_of_the_trigger_shows_that_it_arrived)
{
	WITH_SESSION;

	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	reset_at(&talk, SERVER, TCP_RST, 0);
	talk_ack(&talk, SERVER);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_reset);
	cr_expect(conn->trigger_acked);
	wire_free(wire);
}

/* A SYN, a reset that refuses it, and perhaps the same SYN again; then the server accepts. */
static const struct conn *accepted_late(struct wire *wire, bool asks_again)
{
	struct talk talk = talk_new(wire);
	struct packet p;

	talk_say(&talk, CLIENT, TCP_SYN, none());
	p = talk_packet(&talk, SERVER, TCP_RST | TCP_ACK);
	p.tcp.seq = 0;
	wire_feed(wire, &p);
	if (asks_again) {
		wire_wait(wire, 500 * NS_PER_MS);
		talk.next[CLIENT]--;
		talk_say(&talk, CLIENT, TCP_SYN, none());
	}
	talk_say(&talk, SERVER, TCP_SYN | TCP_ACK, none());
	return wire_conn(wire);
}

Test(track_revival, a_server_that_accepts_the_syn_it_refused_goes_on)
{
	struct wire *wire = wire_new();
	const struct conn *conn = accepted_late(wire, false);

	cr_expect_eq(conn->end.ending, ENDING_refused);
	cr_expect_eq(conn->data_after_reset[SERVER], 1);
	cr_expect_eq(conn->after_reset_mark[SERVER].number, wire->frame);
	wire_free(wire);
}

Test(track_revival, a_second_syn_may_be_accepted_where_the_first_was_not)
{
	struct wire *wire = wire_new();
	const struct conn *conn = accepted_late(wire, true);

	cr_expect_eq(conn->data_after_reset[SERVER], 0);
	wire_free(wire);
}

Test(track_revival, when_both_sides_go_on_long_after_it_had_no_effect)
{
	WITH_SESSION;

	reset_at(&talk, SERVER, TCP_RST, 0);
	wire_wait(wire, 400 * NS_PER_MS);
	talk_data(&talk, SERVER, 100);
	talk_key(&talk);
	talk_close(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_closed);
	cr_expect_eq(conn->end.side, CLIENT);
	cr_expect_null(conn_ending_reset(conn));
	cr_expect_eq(conn->reset[0].fit, RESET_FIT_EXACT, "it is kept all the same");
	wire_free(wire);
}

Test(track_revival, what_was_on_its_way_does_not_take_a_reset_back)
{
	WITH_SESSION;

	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, cipher_text(100));
	reset_at(&talk, SERVER, TCP_RST, 0);
	talk_ack(&talk, CLIENT);
	talk_ack(&talk, CLIENT); /* asks nobody: the reset was exact */
	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, cipher_text(100));
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_reset);
	wire_free(wire);
}

Test(track_revival, a_receiver_that_goes_on_alone_does_not_take_it_back)
{
	WITH_SESSION;
	struct packet p = talk_packet(&talk, SERVER, TCP_RST);

	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, cipher_text(100));
	wire_feed(wire, &p); /* before those bytes, which the client has not acknowledged */
	wire_wait(wire, 400 * NS_PER_MS);
	talk_ack(&talk, CLIENT);
	conn = wire_conn(wire);
	cr_expect_eq(conn->reset[0].fit, RESET_FIT_EXACT);
	cr_expect_eq(conn->end.ending, ENDING_reset);
	wire_free(wire);
}

Test(track_revival, an_acknowledgment_of_something_new_asks_nothing)
{
	WITH_SESSION;

	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, cipher_text(100));
	reset_at(&talk, SERVER, TCP_RST, 1000);
	talk_ack(&talk, CLIENT);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_reset);
	cr_expect_eq(events_of(conn, EVENT_CHALLENGE_ACK), 0);
	wire_free(wire);
}

Test(track_revival, a_receiver_that_asks_back_has_not_obeyed)
{
	WITH_SESSION;

	reset_at(&talk, SERVER, TCP_RST, 1000);
	talk_ack(&talk, CLIENT);
	wire_wait(wire, 120 * NS_PER_S);
	cr_expect_null(wire_finished(wire));
	talk_key(&talk);
	talk_close(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_closed);
	cr_expect_eq(events_of(conn, EVENT_CHALLENGE_ACK), 1);
	wire_free(wire);
}

Test(track_revival, who_is_asked_back_and_resets_again_ends_it)
{
	WITH_SESSION;

	reset_at(&talk, SERVER, TCP_RST, 1000);
	talk_ack(&talk, CLIENT);
	reset_at(&talk, SERVER, TCP_RST, 0);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_reset);
	cr_expect_eq(conn_ending_reset(conn)->seen.mark.number, wire->frame);
	cr_expect_eq(conn_ending_reset(conn)->fit, RESET_FIT_EXACT);
	wire_free(wire);
}

Test(track_revival, a_fin_meanwhile_is_the_end_when_the_reset_is_taken_back)
{
	WITH_SESSION;

	reset_at(&talk, SERVER, TCP_RST, 0);
	talk_say(&talk, CLIENT, TCP_FIN | TCP_ACK, none());
	talk_say(&talk, SERVER, TCP_FIN | TCP_ACK, cipher_text(100));
	wire_wait(wire, 400 * NS_PER_MS);
	talk_ack(&talk, CLIENT);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_closed);
	cr_expect_eq(conn->end.side, CLIENT);
	cr_expect_eq(conn->end.mark.number, conn->peer[CLIENT].fin.number);
	wire_free(wire);
}

Test(track_revival, a_refusal_that_the_client_did_not_heed_is_taken_back)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	struct packet refusal;

	talk_syn(&talk);
	refusal = talk_packet(&talk, SERVER, TCP_RST | TCP_ACK);
	refusal.tcp.seq = 0;
	wire_feed(wire, &refusal);
	talk_syn_ack(&talk);
	talk_ack(&talk, CLIENT);
	talk_login(&talk);
	talk_close(&talk);
	cr_expect_eq(wire_conn(wire)->end.ending, ENDING_closed);
	cr_expect_eq(wire->conn->ssh.phase, SSH_PHASE_SESSION);
	cr_expect_eq(wire->conn->resets, 1);
	wire_free(wire);
}
