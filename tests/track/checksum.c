/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "tests/track/wire.h"

#define WITH_TALK                                                                                  \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_new(wire);                                                         \
	const struct conn *conn

/* A segment with such a checksum. It counts as sent unless the checksum is wrong and believed. */
static void say(struct talk *talk, enum side side, uint8_t flags, size_t len, enum checksum sum)
{
	struct packet p = talk_packet(talk, side, flags);
	struct bytes payload = cipher_text(len);

	p.tcp.checksum = (uint8_t)sum;
	p.tcp.payload = payload.at;
	p.tcp.payload_len = p.tcp.payload_wire_len = (uint32_t)len;
	wire_feed(talk->wire, &p);
	bytes_free(payload);
}

static void send(struct talk *talk, enum side side, uint8_t flags, size_t len, enum checksum sum)
{
	say(talk, side, flags, len, sum);
	talk->ip_id[side]++;
	talk->next[side] += (uint32_t)len + ((flags & (TCP_SYN | TCP_FIN)) != 0);
}

static void open_with(struct talk *talk, enum checksum sum)
{
	send(talk, CLIENT, TCP_SYN, 0, sum);
	send(talk, SERVER, TCP_SYN | TCP_ACK, 0, sum);
	send(talk, CLIENT, TCP_ACK, 0, sum);
}

Test(track_checksum, a_reset_with_a_wrong_checksum_ends_nothing)
{
	WITH_TALK;

	open_with(&talk, CHECKSUM_RIGHT);
	send(&talk, CLIENT, TCP_ACK, 36, CHECKSUM_RIGHT);
	say(&talk, CLIENT, TCP_RST, 0, CHECKSUM_WRONG);
	send(&talk, SERVER, TCP_ACK, 36, CHECKSUM_RIGHT);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_open);
	cr_expect_eq(conn->resets, 0);
	cr_expect_eq(conn->peer[CLIENT].packets, 4);
	cr_expect_eq(events_of(conn, EVENT_CHECKSUM), 1);
	cr_expect_str_eq(conn->history, "ShADCd", "as Zeek has it");
	wire_free(wire);
}

/* What fools a device on the path is no data, be it the first after the handshake. */
Test(track_checksum, data_with_a_wrong_checksum_was_not_sent)
{
	WITH_TALK;

	open_with(&talk, CHECKSUM_RIGHT);
	say(&talk, CLIENT, TCP_ACK, 36, CHECKSUM_WRONG);
	send(&talk, CLIENT, TCP_ACK, 36, CHECKSUM_RIGHT); /* the same numbers, also that of IP */
	send(&talk, SERVER, TCP_ACK, 36, CHECKSUM_RIGHT);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].bytes, 36);
	cr_expect_eq(conn->peer[CLIENT].retransmissions, 0);
	cr_expect_eq(conn->copies, 0, "the second is no copy of what nobody takes");
	cr_expect_eq(conn->overlaps, 0);
	cr_expect_eq(events_of(conn, EVENT_CHECKSUM), 1);
	wire_free(wire);
}

Test(track_checksum, a_side_that_shows_no_more_right_ones_than_wrong_is_believed)
{
	static const enum checksum of_others[] = { CHECKSUM_WRONG, CHECKSUM_LEFT,
						   CHECKSUM_UNKNOWN };

	for (size_t i = 0; i < 3; i++) {
		WITH_TALK;

		open_with(&talk, of_others[i]);
		send(&talk, CLIENT, TCP_ACK, 36, CHECKSUM_RIGHT);
		send(&talk, SERVER, TCP_ACK, 36, CHECKSUM_RIGHT);
		say(&talk, CLIENT, TCP_RST, 0, CHECKSUM_WRONG);
		conn = wire_conn(wire);
		cr_expect_eq(conn->end.ending, ENDING_reset, "row %zu", i);
		cr_expect_eq(events_of(conn, EVENT_CHECKSUM), 0, "row %zu", i);
		wire_free(wire);
	}
}

/* A card that joins what it received leaves the checksum of the first, or none. */
Test(track_checksum, a_segment_that_was_joined_is_believed)
{
	static const struct {
		size_t right, wrong, bytes;
	} rows[] = {
		{ 36, 2896, 36 + 2896 }, { 36, 536, 36 + 536 },       { 36, 535, 36 },
		{ 1448, 1448, 1448 },    { 1448, 1449, 1448 + 1449 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		WITH_TALK;

		open_with(&talk, CHECKSUM_RIGHT);
		send(&talk, SERVER, TCP_ACK, rows[i].right, CHECKSUM_RIGHT);
		say(&talk, SERVER, TCP_ACK, rows[i].wrong, CHECKSUM_WRONG);
		conn = wire_conn(wire);
		cr_expect_eq(conn->peer[SERVER].bytes, rows[i].bytes, "row %zu", i);
		wire_free(wire);
	}
}
