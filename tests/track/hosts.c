/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/hosts.h"
#include "track/inside.h"

static void refuse(struct talk *talk)
{
	struct packet p;

	talk_syn(talk);
	p = talk_packet(talk, SERVER, TCP_RST | TCP_ACK);
	p.tcp.seq = 0;
	wire_feed(talk->wire, &p);
}

/* The connection of this client, among all of the capture. */
static const struct conn *conn_of(struct wire *wire, uint16_t port)
{
	const struct conn *conn;

	do
		conn = wire_conn(wire);
	while (conn->peer[CLIENT].at.port != port);
	return conn;
}

static struct talk session(struct wire *wire, uint16_t port)
{
	struct talk talk = talk_from(wire, port, 22);

	talk_open(&talk);
	talk_login(&talk);
	return talk;
}

Test(track_hosts, a_connection_alone_teaches_nothing)
{
	struct wire *wire = wire_new();
	struct talk talk = session(wire, 51000);
	struct lessons none_at_all = { .ttl_min = 57, .ttl_max = 57, .rtt_min_ns = STEP_NS };

	talk_close(&talk);
	cr_expect_eq(memcmp(&wire_conn(wire)->lessons, &none_at_all, sizeof(none_at_all)), 0);
	wire_free(wire);
}

Test(track_hosts, the_servers_marks_are_learned_from_what_follows_its_syn_ack)
{
	struct wire *wire = wire_new();
	struct talk marked = session(wire, 50001), plain = talk_from(wire, 50002, 22);
	struct packet p;

	talk_ack(&marked, SERVER); /* ECN is no mark */
	refuse(&plain);
	cr_expect_not(conn_of(wire, 50002)->lessons.keeps_tos);
	wire_free(wire);
	wire = wire_new();
	marked = session(wire, 50001);
	p = talk_packet(&marked, SERVER, TCP_ACK);
	p.tos = 0x48 | 2;
	p.ttl = 55; /* the SYN-ACK was a proxy's */
	wire_feed(wire, &p);
	plain = talk_from(wire, 50002, 22);
	refuse(&plain);
	cr_expect(conn_of(wire, 50002)->lessons.keeps_tos);
	cr_expect_eq(wire->conn->lessons.ttl_min, 55);
	cr_expect_eq(wire->conn->lessons.ttl_max, 57);
	wire_free(wire);
}

Test(track_hosts, others_before_and_after_are_counted)
{
	struct wire *wire = wire_new();
	struct talk before = session(wire, 50001), it, after;
	const struct lessons *lessons;
	uint32_t accepted;

	talk_close(&before);
	it = session(wire, 50002);
	talk_say(&it, SERVER, TCP_RST, none());
	after = talk_from(wire, 50003, 22);
	talk_open(&after);
	accepted = wire->frame;
	talk_identify(&after);
	refuse(&(struct talk[]){ talk_from(wire, 50004, 22) }[0]);
	lessons = &conn_of(wire, 50002)->lessons;
	cr_expect_eq(lessons->connections, 3);
	cr_expect_eq(lessons->accepted_before, 1);
	cr_expect_eq(lessons->accepted_before_mark.number, 3);
	cr_expect_eq(lessons->accepted_after, 1);
	cr_expect_eq(lessons->accepted_after_mark.number, accepted);
	cr_expect_eq(lessons->refused_after, 1);
	cr_expect_eq(lessons->ended_with, 0);
	wire_free(wire);
}

Test(track_hosts, others_that_go_on_after_its_end_are_alive)
{
	struct wire *wire = wire_new();
	struct talk others[3], it;

	for (uint16_t i = 0; i < 3; i++)
		others[i] = session(wire, (uint16_t)(50001 + i));
	it = session(wire, 50010);
	talk_say(&it, SERVER, TCP_RST, none());
	talk_key(&others[0]);
	cr_expect_eq(conn_of(wire, 50010)->lessons.alive_after, 1);
	wire_free(wire);
}

Test(track_hosts, what_a_server_looks_like_is_learned_from_its_other_connections)
{
	struct wire *wire = wire_new();
	struct talk other = session(wire, 50001);
	struct talk it = talk_from(wire, 50002, 22);

	(void)other;
	refuse(&it);
	cr_expect_eq(conn_of(wire, 50002)->lessons.ttl_min, 57);
	cr_expect_eq(wire->conn->lessons.ttl_max, 57);
	cr_expect_eq(wire->conn->lessons.rtt_min_ns, STEP_NS);
	wire_free(wire);
}

Test(track_hosts, another_port_and_another_address_are_other_servers)
{
	struct wire *wire =
		wire_new_for(&(struct track_options){ .ports = { 22, 2222 }, .port_count = 2 });
	struct talk talk = session(wire, 50001);

	talk = talk_from(wire, 50002, 2222);
	talk_session(&talk);
	talk = talk_from(wire, 50003, 22);
	talk.end[SERVER].ip.bytes[0]++;
	talk_session(&talk);
	cr_expect_eq(conn_of(wire, 50002)->lessons.connections, 0);
	cr_expect_eq(wire->conn->lessons.accepted_before, 0);
	cr_expect_eq(conn_of(wire, 50003)->lessons.connections, 0);
	wire_free(wire);
}

/* More servers than there is room for: what is left is right, or nothing. */
Test(track_hosts, a_server_that_lost_its_place_teaches_nothing_false)
{
	struct hosts *hosts = hosts_new();
	struct conn *conn = calloc(1, sizeof(*conn));
	uint32_t place = 0;

	cr_assert(conn != NULL);
	conn->handshake = HANDSHAKE_COMPLETE;
	for (uint32_t i = 0; i < 20000; i++) {
		conn->first.number = i + 1;
		conn->last_ns = (int64_t)i * NS_PER_S;
		conn->peer[SERVER].at = (struct endpoint){
			{ 4, { 10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i } }, 22
		};
		place = hosts_place(hosts, &conn->peer[SERVER].at, conn->last_ns);
		hosts_connection(hosts, place, conn);
		hosts_segment(hosts, place, conn, true);
	}
	memset(&conn->lessons, 0, sizeof(conn->lessons));
	hosts_teach(hosts, place, 0, conn);
	cr_expect_eq(conn->lessons.connections, 0);
	conn->peer[SERVER].at.ip.bytes[0] = 11; /* the place is not its own any more */
	conn->lessons.connections = 77;
	hosts_teach(hosts, place, 0, conn);
	cr_expect_eq(conn->lessons.connections, 77, "it is left alone");
	hosts_free(hosts);
	free(conn);
}

/* 16 happenings of a kind are remembered: what is said of more must still be true. */
static void accept_many(struct hosts *hosts, uint32_t place, struct conn *conn, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		conn->first.number++;
		conn->last_ns += NS_PER_S;
		hosts_connection(hosts, place, conn);
		hosts_segment(hosts, place, conn, true);
	}
}

static void expect_before(uint32_t before, uint32_t after, uint32_t least, uint32_t most)
{
	struct hosts *hosts = hosts_new();
	struct conn *conn = calloc(1, sizeof(*conn)), *it = calloc(1, sizeof(*it));
	uint32_t place, at_begin;

	cr_assert(conn != NULL && it != NULL);
	conn->handshake = it->handshake = HANDSHAKE_COMPLETE;
	conn->peer[SERVER].at = it->peer[SERVER].at = (struct endpoint){ { 4, { 10 } }, 22 };
	place = hosts_place(hosts, &conn->peer[SERVER].at, 0);
	accept_many(hosts, place, conn, before);
	it->first.number = 1000;
	it->last_ns = it->end.time_ns = conn->last_ns + NS_PER_S / 2;
	at_begin = hosts_connection(hosts, place, it);
	hosts_segment(hosts, place, it, true);
	accept_many(hosts, place, conn, after);
	hosts_teach(hosts, place, at_begin, it);
	cr_expect_geq(it->lessons.accepted_before, least, "%u before, %u after: %u", before, after,
		      it->lessons.accepted_before);
	cr_expect_leq(it->lessons.accepted_before, most, "%u before, %u after: %u", before, after,
		      it->lessons.accepted_before);
	cr_expect_eq(it->lessons.accepted_after, after < 16 ? after : 16);
	hosts_free(hosts);
	free(conn);
	free(it);
}

Test(track_hosts, what_was_accepted_before_is_never_more_than_it_was)
{
	expect_before(0, 0, 0, 0);
	expect_before(3, 5, 3, 3);
	expect_before(40, 3, 40, 40);
	expect_before(40, 15, 40, 40);
	expect_before(5, 40, 5, 5);
	expect_before(0, 40, 0, 0);
}

/* It was accepted first of all, so its own place in the memory is taken by others. */
Test(track_hosts, its_own_acceptance_is_not_counted_when_it_is_forgotten)
{
	struct hosts *hosts = hosts_new();
	struct conn *conn = calloc(1, sizeof(*conn)), *it = calloc(1, sizeof(*it));
	uint32_t place;

	cr_assert(conn != NULL && it != NULL);
	conn->handshake = it->handshake = HANDSHAKE_COMPLETE;
	conn->peer[SERVER].at = it->peer[SERVER].at = (struct endpoint){ { 4, { 10 } }, 22 };
	place = hosts_place(hosts, &conn->peer[SERVER].at, 0);
	it->first.number = 1000;
	hosts_segment(hosts, place, it, true);
	accept_many(hosts, place, conn, 20);
	it->end.time_ns = conn->last_ns;
	hosts_teach(hosts, place, 0, it);
	cr_expect_eq(it->lessons.accepted_before, 20);
	hosts_free(hosts);
	free(conn);
	free(it);
}
