/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/inside.h"

#define WITH_TALK                                                                                  \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_new(wire);                                                         \
	const struct conn *conn;                                                                   \
	talk_open(&talk)

static void send_only(struct talk *talk, size_t len)
{
	talk_say(talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(len));
}

/* An acknowledgment by the server of all but the last `behind` octets. */
static struct packet ack_behind(struct talk *talk, uint32_t behind)
{
	struct packet p = talk_packet(talk, SERVER, TCP_ACK);

	talk->ip_id[SERVER]++;
	p.tcp.ack -= behind;
	return p;
}

/* The same with one block: from and to are distances from what the client sends next. */
static void sack(struct talk *talk, uint32_t behind, int32_t from, int32_t to)
{
	struct packet p = ack_behind(talk, behind);

	p.tcp.sacks = 1;
	p.tcp.sack[0][0] = talk->next[CLIENT] + (uint32_t)from;
	p.tcp.sack[0][1] = talk->next[CLIENT] + (uint32_t)to;
	wire_feed(talk->wire, &p);
}

/* ---- the largest that arrived ---- */

Test(track_arrived, the_largest_acknowledged_payload_is_known)
{
	WITH_TALK;

	talk_data(&talk, CLIENT, 40);
	talk_data(&talk, CLIENT, 900);
	talk_data(&talk, CLIENT, 60);
	send_only(&talk, 1400);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].acked_len_max, 900, "1400 were never acknowledged");
	cr_expect_eq(conn->peer[SERVER].acked_len_max, 0);
	wire_free(wire);
}

Test(track_arrived, of_a_burst_what_is_acknowledged_counts_alone)
{
	struct packet p;
	WITH_TALK;

	send_only(&talk, 40);
	send_only(&talk, 300);
	send_only(&talk, 20);
	send_only(&talk, 1400);
	p = ack_behind(&talk, 1400);
	wire_feed(wire, &p);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].acked_len_max, 300);
	wire_free(wire);
}

Test(track_arrived, of_a_burst_of_many_sizes_the_largest_is_known_when_all_arrived)
{
	WITH_TALK;

	for (size_t i = 1; i <= FLIGHTS + 3; i++)
		send_only(&talk, 100 * i);
	talk_ack(&talk, SERVER);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].acked_len_max, 100 * (FLIGHTS + 3));
	wire_free(wire);
}

Test(track_arrived, small_segments_between_larger_ones_push_none_out)
{
	struct packet p;
	WITH_TALK;

	send_only(&talk, 10);
	for (int i = 0; i < FLIGHTS; i++)
		send_only(&talk, 5);
	send_only(&talk, 300);
	send_only(&talk, 1400);
	p = ack_behind(&talk, 1400);
	wire_feed(wire, &p);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].acked_len_max, 300);
	wire_free(wire);
}

Test(track_arrived, what_is_sent_again_beside_a_segment_says_nothing_of_it)
{
	struct packet p;
	WITH_TALK;

	send_only(&talk, 300);
	send_only(&talk, 1400);
	talk_at(&talk, CLIENT, -1400, cipher_text(200));
	p = ack_behind(&talk, 1400);
	wire_feed(wire, &p);
	cr_expect_eq(wire_conn(wire)->peer[CLIENT].acked_len_max, 300);
	wire_free(wire);

	wire = wire_new();
	talk = talk_new(wire);
	talk_open(&talk);
	send_only(&talk, 300);
	send_only(&talk, 1400);
	talk_at(&talk, CLIENT, -1700, cipher_text(300));
	talk_ack(&talk, SERVER);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].acked_len_max, 1400);
	wire_free(wire);
}

/* RFC 9293 section 3.8.4: one octet that was sent before. */
Test(track_arrived, a_keepalive_is_no_piece)
{
	WITH_TALK;

	send_only(&talk, 300);
	talk_at(&talk, CLIENT, -1, cipher_text(1));
	talk_ack(&talk, SERVER);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].acked_len_max, 300);
	wire_free(wire);
}

/* One of the two may have arrived before. */
Test(track_arrived, two_that_are_sent_again_as_one_did_not_surely_arrive_as_one)
{
	WITH_TALK;

	send_only(&talk, 100);
	send_only(&talk, 100);
	talk_at(&talk, CLIENT, -200, cipher_text(200));
	talk_ack(&talk, SERVER);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].acked_len_max, 100);
	wire_free(wire);
}

/* Linux with tcp_mtu_probing cuts what does not arrive. */
Test(track_arrived, what_arrived_only_in_pieces_did_not_arrive_whole)
{
	WITH_TALK;

	send_only(&talk, 1400);
	wire_wait(wire, NS_PER_S);
	talk_at(&talk, CLIENT, -1400, cipher_text(500));
	talk_at(&talk, CLIENT, -900, cipher_text(500));
	talk_at(&talk, CLIENT, -400, cipher_text(400));
	talk_ack(&talk, SERVER);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].acked_len_max, 400);
	wire_free(wire);
}

Test(track_arrived, what_is_sent_again_whole_arrived_whole)
{
	WITH_TALK;

	send_only(&talk, 1400);
	wire_wait(wire, NS_PER_S);
	talk_again(&talk, CLIENT, 1400);
	talk_ack(&talk, SERVER);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].acked_len_max, 1400);
	wire_free(wire);
}

/* ---- held behind a hole ---- */

Test(track_arrived, smaller_data_that_is_held_behind_a_lost_segment_is_told)
{
	WITH_TALK;

	send_only(&talk, 1400);
	send_only(&talk, 60);
	sack(&talk, 1460, -60, 0);
	sack(&talk, 1460, -60, 0);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].held.mark.number, 6);
	cr_expect_eq(conn->peer[CLIENT].held.hole_len, 1400);
	cr_expect_eq(conn->peer[CLIENT].held.len, 60);
	cr_expect_eq(conn->peer[SERVER].held.mark.number, 0);
	wire_free(wire);
}

Test(track_arrived, the_hole_is_what_is_missing_before_all_that_is_held)
{
	WITH_TALK;

	send_only(&talk, 1400);
	send_only(&talk, 60);
	send_only(&talk, 70);
	sack(&talk, 1530, -70, 0);
	sack(&talk, 1530, -130, 0);
	sack(&talk, 1530, -70, 0);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].held.mark.number, 7);
	cr_expect_eq(conn->peer[CLIENT].held.hole_len, 1400);
	cr_expect_eq(conn->peer[CLIENT].held.len, 130);
	wire_free(wire);
}

Test(track_arrived, nothing_is_held_when_the_hole_is_filled)
{
	WITH_TALK;

	send_only(&talk, 1400);
	send_only(&talk, 60);
	sack(&talk, 1460, -60, 0);
	talk_at(&talk, CLIENT, -1460, cipher_text(1400));
	talk_ack(&talk, SERVER);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].held.mark.number, 0);
	wire_free(wire);
}

/* RFC 2883 */
Test(track_arrived, a_report_of_a_duplicate_is_no_hole)
{
	WITH_TALK;

	talk_data(&talk, CLIENT, 100);
	sack(&talk, 0, -100, 0);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].held.mark.number, 0);
	wire_free(wire);
}

Test(track_arrived, a_block_beyond_all_that_was_sent_or_turned_round_is_no_hole)
{
	WITH_TALK;

	send_only(&talk, 100);
	sack(&talk, 100, 500, 600);
	sack(&talk, 100, -20, -60);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].held.mark.number, 0);
	wire_free(wire);
}

Test(track_arrived, an_old_acknowledgment_captured_late_brings_no_hole_back)
{
	WITH_TALK;

	send_only(&talk, 1400);
	send_only(&talk, 60);
	talk_ack(&talk, SERVER);
	sack(&talk, 1460, -60, 0);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].held.mark.number, 0);
	wire_free(wire);
}
