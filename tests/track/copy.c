/* SPDX-License-Identifier: BSD-3-Clause */
/* Each packet captured twice, and what only looks like it. */
#include <criterion/criterion.h>

#include "tests/track/wire.h"

#define TWIN_NS (50 * NS_PER_US)

/* How the copies of a capture differ from what they are copies of. */
struct twin {
	int8_t hops;
	bool has_ip_id, timestamps;
};

/* One packet of a session, and its copy right after it. */
static void feed_twice(struct wire *wire, const struct twin *twin, struct packet p)
{
	p.has_ip_id = twin->has_ip_id;
	p.tcp.has_timestamps = twin->timestamps;
	p.tcp.tsval = twin->timestamps ? (uint32_t)(wire->now_ns / NS_PER_MS) : 0;
	wire_feed(wire, &p);
	p.ttl = (uint8_t)(p.ttl + twin->hops);
	wire_wait(wire, TWIN_NS - STEP_NS);
	wire_feed(wire, &p);
}

static void say(struct talk *talk, const struct twin *twin, enum side side, uint8_t flags,
		struct bytes payload)
{
	struct packet p = talk_packet(talk, side, flags);

	p.ip_id = talk->ip_id[side]++;
	p.tcp.payload = payload.at;
	p.tcp.payload_len = p.tcp.payload_wire_len = (uint32_t)payload.len;
	feed_twice(talk->wire, twin, p);
	talk->next[side] +=
		(uint32_t)payload.len + ((flags & TCP_SYN) != 0) + ((flags & TCP_FIN) != 0);
	bytes_free(payload);
}

static void begin(struct talk *talk, const struct twin *twin)
{
	talk->ip_id[CLIENT] = 100;
	talk->ip_id[SERVER] = 200;
	say(talk, twin, CLIENT, TCP_SYN, none());
	say(talk, twin, SERVER, TCP_SYN | TCP_ACK, none());
	say(talk, twin, CLIENT, TCP_ACK, none());
	say(talk, twin, CLIENT, TCP_PSH | TCP_ACK, text_bytes(IDENTIFICATION));
	say(talk, twin, SERVER, TCP_PSH | TCP_ACK, text_bytes(IDENTIFICATION));
	say(talk, twin, CLIENT, TCP_ACK, none());
}

static void expect_each_once(const struct twin *twin, const char *what)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	const struct conn *conn;

	begin(&talk, twin);
	say(&talk, twin, SERVER, TCP_RST | TCP_ACK, none());
	conn = wire_conn(wire);
	cr_expect_eq(conn->handshake, HANDSHAKE_COMPLETE, "%s", what);
	cr_expect_eq(conn->copies, 7, "%s: %u copies", what, conn->copies);
	cr_expect_eq(conn->peer[CLIENT].packets, 8, "frames are counted: %s", what);
	cr_expect_eq(conn->peer[SERVER].packets, 6, "frames are counted: %s", what);
	cr_expect_eq(conn->resets, 1, "%s", what);
	cr_expect_eq(events_of(conn, EVENT_COPY), 1, "%s", what);
	for (enum side side = CLIENT; side <= SERVER; side++) {
		const struct peer *peer = &conn->peer[side];

		cr_expect_eq(peer->retransmissions, 0, "%s, side %d", what, side);
		cr_expect_eq(peer->ttl_min, talk.ttl[side], "the first copy's: %s", what);
		cr_expect_eq(peer->ttl_max, talk.ttl[side], "the first copy's: %s", what);
	}
	wire_free(wire);
}

Test(track_copy, what_is_captured_twice_counts_once)
{
	expect_each_once(&(struct twin){ .has_ip_id = true }, "two ports");
	expect_each_once(&(struct twin){ .has_ip_id = true, .hops = -1 }, "routed");
	expect_each_once(&(struct twin){ .timestamps = true, .has_ip_id = true }, "timestamps");
	expect_each_once(&(struct twin){ .timestamps = true }, "IPv6 with timestamps");
	expect_each_once(&(struct twin){ .hops = -1 }, "IPv6 without, routed");
}

/* On a port that is not SSH's by definition, the handshake waits in three places. */
Test(track_copy, copies_do_not_push_a_handshake_out_of_memory)
{
	struct twin twin = { .has_ip_id = true };
	struct wire *wire = wire_new();
	struct talk talk = talk_from(wire, 51000, 2222);
	const struct conn *conn;

	begin(&talk, &twin);
	conn = wire_conn(wire);
	cr_expect_eq(conn->handshake, HANDSHAKE_COMPLETE);
	cr_expect_eq(conn->copies, 6);
	cr_expect_eq(conn->peer[CLIENT].packets + conn->peer[SERVER].packets, 12);
	wire_free(wire);
}

/* A new identification: the sender said it again. */
Test(track_copy, a_retransmission_is_no_copy)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	const struct conn *conn;

	talk_open(&talk);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(100));
	talk_again(&talk, CLIENT, 100);
	conn = wire_conn(wire);
	cr_expect_eq(conn->copies, 0);
	cr_expect_eq(conn->peer[CLIENT].retransmissions, 1);
	wire_free(wire);
}

/* Fed twice with a distance, everything else being equal. */
static uint32_t copies_after(bool has_ip_id, int64_t apart_ns, int8_t hops, uint8_t flags,
			     size_t len, uint32_t tsval_step)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	struct bytes payload = cipher_text(len);
	struct packet p;
	uint32_t copies;

	talk_open(&talk);
	talk_login(&talk);
	p = talk_packet(&talk, CLIENT, flags);
	p.has_ip_id = has_ip_id;
	p.ip_id = 7777;
	p.tcp.payload = payload.at;
	p.tcp.payload_len = p.tcp.payload_wire_len = (uint32_t)len;
	p.tcp.has_timestamps = true;
	p.tcp.tsval = 5;
	wire_feed(wire, &p);
	wire_wait(wire, apart_ns - STEP_NS);
	p.ttl = (uint8_t)(p.ttl + hops);
	p.tcp.tsval += tsval_step;
	wire_feed(wire, &p);
	copies = wire_conn(wire)->copies;
	wire_free(wire);
	bytes_free(payload);
	return copies;
}

Test(track_copy, it_comes_soon_over_one_hop_at_most_and_says_the_same)
{
	cr_expect_eq(copies_after(true, 2 * NS_PER_MS, 0, TCP_PSH | TCP_ACK, 50, 0), 1);
	cr_expect_eq(copies_after(true, 2 * NS_PER_MS, 1, TCP_PSH | TCP_ACK, 50, 0), 1);
	cr_expect_eq(copies_after(true, 20 * NS_PER_MS, 0, TCP_PSH | TCP_ACK, 50, 0), 0);
	cr_expect_eq(copies_after(true, 2 * NS_PER_MS, -2, TCP_PSH | TCP_ACK, 50, 0), 0);
	cr_expect_eq(copies_after(true, 2 * NS_PER_MS, 0, TCP_PSH | TCP_ACK, 50, 1), 0);
	cr_expect_eq(copies_after(true, 2 * NS_PER_MS, 0, TCP_ACK, 0, 0), 1);
	cr_expect_eq(copies_after(true, -2 * NS_PER_MS, 0, TCP_ACK, 0, 0), 1, "clocks differ");
}

Test(track_copy, without_an_identification_it_must_come_at_once)
{
	cr_expect_eq(copies_after(false, 100 * NS_PER_US, 0, TCP_PSH | TCP_ACK, 50, 0), 1);
	cr_expect_eq(copies_after(false, 2 * NS_PER_MS, 0, TCP_PSH | TCP_ACK, 50, 0), 0);
}

/* Some devices that forge resets send three alike, with one identification for all. */
Test(track_copy, of_several_resets_alike_each_counts)
{
	cr_expect_eq(copies_after(true, 100 * NS_PER_US, 0, TCP_RST, 0, 0), 0);
}

Test(track_copy, an_identification_that_never_changes_tells_nothing)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	const struct conn *conn;

	talk_open(&talk);
	talk_login(&talk);
	for (int i = 0; i < 4; i++) {
		struct packet p = talk_packet(&talk, CLIENT, TCP_ACK);

		p.ip_id = 4711;
		p.tcp.window = (uint16_t)(1000 + i / 2); /* twice the same */
		wire_feed(wire, &p);
	}
	conn = wire_conn(wire);
	cr_expect_eq(conn->copies, 1, "the first pair alone: %u", conn->copies);
	wire_free(wire);
}

/* Three acknowledgments of the same, or a reset for each of two late segments, are no copies. */
Test(track_copy, without_payload_and_identification_one_may_be_like_the_other)
{
	cr_expect_eq(copies_after(false, 100 * NS_PER_US, 0, TCP_ACK, 0, 0), 0);
	cr_expect_eq(copies_after(false, 100 * NS_PER_US, 0, TCP_RST, 0, 0), 0);
}
