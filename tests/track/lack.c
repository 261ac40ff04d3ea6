/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/inside.h"

TestSuite(track_lack);

#define LONG_LEN 1448

/* The client acknowledges so far, and a stretch behind it. */
static void sack(struct talk *talk, uint32_t ack, uint32_t from, uint32_t to)
{
	struct packet p = talk_packet(talk, CLIENT, TCP_ACK);

	talk->ip_id[CLIENT]++;
	p.tcp.ack = ack;
	p.tcp.has_options = true;
	p.tcp.sacks = 1;
	p.tcp.sack[0][0] = from;
	p.tcp.sack[0][1] = to;
	wire_feed(talk->wire, &p);
}

/* A long segment of the server is lost, a short one behind it arrives; returns the hole's begin. */
static uint32_t swallow(struct talk *talk)
{
	uint32_t hole;

	talk_open(talk);
	talk_login(talk);
	hole = talk->next[SERVER];
	talk_say(talk, SERVER, TCP_ACK, cipher_text(LONG_LEN));
	talk_say(talk, SERVER, TCP_PSH | TCP_ACK, cipher_text(100));
	sack(talk, hole, hole + LONG_LEN, hole + LONG_LEN + 100);
	return hole;
}

Test(track_lack, the_receiver_tells_of_a_hole_and_of_what_came_behind_it)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	uint32_t hole = swallow(&talk), first = wire->frame;
	const struct lack *lack;

	sack(&talk, hole, hole + LONG_LEN, hole + LONG_LEN + 100);
	lack = &wire_conn(wire)->peer[SERVER].lack;
	cr_expect_eq(lack->mark.number, first);
	cr_expect_eq(lack->last.number, wire->frame);
	cr_expect_eq(lack->from, hole);
	cr_expect_eq(lack->len, LONG_LEN);
	cr_expect_eq(lack->beyond_len, 100);
	cr_expect_eq(wire->conn->peer[CLIENT].lack.mark.number, 0);
	wire_free(wire);
}

Test(track_lack, short_segments_in_a_row_do_not_make_a_long_one)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	uint32_t hole = swallow(&talk);

	for (uint32_t i = 2; i <= 20; i++) {
		talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, cipher_text(100));
		sack(&talk, hole, hole + LONG_LEN, hole + LONG_LEN + 100 * i);
	}
	cr_expect_eq(wire_conn(wire)->peer[SERVER].lack.beyond_len, 100);
	wire_free(wire);
}

Test(track_lack, a_hole_that_is_filled_is_forgotten)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	swallow(&talk);
	talk_again(&talk, SERVER, LONG_LEN + 100);
	talk_ack(&talk, CLIENT);
	cr_expect_eq(wire_conn(wire)->peer[SERVER].lack.mark.number, 0);
	wire_free(wire);
}

Test(track_lack, what_was_received_twice_is_no_hole)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	uint32_t all;

	talk_open(&talk);
	talk_login(&talk);
	talk_data(&talk, SERVER, LONG_LEN);
	all = talk.next[SERVER];
	sack(&talk, all, all - LONG_LEN, all); /* RFC 2883 */
	cr_expect_eq(wire_conn(wire)->peer[SERVER].lack.mark.number, 0);
	wire_free(wire);
}

Test(track_lack, an_acknowledgment_that_was_overtaken_changes_nothing)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	uint32_t hole = swallow(&talk), last = wire->frame;

	sack(&talk, hole - 50, hole, hole + LONG_LEN + 100);
	cr_expect_eq(wire_conn(wire)->peer[SERVER].lack.last.number, last);
	cr_expect_eq(wire->conn->peer[SERVER].lack.len, LONG_LEN);
	wire_free(wire);
}
