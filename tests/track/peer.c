/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/inside.h"

#define WITH_TALK                                                                                  \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_new(wire);                                                         \
	const struct conn *conn

/* ---- baselines ---- */

Test(track_peer, the_ttl_baseline_spans_all_segments_but_resets)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	talk.ttl[SERVER] = 55;
	talk_key(&talk);
	talk.ttl[SERVER] = 249;
	talk_say(&talk, SERVER, TCP_RST, none());
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[SERVER].ttl_min, 55);
	cr_expect_eq(conn->peer[SERVER].ttl_max, 57);
	cr_expect_eq(conn->peer[CLIENT].ttl_min, 64);
	cr_expect_eq(conn->peer[CLIENT].ttl_max, 64);
	cr_expect_eq(conn_ending_reset(conn)->seen.ttl, 249);
	wire_free(wire);
}

static void expect_habit(const uint16_t *ids, size_t count, enum ip_id_habit habit)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_open(&talk);
	for (size_t i = 0; i < count; i++) {
		talk.ip_id[SERVER] = ids[i];
		talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, cipher_text(36));
	}
	cr_expect_eq(wire_conn(wire)->peer[SERVER].ip_id_habit, habit, "%u %u", ids[0], ids[1]);
	wire_free(wire);
}

Test(track_peer, the_habit_of_the_ip_identification_is_learned)
{
	expect_habit((uint16_t[]){ 0, 0, 0 }, 3, IP_ID_ZERO);
	expect_habit((uint16_t[]){ 7, 8, 9 }, 3, IP_ID_COUNTER);
	expect_habit((uint16_t[]){ 65535, 0, 1 }, 3, IP_ID_COUNTER);
	expect_habit((uint16_t[]){ 10, 50, 90 }, 3, IP_ID_COUNTER);
	expect_habit((uint16_t[]){ 5, 40000, 21 }, 3, IP_ID_OTHER);
	expect_habit((uint16_t[]){ 5 }, 1, IP_ID_UNKNOWN);
}

Test(track_peer, the_identification_0_of_a_syn_ack_is_no_habit)
{
	WITH_TALK;

	talk_syn(&talk);
	talk.ip_id[SERVER] = 0;
	talk_syn_ack(&talk);
	talk_ack(&talk, CLIENT);
	talk.ip_id[SERVER] = 41000;
	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, text_bytes(IDENTIFICATION));
	talk_data(&talk, SERVER, 36);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[SERVER].ip_id_habit, IP_ID_COUNTER);
	cr_expect_eq(conn->peer[SERVER].ip_id_last, 41001);
	wire_free(wire);
}

Test(track_peer, the_shortest_round_trip_is_kept)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(36));
	wire_wait(wire, 500 * NS_PER_MS);
	talk_ack(&talk, SERVER);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[SERVER].rtt_min_ns, STEP_NS);
	wire_free(wire);
}

/* Karn: its answer may be one to the first sending. */
Test(track_peer, what_was_sent_twice_is_not_timed)
{
	WITH_TALK;

	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(36));
	wire_wait(wire, 200 * NS_PER_MS);
	talk_again(&talk, CLIENT, 36);
	talk_ack(&talk, SERVER);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[SERVER].rtt_min_ns, 0);
	wire_free(wire);
}

/* ---- by timestamps ---- */

/* A segment of len bytes with a timestamp; it counts as sent. */
static void stamped(struct talk *talk, enum side side, size_t len, uint32_t tsval, uint32_t tsecr)
{
	struct packet p = talk_packet(talk, side, TCP_ACK);
	struct bytes payload = cipher_text(len);

	p.tcp.has_timestamps = true;
	p.tcp.tsval = tsval;
	p.tcp.tsecr = tsecr;
	p.tcp.payload = payload.at;
	p.tcp.payload_len = p.tcp.payload_wire_len = (uint32_t)len;
	wire_feed(talk->wire, &p);
	talk->ip_id[side]++;
	talk->next[side] += (uint32_t)len;
	bytes_free(payload);
}

Test(track_peer, an_echo_tells_which_of_two_sendings_is_answered)
{
	static const struct {
		uint32_t second, echo;
		int64_t rtt_ns;
	} rows[] = {
		{ 1200, 1200, STEP_NS },
		{ 1200, 1000, 0 }, /* the answer to the first came late */
		{ 1200, 1201, 0 }, /* to one that the capture lacks */
		{ 1000, 1000, 0 }, /* it could be either */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		WITH_TALK;

		stamped(&talk, CLIENT, 36, 1000, 1);
		wire_wait(wire, 200 * NS_PER_MS);
		talk.next[CLIENT] -= 36;
		stamped(&talk, CLIENT, 36, rows[i].second, 1);
		stamped(&talk, SERVER, 0, 2, rows[i].echo);
		conn = wire_conn(wire);
		if (rows[i].second != 1000)
			cr_expect_eq(conn->peer[SERVER].rtt_min_ns, rows[i].rtt_ns, "row %zu", i);
		else
			cr_expect_geq(conn->peer[SERVER].rtt_min_ns, 200 * NS_PER_MS);
		wire_free(wire);
	}
}

/* In a burst no answer is to the last segment. */
Test(track_peer, an_echo_times_a_segment_in_the_middle_of_a_burst)
{
	WITH_TALK;
	uint32_t end;

	stamped(&talk, CLIENT, 100, 1000, 1);
	end = talk.next[CLIENT];
	stamped(&talk, CLIENT, 100, 1001, 1);
	talk.next[CLIENT] = end;
	stamped(&talk, SERVER, 0, 2, 1000);
	talk.next[CLIENT] = end + 100;
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[SERVER].rtt_min_ns, 2 * STEP_NS);
	wire_free(wire);
}

Test(track_peer, the_echo_of_what_needs_no_answer_is_not_timed)
{
	WITH_TALK;

	stamped(&talk, CLIENT, 0, 1000, 1);
	wire_wait(wire, 5 * NS_PER_S);
	stamped(&talk, SERVER, 36, 2, 1000);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[SERVER].rtt_min_ns, 0);
	wire_free(wire);
}

/* ---- what waits for an answer ---- */

Test(track_peer, the_silence_before_a_segment_without_an_answer_is_kept)
{
	WITH_TALK;
	const struct pending *pending;

	talk_open(&talk);
	talk_login(&talk);
	wire_wait(wire, 350 * NS_PER_S - STEP_NS);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	for (int i = 0; i < 3; i++) {
		wire_wait(wire, NS_PER_S);
		talk_again(&talk, CLIENT, KEY_LEN);
	}
	conn = wire_conn(wire);
	pending = &conn->peer[CLIENT].pending;
	cr_expect_eq(pending->silence_ns, 350 * NS_PER_S);
	cr_expect_eq(pending->mark.number, wire->frame - 3);
	cr_expect_eq(pending->before.number, wire->frame - 4);
	cr_expect_eq(pending->last_mark.number, wire->frame);
	cr_expect_eq(pending->repeats, 3);
	cr_expect_eq(pending->len, KEY_LEN);
	wire_free(wire);
}

Test(track_peer, an_answer_in_part_leaves_the_rest_waiting)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(100));
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(50));
	talk.next[CLIENT] -= 50;
	talk_ack(&talk, SERVER);
	talk.next[CLIENT] += 50;
	talk_again(&talk, CLIENT, 50);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].pending.mark.number, wire->frame - 2);
	cr_expect_eq(conn->peer[CLIENT].pending.len, 50);
	cr_expect_eq(conn->peer[CLIENT].pending.repeats, 1);
	wire_free(wire);
}

Test(track_peer, an_older_acknowledgment_answers_nothing)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	wire_wait(wire, 50 * NS_PER_S - STEP_NS);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(100));
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(60));
	talk.next[CLIENT] -= 160;
	talk_ack(&talk, SERVER);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].pending.len, 100);
	cr_expect_eq(conn->peer[CLIENT].pending.silence_ns, 50 * NS_PER_S);
	wire_free(wire);
}

Test(track_peer, data_behind_a_keep_alive_still_waits_when_the_keep_alive_is_answered)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	talk_at(&talk, CLIENT, -1, none());
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	talk.next[CLIENT] -= KEY_LEN;
	talk_ack(&talk, SERVER);
	talk.next[CLIENT] += KEY_LEN;
	for (int i = 0; i < 3; i++) {
		wire_wait(wire, NS_PER_S);
		talk_again(&talk, CLIENT, KEY_LEN);
	}
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].pending.repeats, 3);
	cr_expect_eq(conn->end.ending, ENDING_silent);
	wire_free(wire);
}

Test(track_peer, what_a_fin_brings_with_it_are_the_last_words)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	talk_data(&talk, CLIENT, 36);
	talk_say(&talk, CLIENT, TCP_FIN | TCP_ACK, cipher_text(60));
	talk_say(&talk, SERVER, TCP_FIN | TCP_ACK, none());
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].last_data.payload_len, 60);
	cr_expect_eq(conn->peer[CLIENT].last_data.mark.number, conn->end.mark.number);
	cr_expect_eq(conn->peer[CLIENT].last_data.time_ns, conn->end.time_ns);
	wire_free(wire);
}

Test(track_peer, last_words_may_come_behind_the_fin)
{
	WITH_TALK;
	struct talk early;

	talk_open(&talk);
	talk_login(&talk);
	talk_data(&talk, CLIENT, 36);
	early = talk; /* what is said from here on comes late */
	talk.next[CLIENT] += 60;
	talk_say(&talk, CLIENT, TCP_FIN | TCP_ACK, none());
	talk_data(&early, CLIENT, 60);
	talk_say(&talk, SERVER, TCP_FIN | TCP_ACK, none());
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].last_data.payload_len, 60);
	cr_expect_eq(conn->end.side, CLIENT);
	wire_free(wire);
}
