/* SPDX-License-Identifier: BSD-3-Clause */
/* The clock alone ends what a packet would have ended, and what nobody asks for any more. */
#include <criterion/criterion.h>

#include "tests/track/wire.h"

#define STEP_S 10

/* So late it is, and nothing came; told as it passes, from the second that was told before. */
static const struct conn *pass(struct wire *wire, int64_t from_s, int64_t to_s)
{
	for (int64_t s = from_s; s < to_s; s += STEP_S)
		track_time(wire->track, wire->now_ns + s * NS_PER_S);
	track_time(wire->track, wire->now_ns + to_s * NS_PER_S);
	return wire_finished(wire);
}

static const struct conn *after(struct wire *wire, int64_t seconds)
{
	return pass(wire, 0, seconds);
}

Test(track_give_up, a_reset_is_handed_on_without_another_packet)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	const struct conn *conn;

	talk_open(&talk);
	talk_login(&talk);
	talk_say(&talk, SERVER, TCP_RST | TCP_ACK, none());
	cr_expect_null(after(wire, 59));
	conn = after(wire, 60);
	cr_assert_not_null(conn);
	cr_expect_eq(conn->end.ending, ENDING_reset);
	wire_free(wire);
}

Test(track_give_up, time_does_not_go_back)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_session(&talk);
	track_time(wire->track, wire->now_ns - 3600 * NS_PER_S);
	cr_expect_null(after(wire, 4));
	cr_expect_not_null(after(wire, 5));
	wire_free(wire);
}

Test(track_give_up, who_repeats_in_vain_has_ended_in_silence)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	const struct conn *conn;

	talk_open(&talk);
	talk_login(&talk);
	talk_say(&talk, CLIENT, TCP_ACK | TCP_PSH, cipher_text(KEY_LEN));
	for (int64_t pause_s = 1; pause_s <= 64; pause_s *= 2) {
		wire_wait(wire, pause_s * NS_PER_S);
		talk_again(&talk, CLIENT, KEY_LEN);
	}
	cr_expect_null(after(wire, 290));
	conn = after(wire, 306);
	cr_assert_not_null(conn);
	cr_expect_eq(conn->end.ending, ENDING_silent);
	wire_free(wire);
}

Test(track_give_up, a_session_without_a_word_stays_open_for_a_day)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_open(&talk);
	talk_login(&talk);
	cr_expect_null(after(wire, 24 * 3600));
	talk_data(&talk, CLIENT, KEY_LEN);
	cr_expect_eq(wire_conn(wire)->end.ending, ENDING_open);
	wire_free(wire);
}

Test(track_give_up, a_question_that_nobody_answers_is_not_waited_for_to_the_end)
{
	struct wire *wire = wire_new();
	struct talk one = talk_new(wire), other = talk_from(wire, 51001, 80);
	const struct conn *conn;

	talk_syn(&one);
	talk_syn(&other);
	cr_expect_null(after(wire, 170));
	conn = after(wire, 190);
	cr_assert_not_null(conn);
	cr_expect_eq(conn->end.ending, ENDING_unanswered);
	cr_expect_eq(conn->peer[SERVER].at.port, 22);
	cr_expect_null(after(wire, 400), "port 80 is not our business");
	wire_free(wire);
}

Test(track_give_up, an_answered_handshake_is_waited_for)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_open(&talk);
	cr_expect_null(after(wire, 200));
	cr_expect_null(after(wire, 400));
	wire_free(wire);
}

Test(track_give_up, more_than_fit_are_handed_on_in_parts)
{
	struct wire *wire = wire_new();
	uint32_t count = 0;

	for (uint32_t i = 0; i < 20000; i++) {
		struct talk talk = talk_from(wire, (uint16_t)(10000 + i), 22);

		talk_syn(&talk);
	}
	for (int64_t seconds = 0; seconds < 300; seconds += 6) {
		track_time(wire->track, wire->now_ns + seconds * NS_PER_S);
		while (wire_finished(wire) != NULL)
			count++;
	}
	cr_expect_eq(count, 20000);
	wire_free(wire);
}

Test(track_give_up, without_time_attempts_are_left_out_and_sessions_are_not)
{
	struct wire *wire = wire_new();
	uint32_t count = 0;

	for (uint32_t i = 0; i < 100; i++) {
		struct talk talk = talk_from(wire, (uint16_t)(10000 + i), 22);

		talk_syn(&talk);
	}
	for (uint32_t i = 0; i < 5; i++) {
		struct talk talk = talk_from(wire, (uint16_t)(20000 + i), 22);

		talk_open(&talk);
		talk_login(&talk);
	}
	track_end(wire->track);
	for (; count < 10; count++)
		cr_assert_eq(wire_finished(wire)->end.ending, ENDING_unanswered);
	cr_expect_eq(track_hurry(wire->track), 90);
	for (count = 0; wire_finished(wire) != NULL; count++)
		cr_expect_geq(wire->conn->peer[CLIENT].at.port, 20000);
	cr_expect_eq(count, 5);
	cr_expect_eq(track_counts(wire->track).evicted, 90);
	wire_free(wire);
}

/* A SYN of which the answer is on its way. */
static struct talk asked(struct wire *wire)
{
	struct talk talk = talk_from(wire, 52000, 22);

	talk_syn(&talk);
	return talk;
}

Test(track_give_up, a_clock_that_is_set_back_makes_nobody_old)
{
	struct wire *wire = wire_new();
	struct talk talk;

	asked(wire);
	track_time(wire->track, wire->now_ns);
	wire_wait(wire, -3600 * NS_PER_S);
	talk = talk_from(wire, 52001, 22);
	talk_syn(&talk);
	/* Time goes on from where it was, an hour ahead of the packets. */
	cr_expect_null(pass(wire, 3600, 3600 + 170));
	wire_free(wire);
}

Test(track_give_up, a_jump_of_the_clock_is_no_silence)
{
	struct wire *wire = wire_new();

	asked(wire);
	track_time(wire->track, wire->now_ns);
	cr_expect_null(pass(wire, 3600, 3600 + 290));
	cr_expect_not_null(pass(wire, 3600 + 290, 3600 + 310), "then it is");
	wire_free(wire);
}
