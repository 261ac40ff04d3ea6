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

/* ---- FIN ---- */

Test(track_ending, the_first_fin_closes)
{
	WITH_SESSION;

	talk_say(&talk, SERVER, TCP_FIN | TCP_ACK, none());
	talk_say(&talk, CLIENT, TCP_FIN | TCP_ACK, none());
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_closed);
	cr_expect(conn->end.has_side);
	cr_expect_eq(conn->end.side, SERVER);
	cr_expect_eq(conn->end.mark.number, wire->frame - 1);
	cr_expect(ending_is_orderly(conn));
	wire_free(wire);
}

/* Half a second: what the client said before may be what the server answers by its FIN. */
Test(track_ending, the_server_closes_unasked_when_the_client_had_not_just_spoken)
{
	for (int after_ms = 0; after_ms <= 1000; after_ms += 1000) {
		WITH_SESSION;

		talk_key(&talk);
		talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(GOODBYE_LEN));
		wire_wait(wire, after_ms * NS_PER_MS);
		talk_say(&talk, SERVER, TCP_FIN | TCP_ACK, none());
		conn = wire_conn(wire);
		cr_expect_eq(ending_is_unasked(conn), after_ms != 0, "%d ms", after_ms);
		wire_free(wire);
	}
}

Test(track_ending, the_server_closes_unasked_in_the_middle_of_its_own_output)
{
	WITH_SESSION;

	talk_key(&talk);
	talk_say(&talk, SERVER, TCP_FIN | TCP_ACK, none());
	conn = wire_conn(wire);
	cr_expect(ending_is_unasked(conn));
	wire_free(wire);
}

Test(track_ending, neither_the_client_nor_a_server_before_the_login_closes_unasked)
{
	WITH_TALK;
	struct talk other = talk_from(wire, 51001, 22);

	talk_open(&other);
	talk_kex(&other);
	wire_wait(wire, 120 * NS_PER_S);
	talk_say(&other, SERVER, TCP_FIN | TCP_ACK, none()); /* LoginGraceTime */
	conn = wire_conn(wire);
	cr_expect_not(ending_is_unasked(conn));
	wire_free(wire);
	wire = wire_new();
	talk = talk_new(wire);
	talk_session(&talk);
	conn = wire_conn(wire);
	cr_expect_not(ending_is_unasked(conn));
	wire_free(wire);
}

Test(track_ending, a_reset_after_a_fin_changes_nothing)
{
	WITH_SESSION;

	talk_say(&talk, SERVER, TCP_FIN | TCP_ACK, none());
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(GOODBYE_LEN));
	talk_say(&talk, SERVER, TCP_RST, none());
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_closed);
	cr_expect_eq(conn->end.side, SERVER);
	cr_expect_null(conn_ending_reset(conn));
	cr_expect_eq(conn->resets, 1);
	cr_expect_not(ending_is_orderly(conn));
	cr_expect_eq(conn->peer[CLIENT].data_after_fin, 1);
	cr_expect_eq(conn->peer[CLIENT].data_after_fin_mark.number, wire->frame - 1);
	wire_free(wire);
}

Test(track_ending, old_data_sent_again_with_the_fin_is_no_data_after_the_others_fin)
{
	WITH_SESSION;
	struct packet p;
	struct bytes old = cipher_text(KEY_LEN);

	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	talk_say(&talk, SERVER, TCP_FIN | TCP_ACK, none());
	p = talk_packet(&talk, CLIENT, TCP_FIN | TCP_ACK);
	p.tcp.seq -= KEY_LEN;
	p.tcp.payload = old.at;
	p.tcp.payload_len = p.tcp.payload_wire_len = KEY_LEN;
	wire_feed(wire, &p);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].data_after_fin, 0);
	cr_expect_neq(conn->peer[CLIENT].fin.number, 0);
	bytes_free(old);
	wire_free(wire);
}

/* ---- silence ---- */

static void repeat(struct talk *talk, enum side side, int times, int64_t every_ns)
{
	talk_say(talk, side, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	for (int i = 0; i < times; i++) {
		wire_wait(talk->wire, every_ns);
		talk_again(talk, side, KEY_LEN);
	}
}

Test(track_ending, retransmissions_without_an_answer_are_silence)
{
	WITH_SESSION;

	repeat(&talk, SERVER, 4, NS_PER_S);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_silent);
	cr_expect_eq(conn->end.side, CLIENT, "who does not answer");
	cr_expect_eq(conn->end.mark.number, wire->frame);
	cr_expect_eq(conn->end.time_ns, conn->peer[SERVER].pending.time_ns);
	wire_free(wire);
}

Test(track_ending, one_retransmission_or_a_short_wait_is_not_yet_silence)
{
	static const struct {
		int times;
		int64_t every_ns;
	} rows[] = { { 1, 5 * NS_PER_S }, { 3, 200 * NS_PER_MS } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		WITH_SESSION;

		repeat(&talk, CLIENT, rows[i].times, rows[i].every_ns);
		conn = wire_conn(wire);
		cr_expect_eq(conn->end.ending, ENDING_open, "row %zu", i);
		wire_free(wire);
	}
}

Test(track_ending, retransmissions_that_were_answered_in_the_end_are_not_silence)
{
	WITH_SESSION;

	repeat(&talk, CLIENT, 6, NS_PER_S);
	talk_ack(&talk, SERVER);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_open);
	cr_expect_eq(events_of(conn, EVENT_CAPTURE_END), 1);
	wire_free(wire);
}

Test(track_ending, syns_without_an_answer_are_unanswered)
{
	WITH_TALK;

	for (int i = 0; i < 5; i++) {
		talk.next[CLIENT] = talk.isn[CLIENT];
		talk_syn(&talk);
		wire_wait(wire, NS_PER_S);
	}
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_unanswered);
	cr_expect_eq(conn->end.side, SERVER);
	cr_expect_eq(conn->peer[CLIENT].retransmissions, 4);
	cr_expect_not(conn->one_sided);
	wire_free(wire);
}

Test(track_ending, in_one_direction_alone_no_answer_means_nothing)
{
	WITH_TALK;

	talk.uncaptured[SERVER] = true;
	talk_open(&talk);
	talk_login(&talk);
	repeat(&talk, CLIENT, 4, NS_PER_S);
	conn = wire_conn(wire);
	cr_expect(conn->one_sided);
	cr_expect_eq(conn->end.ending, ENDING_open);
	wire_free(wire);
}

/* ---- the idle time before the end ---- */

Test(track_ending, the_silence_counts_before_the_first_segment_without_an_answer)
{
	WITH_SESSION;

	wire_wait(wire, 350 * NS_PER_S - STEP_NS);
	repeat(&talk, CLIENT, 3, 2 * NS_PER_S);
	talk_say(&talk, SERVER, TCP_RST, none());
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_reset);
	cr_expect_eq(conn->end.idle_before_ns, 350 * NS_PER_S);
	cr_expect_eq(conn->end.idle_to.number, wire->frame - 4);
	cr_expect_eq(conn->end.idle_from.number, wire->frame - 5);
	cr_expect(conn->end.idle_broken);
	cr_expect_eq(conn->end.idle_broken_by, CLIENT);
	wire_free(wire);
}

Test(track_ending, a_keep_alive_breaks_the_silence_too)
{
	WITH_SESSION;

	wire_wait(wire, 7200 * NS_PER_S - STEP_NS);
	talk_at(&talk, SERVER, -1, none());
	wire_wait(wire, 75 * NS_PER_S);
	talk_at(&talk, SERVER, -1, none());
	talk_say(&talk, SERVER, TCP_RST | TCP_ACK, none());
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.idle_before_ns, 7200 * NS_PER_S);
	cr_expect_eq(conn->end.idle_broken_by, SERVER);
	wire_free(wire);
}

Test(track_ending, the_longest_silence_that_did_no_harm_is_kept)
{
	WITH_SESSION;

	wire_wait(wire, 200 * NS_PER_S - STEP_NS);
	talk_key(&talk);
	wire_wait(wire, 100 * NS_PER_S - STEP_NS);
	talk_key(&talk);
	wire_wait(wire, 400 * NS_PER_S);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	talk_say(&talk, SERVER, TCP_RST, none());
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.idle_survived_ns, 200 * NS_PER_S);
	wire_free(wire);
}

Test(track_ending, each_ending_has_its_word)
{
	cr_expect_str_eq(ending_name(ENDING_open), "open");
	cr_expect_str_eq(ending_name(ENDING_silent), "silent");
	cr_expect_str_eq(ending_name(ENDING_unanswered), "unanswered");
}
