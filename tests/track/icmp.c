/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/inside.h"

#define WITH_TALK                                                                                  \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_new(wire);                                                         \
	const struct conn *conn

static const struct address router = { 4, { 203, 0, 113, 1 } };

/* Somebody tells the client about the last segment it sent. */
static void tell_client(struct talk *talk, struct address from, uint8_t type, uint8_t code)
{
	struct packet p = talk_packet(talk, CLIENT, 0);

	p.kind = PACKET_ICMP_ERROR;
	p.tcp.seq--;
	p.ttl = 62;
	p.icmp.from = from;
	p.icmp.type = type;
	p.icmp.code = code;
	wire_feed(talk->wire, &p);
}

Test(track_icmp, unreachable_in_answer_to_a_syn_rejects)
{
	WITH_TALK;

	talk_syn(&talk);
	tell_client(&talk, router, ICMP4_UNREACHABLE, 13);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_rejected);
	cr_expect_eq(conn->end.side, SERVER);
	cr_expect_eq(conn->end.mark.number, wire->frame);
	cr_expect_eq(conn->icmp.code, 13);
	cr_expect_eq(conn->icmp.ttl, 62);
	cr_expect(conn->icmp.quotes_in_flight);
	cr_expect_not(conn->one_sided);
	cr_expect_eq(event_of(conn, EVENT_ICMP)->from, FROM_MIDDLEBOX);
	cr_expect_eq(event_of(conn, EVENT_ICMP)->arg, 3 << 8 | 13);
	wire_free(wire);
}

Test(track_icmp, a_server_may_say_so_itself)
{
	WITH_TALK;

	talk_syn(&talk);
	tell_client(&talk, talk.end[SERVER].ip, ICMP4_UNREACHABLE, 10);
	conn = wire_conn(wire);
	cr_expect_eq(event_of(conn, EVENT_ICMP)->from, FROM_SERVER);
	wire_free(wire);
}

Test(track_icmp, in_ipv6_it_is_another_number)
{
	static const struct address router6 = { 6, { 0x20, 0x01, 0x0d, 0xb8 } };
	WITH_TALK;

	for (int side = CLIENT; side <= SERVER; side++)
		talk.end[side].ip =
			(struct address){ 6,
					  { 0x20, 0x01, 0x0d, 0xb8, [15] = (uint8_t)(side + 2) } };
	talk_syn(&talk);
	tell_client(&talk, router6, ICMP6_UNREACHABLE, 1);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_rejected);
	cr_expect(conn->icmp.is_v6);
	wire_free(wire);
}

/* RFC 5461: a soft error. */
Test(track_icmp, a_connection_that_goes_on_was_not_ended_by_it)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	tell_client(&talk, router, ICMP4_UNREACHABLE, 1);
	talk_ack(&talk, SERVER);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_open);
	cr_expect_eq(conn->icmp.count, 1);
	wire_free(wire);
}

Test(track_icmp, while_the_other_side_is_heard_it_ends_nothing)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	tell_client(&talk, router, ICMP4_UNREACHABLE, 1);
	talk.next[CLIENT] -= KEY_LEN; /* it did not get that, but speaks */
	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_open);
	wire_free(wire);
}

Test(track_icmp, a_connection_that_hears_nothing_more_was_ended_by_it)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	wire_wait(wire, 700 * NS_PER_S - STEP_NS);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	tell_client(&talk, router, ICMP4_UNREACHABLE, 13);
	talk_again(&talk, CLIENT, KEY_LEN);
	tell_client(&talk, router, ICMP4_UNREACHABLE, 13);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_rejected);
	cr_expect_eq(conn->icmp.count, 2);
	cr_expect_eq(conn->end.idle_before_ns, 700 * NS_PER_S);
	wire_free(wire);
}

Test(track_icmp, fragmentation_needed_and_time_exceeded_end_nothing)
{
	WITH_TALK;

	talk_syn(&talk);
	tell_client(&talk, router, ICMP4_UNREACHABLE, ICMP4_FRAGMENTATION_NEEDED);
	tell_client(&talk, router, 11, 0);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_unanswered);
	cr_expect_eq(conn->icmp.count, 0);
	cr_expect_eq(events_of(conn, EVENT_ICMP), 2, "but the timeline has them");
	wire_free(wire);
}

Test(track_icmp, a_quote_of_what_was_never_sent_is_told_from_one_that_was)
{
	static const struct {
		int32_t ahead;
		bool in_flight;
	} rows[] = { { -1, true }, { -200000, true }, { 0, true }, /* of a bare ACK */
		     { 1, false }, { 1000, false },   { -300000, false } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		WITH_TALK;

		talk_open(&talk);
		talk_login(&talk);
		talk.next[CLIENT] += (uint32_t)rows[i].ahead + 1;
		tell_client(&talk, router, ICMP4_UNREACHABLE, 13);
		conn = wire_conn(wire);
		cr_expect_eq(conn->icmp.quotes_in_flight, rows[i].in_flight, "%d", rows[i].ahead);
		wire_free(wire);
	}
}

/* The client's key is repeated and rejected each time, while the server goes on about its own. */
static const struct conn *rejected_while_the_server_speaks(struct talk *talk, int times)
{
	talk_open(talk);
	talk_login(talk);
	talk_say(talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	for (int i = 0; i < times; i++) {
		struct packet p = talk_packet(talk, SERVER, TCP_ACK);

		wire_wait(talk->wire, NS_PER_S);
		talk_again(talk, CLIENT, KEY_LEN);
		tell_client(talk, router, ICMP4_UNREACHABLE, 3);
		p.tcp.ack -= KEY_LEN; /* it never got that key */
		talk->ip_id[SERVER]++;
		wire_feed(talk->wire, &p);
	}
	return wire_conn(talk->wire);
}

Test(track_icmp, what_is_rejected_each_time_it_is_repeated_ends_it_whatever_the_other_says)
{
	WITH_TALK;

	conn = rejected_while_the_server_speaks(&talk, 3);
	cr_expect_eq(conn->end.ending, ENDING_rejected);
	cr_expect_eq(conn->end.mark.number, wire->frame - 1);
	wire_free(wire);
}

Test(track_icmp, a_rejection_or_two_may_be_of_the_moment)
{
	WITH_TALK;

	conn = rejected_while_the_server_speaks(&talk, 1);
	cr_expect_eq(conn->end.ending, ENDING_open);
	wire_free(wire);
}

Test(track_icmp, a_router_that_asks_for_smaller_packets_is_remembered)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	tell_client(&talk, router, ICMP4_UNREACHABLE, ICMP4_FRAGMENTATION_NEEDED);
	conn = wire_conn(wire);
	cr_expect_eq(conn->too_big.number, wire->frame);
	cr_expect_eq(conn->too_big_about, CLIENT);
	cr_expect_eq(conn->icmp.count, 0, "it ends nothing");
	wire_free(wire);
}

Test(track_icmp, about_a_connection_that_was_not_seen_it_means_nothing)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	tell_client(&talk, router, ICMP4_UNREACHABLE, 13);
	wire_expect_no_more(wire);
	cr_expect_eq(track_counts(wire->track).flows, 0);
	wire_free(wire);
}
