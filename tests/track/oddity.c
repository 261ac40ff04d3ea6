/* SPDX-License-Identifier: BSD-3-Clause */
/* Each remark of Wireshark, by the conditions of its User's Guide, "TCP Analysis". */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/track/wire.h"

/* Sends without counting: what the talk would send next, at a distance, with a window. */
static void send(struct talk *talk, enum side side, int32_t ahead, size_t len, uint16_t window)
{
	struct packet p = talk_packet(talk, side, TCP_ACK);
	struct bytes payload = cipher_text(len);

	p.ip_id = talk->ip_id[side]++;
	p.tcp.seq += (uint32_t)ahead;
	p.tcp.window = window;
	p.tcp.payload = payload.at;
	p.tcp.payload_len = p.tcp.payload_wire_len = (uint32_t)len;
	wire_feed(talk->wire, &p);
	bytes_free(payload);
}

#define WINDOW 500

/* 100 bytes of the client that nobody answers. */
static void unanswered(struct talk *talk)
{
	send(talk, CLIENT, 0, 100, WINDOW);
	talk->next[CLIENT] += 100;
}

static void again_later(struct talk *talk)
{
	unanswered(talk);
	wire_wait(talk->wire, NS_PER_S);
	send(talk, CLIENT, -100, 100, WINDOW);
}

static void again_after_duplicate_acks(struct talk *talk)
{
	uint32_t lost = talk->next[CLIENT];

	unanswered(talk);
	unanswered(talk);
	talk->next[CLIENT] = lost;
	for (int i = 0; i < 2; i++)
		send(talk, SERVER, 0, 0, WINDOW);
	send(talk, CLIENT, 0, 100, WINDOW);
}

static void again_though_acknowledged(struct talk *talk)
{
	unanswered(talk);
	send(talk, SERVER, 0, 0, WINDOW);
	send(talk, CLIENT, -100, 100, WINDOW);
}

static void late_within_a_round_trip(struct talk *talk)
{
	send(talk, CLIENT, 100, 100, WINDOW);
	send(talk, CLIENT, 0, 100, WINDOW);
}

static void full_then_probed(struct talk *talk)
{
	send(talk, SERVER, 0, 0, 1); /* times 128, as the handshake said */
	send(talk, CLIENT, 0, 128, WINDOW);
	talk->next[CLIENT] += 128;
	send(talk, SERVER, 0, 0, 0);
	send(talk, CLIENT, 0, 1, WINDOW);
	send(talk, SERVER, 0, 0, 0);
}

static void alive(struct talk *talk)
{
	unanswered(talk);
	send(talk, SERVER, 0, 0, WINDOW);
	send(talk, CLIENT, -1, 0, WINDOW);
	send(talk, SERVER, 0, 0, WINDOW);
	send(talk, CLIENT, -1, 1, WINDOW);
	send(talk, SERVER, 0, 0, WINDOW);
}

static void not_captured(struct talk *talk)
{
	talk->next[CLIENT] += 100;
	send(talk, SERVER, 0, 0, WINDOW);
	send(talk, SERVER, 0, 0, WINDOW - 1); /* told once; a new window is no duplicate */
	unanswered(talk);
}

static void nothing(struct talk *talk)
{
	unanswered(talk);
	send(talk, SERVER, 0, 0, WINDOW);
	send(talk, SERVER, 0, 100, WINDOW);
}

static const struct row {
	const char *name;
	void (*course)(struct talk *);
	uint32_t client[ODDITY_COUNT], server[ODDITY_COUNT];
} rows[] = {
	{ "retransmission", again_later, { [ODDITY_RETRANSMISSION] = 1 }, { 0 } },
	{ "fast retransmission",
	  again_after_duplicate_acks,
	  { [ODDITY_FAST_RETRANSMISSION] = 1 },
	  { [ODDITY_DUPLICATE_ACK] = 2 } },
	{ "spurious retransmission",
	  again_though_acknowledged,
	  { [ODDITY_SPURIOUS_RETRANSMISSION] = 1 },
	  { 0 } },
	{ "out of order",
	  late_within_a_round_trip,
	  { [ODDITY_LOST_SEGMENT] = 1, [ODDITY_OUT_OF_ORDER] = 1 },
	  { 0 } },
	{ "zero window",
	  full_then_probed,
	  { [ODDITY_WINDOW_FULL] = 1, [ODDITY_ZERO_WINDOW_PROBE] = 1 },
	  { [ODDITY_ZERO_WINDOW] = 2, [ODDITY_ZERO_WINDOW_PROBE_ACK] = 1 } },
	{ "keep-alive", alive, { [ODDITY_KEEP_ALIVE] = 2 }, { [ODDITY_KEEP_ALIVE_ACK] = 2 } },
	{ "lost by the capture",
	  not_captured,
	  { [ODDITY_LOST_SEGMENT] = 1 },
	  { [ODDITY_ACK_LOST_SEGMENT] = 1 } },
	{ "nothing odd", nothing, { 0 }, { 0 } },
};

static void expect_counts(const struct row *row, const char *side, const uint32_t *counted,
			  const uint32_t *wanted)
{
	for (int i = 0; i < ODDITY_COUNT; i++)
		cr_expect_eq(counted[i], wanted[i], "%s, %s: %s %u, not %u", row->name, side,
			     oddity_name((enum oddity)i), counted[i], wanted[i]);
}

Test(track_oddity, each_is_counted_as_the_guide_has_it)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wire *wire = wire_new();
		struct talk talk = talk_new(wire);
		const struct conn *conn;

		talk.ip_id[CLIENT] = talk.ip_id[SERVER] = 1;
		talk_open(&talk);
		send(&talk, SERVER, 0, 0, WINDOW);
		rows[i].course(&talk);
		conn = wire_conn(wire);
		expect_counts(&rows[i], "client", conn->peer[CLIENT].oddity, rows[i].client);
		expect_counts(&rows[i], "server", conn->peer[SERVER].oddity, rows[i].server);
		wire_free(wire);
	}
}

Test(track_oddity, all_kinds_of_retransmission_are_retransmissions)
{
	struct peer peer = { 0 };

	peer.oddity[ODDITY_RETRANSMISSION] = 1;
	peer.oddity[ODDITY_FAST_RETRANSMISSION] = 20;
	peer.oddity[ODDITY_SPURIOUS_RETRANSMISSION] = 300;
	peer.oddity[ODDITY_OUT_OF_ORDER] = 4000;
	cr_expect_eq(peer_retransmissions(&peer), 321);
	cr_expect_str_eq(oddity_name(ODDITY_OUT_OF_ORDER), "out_of_order");
}
