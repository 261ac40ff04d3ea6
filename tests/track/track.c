/* SPDX-License-Identifier: BSD-3-Clause */
#include "track/track.h"

#include <criterion/criterion.h>

#include "tests/track/wire.h"

/* Something that has nothing to do with any connection, so that time goes on. */
static void tick(struct wire *wire, int64_t ns)
{
	struct packet p = { .src = { { 4, { 1 } }, 1 }, .dst = { { 4, { 2 } }, 2 } };

	wire_wait(wire, ns - STEP_NS);
	wire_feed(wire, &p);
}

Test(track_track, an_orderly_close_is_handed_on_after_five_seconds)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_session(&talk);
	tick(wire, 4 * NS_PER_S);
	cr_expect_null(wire_finished(wire));
	tick(wire, NS_PER_S);
	cr_assert_not_null(wire_finished(wire));
	cr_expect_eq(wire->conn->end.ending, ENDING_closed);
	cr_expect_null(wire_finished(wire));
	wire_free(wire);
}

/* What comes then tells a crash from a restart or a shutdown. */
Test(track_track, a_session_that_the_server_closed_unasked_is_handed_on_after_a_minute)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_open(&talk);
	talk_login(&talk);
	talk_key(&talk);
	wire_wait(wire, NS_PER_S);
	talk_say(&talk, SERVER, TCP_FIN | TCP_ACK, none());
	talk_say(&talk, CLIENT, TCP_FIN | TCP_ACK, none());
	talk_ack(&talk, SERVER);
	tick(wire, 59 * NS_PER_S);
	cr_expect_null(wire_finished(wire));
	tick(wire, 2 * NS_PER_S);
	cr_assert_not_null(wire_finished(wire));
	cr_expect_eq(wire->conn->end.side, SERVER);
	wire_free(wire);
}

Test(track_track, a_reset_is_handed_on_after_a_minute_however_much_comes_after_it)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_open(&talk);
	talk_login(&talk);
	talk_say(&talk, SERVER, TCP_RST, none());
	for (int i = 1; i < 6; i++) {
		tick(wire, 10 * NS_PER_S);
		talk_say(&talk, SERVER, TCP_RST, none());
		cr_expect_null(wire_finished(wire), "%d", i);
	}
	tick(wire, 10 * NS_PER_S);
	cr_assert_not_null(wire_finished(wire));
	cr_expect_eq(wire->conn->resets, 6);
	cr_expect_not(wire->conn->judged_early);
	wire_free(wire);
}

Test(track_track, what_is_open_stays_however_long_it_is_silent)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_open(&talk);
	talk_login(&talk);
	tick(wire, 30 * 86400 * NS_PER_S);
	cr_expect_null(wire_finished(wire));
	talk_key(&talk);
	talk_close(&talk);
	cr_expect_eq(wire_conn(wire)->end.ending, ENDING_closed);
	cr_expect_eq(wire->conn->end.idle_survived_ns, 30 * 86400 * NS_PER_S + STEP_NS);
	wire_free(wire);
}

Test(track_track, at_the_end_all_come_in_the_order_of_their_first_frames)
{
	struct wire *wire = wire_new();
	struct talk talk[20];

	for (uint16_t i = 0; i < 20; i++) {
		talk[i] = talk_from(wire, (uint16_t)(50000 + i), 22);
		talk_syn(&talk[i]);
	}
	for (uint16_t i = 20; i-- > 0;) {
		if (i % 3 != 0) { /* some stay lone SYNs */
			talk_syn_ack(&talk[i]);
			talk_ack(&talk[i], CLIENT);
			talk_login(&talk[i]);
		}
	}
	for (uint16_t i = 0; i < 20; i++) {
		cr_expect_eq(wire_conn(wire)->peer[CLIENT].at.port, 50000 + i);
		cr_expect_eq(wire->conn->id, i + 1u);
	}
	wire_expect_no_more(wire);
	cr_expect_eq(track_counts(wire->track).flows, 20);
	wire_free(wire);
}

Test(track_track, a_slot_that_was_released_carries_nothing_over)
{
	struct wire *wire = wire_new();
	char first[OUTCOME_MAX], second[OUTCOME_MAX];

	for (int i = 0; i < 2; i++) {
		struct talk talk = talk_new(wire);

		wire->frame = 0;
		talk_session(&talk);
		tick(wire, 10 * NS_PER_S);
		cr_assert_not_null(wire_finished(wire));
		outcome_of(wire->conn, i == 0 ? first : second);
		cr_expect_null(wire_finished(wire));
	}
	cr_expect_str_eq(second, first);
	wire_free(wire);
}

Test(track_track, an_empty_capture_has_no_connections)
{
	struct wire *wire = wire_new();

	wire_expect_no_more(wire);
	cr_expect_eq(track_counts(wire->track).flows, 0);
	wire_free(wire);
}

/* Whatever the peers send, in whatever order: no crash, and each connection comes out once. */
Test(track_track, random_segments_do_no_harm)
{
	static const uint8_t flags[] = { TCP_SYN,           TCP_SYN | TCP_ACK,
					 TCP_ACK,           TCP_PSH | TCP_ACK,
					 TCP_FIN | TCP_ACK, TCP_RST,
					 TCP_RST | TCP_ACK, 0 };
	struct wire *wire = wire_new();
	uint32_t state = 7, came = 0;

	for (uint32_t i = 0; i < 200000; i++) {
		struct talk talk = talk_from(wire, (uint16_t)(50000 + i / 400), i % 3 ? 22 : 2222);
		struct bytes b;
		struct packet p;

		state = state * 1664525u + 1013904223u;
		p = talk_packet(&talk, state >> 31 ? CLIENT : SERVER, flags[state >> 28 & 7]);
		p.kind = (state >> 20 & 31) == 0 ? PACKET_ICMP_ERROR : PACKET_SEGMENT;
		p.icmp.from.family = (state & 0x10000) ? 4 : 6;
		p.icmp.type = (state & 0x20000) ? 3 : 1;
		p.tcp.seq += (state >> 8 & 3) == 0 ? state << 16 : state >> 10 & 0x3f;
		p.tcp.ack += (state >> 12 & 7) == 0 ? state : state >> 16 & 0x3f;
		b = (state >> 24 & 3) == 0 ? text_bytes(IDENTIFICATION) :
		    (state >> 24 & 3) == 1 ? ssh_packet((uint8_t)(state >> 26 & 31), none()) :
		    (state >> 24 & 3) == 2 ? cipher_text(state >> 16 & 0xff) :
					     none();
		p.tcp.payload = b.at;
		p.tcp.payload_len = p.tcp.payload_wire_len = (uint32_t)b.len;
		wire_feed(wire, &p);
		bytes_free(b);
		while (wire_finished(wire) != NULL)
			came++;
	}
	track_end(wire->track);
	wire->ended = true;
	while (wire_finished(wire) != NULL)
		cr_assert_eq(wire->conn->id, ++came);
	cr_expect_geq(came, 500);
	wire_free(wire);
}
