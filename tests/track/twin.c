/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/flow.h"

/* Where a packet was caught. */
struct place {
	uint8_t vlans;
	uint16_t vlan;
	uint64_t tunnel;
};

static const struct place bare = { 0 }, tagged = { 1, 10, 0 }, other_tag = { 1, 20, 0 },
			  tunnelled = { 0, 0, 7 };

static void feed_at(struct wire *wire, struct packet p, struct place place)
{
	p.vlans = place.vlans;
	p.vlan[0] = place.vlan;
	p.tunnel = place.tunnel;
	wire_feed(wire, &p);
}

/* One segment, caught in each of two places 100 us apart. */
struct both {
	struct talk *talk;
	struct place at[2];
	uint32_t ttl_step; /* by which the second is lower */
};

static void say(const struct both *both, enum side side, uint8_t flags, struct bytes payload)
{
	struct wire *wire = both->talk->wire;
	struct packet p = talk_packet(both->talk, side, flags);

	p.tcp.payload = payload.at;
	p.tcp.payload_len = p.tcp.payload_wire_len = (uint32_t)payload.len;
	feed_at(wire, p, both->at[0]);
	wire->now_ns -= STEP_NS - 100 * NS_PER_US;
	p.ttl = (uint8_t)(p.ttl - both->ttl_step);
	feed_at(wire, p, both->at[1]);
	both->talk->ip_id[side]++;
	both->talk->next[side] +=
		p.tcp.payload_len + ((flags & TCP_SYN) != 0) + ((flags & TCP_FIN) != 0);
	bytes_free(payload);
}

static void say_session(const struct both *both)
{
	say(both, CLIENT, TCP_SYN, none());
	say(both, SERVER, TCP_SYN | TCP_ACK, none());
	say(both, CLIENT, TCP_ACK, none());
	say(both, CLIENT, TCP_PSH | TCP_ACK, text_bytes(IDENTIFICATION));
	say(both, SERVER, TCP_PSH | TCP_ACK, text_bytes(IDENTIFICATION));
	say(both, CLIENT, TCP_FIN | TCP_ACK, none());
	say(both, SERVER, TCP_FIN | TCP_ACK, none());
	say(both, CLIENT, TCP_ACK, none());
}

static void expect_one(struct wire *wire, uint32_t copies)
{
	const struct conn *conn = wire_conn(wire);

	cr_expect_eq(conn->copies, copies);
	cr_expect_eq(conn->handshake, HANDSHAKE_COMPLETE);
	cr_expect_eq(conn->end.ending, ENDING_closed);
	cr_expect_eq(conn->peer[CLIENT].packets + conn->peer[SERVER].packets, 8 + copies);
	cr_expect_eq(conn->peer[CLIENT].retransmissions + conn->peer[SERVER].retransmissions, 0);
	cr_expect_not(conn->port_reused);
	cr_expect_eq(track_counts(wire->track).flows, 1);
	wire_expect_no_more(wire);
}

Test(track_twin, what_is_captured_with_its_tag_and_without_is_one_connection)
{
	const struct place pairs[][2] = {
		{ bare, tagged },
		{ tagged, bare },
		{ bare, tunnelled },
		{ tagged, other_tag },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct wire *wire = wire_new();
		struct talk talk = talk_new(wire);
		struct both both = { &talk, { pairs[i][0], pairs[i][1] }, (uint32_t)i % 2 };

		say_session(&both);
		expect_one(wire, 8);
		wire_free(wire);
	}
}

Test(track_twin, the_place_of_the_first_is_told)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	struct both both = { &talk, { tagged, bare }, 0 };
	const struct conn *conn;

	say_session(&both);
	conn = wire_conn(wire);
	cr_expect_eq(conn->vlans, 1);
	cr_expect_eq(conn->vlan[0], 10);
	wire_free(wire);
}

Test(track_twin, a_capture_that_begins_in_the_middle_is_no_two_either)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	struct both both = { &talk, { bare, tagged }, 0 };

	talk.next[CLIENT]++;
	talk.next[SERVER]++;
	for (int i = 0; i < 3; i++) {
		say(&both, CLIENT, TCP_PSH | TCP_ACK, cipher_text(36));
		say(&both, SERVER, TCP_PSH | TCP_ACK, cipher_text(36));
	}
	cr_expect_eq(wire_conn(wire)->copies, 6);
	wire_expect_no_more(wire);
	wire_free(wire);
}

/* A trunk between two switches, asymmetric VLANs, a mirror session for each direction. */
Test(track_twin, each_direction_may_have_a_tag_of_its_own)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	static const uint8_t flags[] = { TCP_SYN,           TCP_SYN | TCP_ACK, TCP_ACK,
					 TCP_FIN | TCP_ACK, TCP_FIN | TCP_ACK, TCP_ACK };
	static const enum side from[] = { CLIENT, SERVER, CLIENT, CLIENT, SERVER, CLIENT };

	for (size_t i = 0; i < sizeof(flags); i++) {
		struct packet p = talk_packet(&talk, from[i], flags[i]);

		feed_at(wire, p, from[i] == CLIENT ? tagged : other_tag);
		talk.next[from[i]] += (flags[i] & (TCP_SYN | TCP_FIN)) != 0;
	}
	cr_expect_eq(wire_conn(wire)->handshake, HANDSHAKE_COMPLETE);
	wire_expect_no_more(wire);
	wire_free(wire);
}

Test(track_twin, ports_that_are_used_again_are_so_in_both_places)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	struct both both = { &talk, { bare, tagged }, 0 };

	say_session(&both);
	talk_set_isn(&talk, 5000, 6000);
	say_session(&both);
	for (int i = 0; i < 2; i++) {
		const struct conn *conn = wire_conn(wire);

		cr_expect_eq(conn->copies, 8);
		cr_expect_eq(conn->handshake, HANDSHAKE_COMPLETE);
		cr_expect_eq(conn->port_reused, i == 0);
	}
	wire_expect_no_more(wire);
	wire_free(wire);
}

/* ---- what stays apart ---- */

/* A connection in one VLAN and another in the second, between equal addresses. */
static void expect_two(struct packet first, struct packet second, int64_t later_ns)
{
	struct wire *wire = wire_new();

	feed_at(wire, first, tagged);
	wire_wait(wire, later_ns - STEP_NS);
	feed_at(wire, second, other_tag);
	wire_conn(wire);
	wire_conn(wire);
	cr_expect_eq(track_counts(wire->track).flows, 2);
	wire_expect_no_more(wire);
	wire_free(wire);
}

Test(track_twin, equal_addresses_in_two_vlans_are_two_networks_until_segments_agree)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	const struct packet syn = talk_packet(&talk, CLIENT, TCP_SYN);
	struct packet other = syn;

	other.tcp.seq++;
	expect_two(syn, other, NS_PER_MS);
	other = syn;
	other.ip_id++;
	expect_two(syn, other, NS_PER_MS);
	expect_two(syn, syn, 10 * NS_PER_MS);
	other = syn;
	other.src.port++;
	expect_two(syn, other, NS_PER_MS);
	other = syn;
	other.src = syn.dst;
	other.dst = syn.src;
	expect_two(syn, other, NS_PER_MS);
	talk.next[CLIENT] += 2;
	expect_two(syn, talk_packet(&talk, SERVER, TCP_SYN | TCP_ACK), NS_PER_MS);
	talk.next[CLIENT]--;
	expect_two(syn, talk_packet(&talk, SERVER, TCP_SYN | TCP_ACK), NS_PER_S);
	expect_two(syn, talk_packet(&talk, SERVER, TCP_RST | TCP_ACK), NS_PER_MS);
	other = syn;
	other.tcp.flags = TCP_ACK;
	expect_two(other, talk_packet(&talk, SERVER, TCP_SYN | TCP_ACK), NS_PER_MS);
	wire_free(wire);
}

Test(track_twin, a_session_in_each_of_two_vlans_is_two_connections)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire), other = talk_new(wire);
	struct both first = { &talk, { tagged, bare }, 0 };
	struct both second = { &other, { other_tag, tunnelled }, 0 };

	talk_set_isn(&other, 5000, 6000);
	say(&first, CLIENT, TCP_SYN, none());
	say(&second, CLIENT, TCP_SYN, none());
	say(&second, SERVER, TCP_SYN | TCP_ACK, none());
	say(&first, SERVER, TCP_SYN | TCP_ACK, none());
	say(&second, CLIENT, TCP_ACK, none());
	say(&first, CLIENT, TCP_ACK, none());
	for (int i = 0; i < 2; i++) {
		const struct conn *conn = wire_conn(wire);

		cr_expect_eq(conn->vlan[0], i == 0 ? 10 : 20);
		cr_expect_eq(conn->copies, 3);
		cr_expect_eq(conn->handshake, HANDSHAKE_COMPLETE);
	}
	wire_expect_no_more(wire);
	wire_free(wire);
}

/* The place of the first was given to another flow, which is not to be taken for it. */
Test(track_twin, a_flow_that_had_to_go_has_no_twin)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	struct table *table = wire->track->table;
	struct packet p = talk_packet(&talk, CLIENT, TCP_SYN), other = p;
	uint32_t first;

	feed_at(wire, p, tagged);
	feed_at(wire, p, bare);
	p.time_ns = wire->now_ns;
	first = flow_find(wire->track, &p);
	cr_assert_neq(first, NO_INDEX);
	table_remove(table, first);
	other.vlans = 1;
	cr_assert_eq(table_add(table, &other), first);
	cr_expect_eq(flow_find(wire->track, &p), NO_INDEX);
	cr_expect_eq(table_find(table, &p), NO_INDEX);
	wire_free(wire);
}
