/* SPDX-License-Identifier: BSD-3-Clause */
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

#define WINDOW (502 << 7) /* what both sides announce, scaled */

/* A reset at a distance from what its sender would send next. */
static void reset_at(struct talk *talk, enum side from, uint8_t flags, int32_t ahead)
{
	struct packet p = talk_packet(talk, from, flags);

	p.tcp.seq += (uint32_t)ahead;
	p.tcp.window = 0;
	wire_feed(talk->wire, &p);
}

/* ---- would its receiver obey? RFC 5961 section 3.2 ---- */

static void expect_fit(int32_t ahead, enum reset_fit fit, enum ending ending)
{
	WITH_SESSION;

	reset_at(&talk, SERVER, TCP_RST, ahead);
	conn = wire_conn(wire);
	cr_expect_eq(conn->reset[0].fit, fit, "%d ahead: %d", ahead, conn->reset[0].fit);
	cr_expect_eq(conn->end.ending, ending, "%d ahead", ahead);
	cr_expect_eq(conn->resets, 1);
	wire_free(wire);
}

Test(track_reset, a_reset_is_measured_against_what_its_receiver_expects)
{
	expect_fit(0, RESET_FIT_EXACT, ENDING_reset);
	expect_fit(1, RESET_FIT_WINDOW, ENDING_reset);
	expect_fit(WINDOW - 1, RESET_FIT_WINDOW, ENDING_reset);
	expect_fit(WINDOW, RESET_FIT_OUTSIDE, ENDING_open);
	expect_fit(-1, RESET_FIT_OUTSIDE, ENDING_open);
	expect_fit(-1000000000, RESET_FIT_OUTSIDE, ENDING_open);
	expect_fit(1000000000, RESET_FIT_OUTSIDE, ENDING_open);
}

Test(track_reset, a_reset_that_nobody_obeys_is_counted_and_shown)
{
	WITH_SESSION;

	reset_at(&talk, SERVER, TCP_RST, -100000);
	talk_key(&talk);
	talk_close(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_closed);
	cr_expect_null(conn_ending_reset(conn));
	cr_expect_eq(conn->resets, 1);
	cr_expect_eq(event_of(conn, EVENT_RESET)->arg, RESET_FIT_OUTSIDE);
	cr_expect_eq(conn->data_after_reset[CLIENT], 0);
	wire_free(wire);
}

Test(track_reset, without_a_handshake_the_window_may_be_large)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_key(&talk);
	reset_at(&talk, SERVER, TCP_RST, 3 * 1024 * 1024);
	cr_expect_eq(wire_conn(wire)->reset[0].fit, RESET_FIT_WINDOW);
	wire_free(wire);
}

Test(track_reset, of_a_direction_that_was_not_captured_the_fit_is_unknown_and_it_counts)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	struct packet p = talk_packet(&talk, CLIENT, TCP_RST);

	wire_feed(wire, &p);
	cr_expect_eq(wire_conn(wire)->reset[0].fit, RESET_FIT_UNKNOWN);
	cr_expect_eq(wire->conn->end.ending, ENDING_reset);
	wire_free(wire);
}

/* ---- answers to a SYN: RFC 9293 section 3.10.7.3 ---- */

static void refuse(struct talk *talk, uint8_t flags, uint32_t ack)
{
	struct packet p = talk_packet(talk, SERVER, flags);

	p.tcp.seq = 0;
	p.tcp.ack = ack;
	p.tcp.window = 0;
	wire_feed(talk->wire, &p);
}

static void expect_answer_to_syn(size_t payload_len, uint8_t flags, uint32_t ack,
				 enum ending ending)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_say(&talk, CLIENT, TCP_SYN, cipher_text(payload_len));
	refuse(&talk, flags, ack);
	cr_expect_eq(wire_conn(wire)->end.ending, ending, "%zu bytes, ack %u: %s", payload_len,
		     ack - TEST_SEQ, ending_name(wire->conn->end.ending));
	wire_free(wire);
}

Test(track_reset, only_a_reset_that_acknowledges_the_syn_refuses)
{
	expect_answer_to_syn(0, TCP_RST | TCP_ACK, TEST_SEQ + 1, ENDING_refused);
	expect_answer_to_syn(0, TCP_RST | TCP_ACK, TEST_SEQ, ENDING_unanswered);
	expect_answer_to_syn(0, TCP_RST | TCP_ACK, TEST_SEQ + 2, ENDING_unanswered);
	expect_answer_to_syn(0, TCP_RST, TEST_SEQ + 1, ENDING_unanswered);
	expect_answer_to_syn(10, TCP_RST | TCP_ACK, TEST_SEQ + 1, ENDING_refused);
	expect_answer_to_syn(10, TCP_RST | TCP_ACK, TEST_SEQ + 11, ENDING_refused);
	expect_answer_to_syn(10, TCP_RST | TCP_ACK, TEST_SEQ + 12, ENDING_unanswered);
}

/* ---- what it answers ---- */

Test(track_reset, a_reset_without_ack_answers_the_segment_whose_ack_it_takes)
{
	WITH_SESSION;

	wire_wait(wire, 400 * NS_PER_S);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	reset_at(&talk, SERVER, TCP_RST, 0);
	conn = wire_conn(wire);
	cr_expect(conn->reset[0].answers_trigger);
	cr_expect_eq(conn->reset[0].trigger.mark.number, wire->frame - 1);
	cr_expect_eq(conn->reset[0].trigger.payload_len, KEY_LEN);
	cr_expect_eq(conn->reset[0].since_trigger_ns, STEP_NS);
	wire_free(wire);
}

Test(track_reset, a_reset_with_ack_answers_the_segment_it_acknowledges)
{
	WITH_SESSION;

	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(50));
	talk.next[CLIENT] -= 50;
	reset_at(&talk, SERVER, TCP_RST | TCP_ACK, 0);
	conn = wire_conn(wire);
	cr_expect(conn->reset[0].answers_trigger);
	cr_expect_eq(conn->reset[0].trigger.payload_len, KEY_LEN,
		     "not the last, but the one before");
	wire_free(wire);
}

Test(track_reset, with_ack_it_also_takes_the_number_of_what_it_answers)
{
	WITH_SESSION;

	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	reset_at(&talk, SERVER, TCP_RST | TCP_ACK,
		 10); /* the second of a row with rising numbers */
	conn = wire_conn(wire);
	cr_expect_not(conn->reset[0].answers_trigger);
	wire_free(wire);
}

Test(track_reset, some_firewalls_acknowledge_the_beginning_of_what_they_answer)
{
	WITH_SESSION;

	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	talk.next[CLIENT] -= KEY_LEN;
	reset_at(&talk, SERVER, TCP_RST | TCP_ACK, 0);
	conn = wire_conn(wire);
	cr_expect(conn->reset[0].answers_trigger);
	cr_expect_eq(conn->reset[0].trigger.payload_len, KEY_LEN);
	wire_free(wire);
}

Test(track_reset, what_was_acknowledged_before_needs_no_answer)
{
	WITH_SESSION;

	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	talk_ack(&talk, SERVER);
	reset_at(&talk, SERVER, TCP_RST, 0);
	conn = wire_conn(wire);
	cr_expect(conn->reset[0].answers_trigger);
	cr_expect(conn->reset[0].already_answered);
	wire_free(wire);
}

Test(track_reset, what_was_not_acknowledged_is_still_owed_an_answer)
{
	WITH_SESSION;

	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	reset_at(&talk, SERVER, TCP_RST, 0);
	conn = wire_conn(wire);
	cr_expect_not(conn->reset[0].already_answered);
	wire_free(wire);
}

Test(track_reset, a_reset_out_of_nowhere_answers_nothing)
{
	WITH_SESSION;

	wire_wait(wire, 300 * NS_PER_S - STEP_NS);
	reset_at(&talk, SERVER, TCP_RST, 17);
	conn = wire_conn(wire);
	cr_expect_not(conn->reset[0].answers_trigger);
	cr_expect_eq(conn->reset[0].since_trigger_ns, 300 * NS_PER_S);
	cr_expect_eq(conn->end.idle_before_ns, 300 * NS_PER_S);
	cr_expect_not(conn->end.idle_broken);
	wire_free(wire);
}

Test(track_reset, its_ip_identification_is_compared_with_the_claimed_senders)
{
	WITH_SESSION;
	struct packet p;

	talk.ip_id[SERVER] = 65535;
	talk_key(&talk);
	p = talk_packet(&talk, SERVER, TCP_RST);
	p.ip_id = 2;
	wire_feed(wire, &p);
	conn = wire_conn(wire);
	cr_assert(conn->reset[0].has_ip_id_step);
	cr_expect_eq(conn->reset[0].ip_id_step, 3);
	cr_expect_eq(conn->reset[0].before.number, conn->peer[SERVER].recent[0].mark.number);
	wire_free(wire);
}

/* ---- memory ---- */

Test(track_reset, of_many_the_first_are_kept_and_the_one_that_ends_it)
{
	WITH_SESSION;

	for (int i = 0; i < 9; i++)
		reset_at(&talk, SERVER, TCP_RST, -100000 - i);
	reset_at(&talk, CLIENT, TCP_RST, 0);
	for (int i = 0; i < 9; i++)
		reset_at(&talk, CLIENT, TCP_RST, 0);
	conn = wire_conn(wire);
	cr_expect_eq(conn->resets, 19);
	cr_expect_eq(conn->resets_kept, CONN_RESETS_MAX);
	cr_expect_eq(conn_ending_reset(conn)->from, CLIENT);
	cr_expect_eq(conn_ending_reset(conn)->seen.mark.number, wire->frame - 9);
	cr_expect_eq(conn->reset[0].from, SERVER);
	wire_free(wire);
}
