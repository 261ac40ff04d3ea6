/* SPDX-License-Identifier: BSD-3-Clause */
/* A SYN into a living connection that a reset refuses: by whom, is not said. See track/port_reuse.c. */
#include <criterion/criterion.h>

#include "tests/track/wire.h"

#define WITH_TALK                                                                                  \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_new(wire);                                                         \
	const struct conn *conn

/* A SYN with another number; it counts nothing as sent. */
static void forge_syn(struct talk *talk, uint32_t isn)
{
	struct packet p = talk_packet(talk, CLIENT, TCP_SYN);

	p.tcp.seq = isn;
	wire_feed(talk->wire, &p);
}

static void expect_one_session(const struct conn *conn, uint32_t strays)
{
	cr_expect_eq(conn->end.ending, ENDING_closed);
	cr_expect_eq(conn->handshake, HANDSHAKE_COMPLETE);
	cr_expect_not(conn->port_reused);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_SESSION);
	cr_expect_eq(events_of(conn, EVENT_STRAY_SYN), strays);
	cr_expect_eq(conn->resets, 0, "it is none of this connection");
	cr_expect_eq(events_of(conn, EVENT_OUTSIDE), strays);
	cr_expect_eq(conn->peer[SERVER].ttl_min, 57);
}

Test(track_refused_syn, a_syn_that_is_refused_was_real)
{
	WITH_TALK;
	struct packet p;

	talk_open(&talk);
	talk_login(&talk);
	talk_set_isn(&talk, 5000, 0);
	talk_syn(&talk);
	p = talk_packet(&talk, SERVER, TCP_RST | TCP_ACK);
	p.tcp.seq = 0;
	wire_feed(wire, &p);
	conn = wire_conn(wire);
	cr_expect(conn->port_reused);
	cr_expect_eq(conn->resets, 0);
	cr_expect_eq(conn->peer[CLIENT].packets + conn->peer[SERVER].packets, wire->frame - 2);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_refused);
	wire_free(wire);
}

/* A device on the path refuses what does not fit, be it forged. */
static void refuse_syn(struct talk *talk, uint32_t isn)
{
	struct packet p = talk_packet(talk, SERVER, TCP_RST | TCP_ACK);

	p.tcp.seq = 0;
	p.tcp.ack = isn + 1;
	p.ttl = 33;
	wire_feed(talk->wire, &p);
}

Test(track_refused_syn, a_forged_syn_that_is_refused_does_not_split_a_connection_that_goes_on)
{
	for (enum side side = CLIENT; side <= SERVER; side++) {
		WITH_TALK;

		talk_open(&talk);
		talk_login(&talk);
		forge_syn(&talk, 5000);
		refuse_syn(&talk, 5000);
		talk_data(&talk, side, 100);
		talk_key(&talk);
		talk_close(&talk);
		conn = wire_conn(wire);
		expect_one_session(conn, 1);
		wire_expect_no_more(wire);
		wire_free(wire);
	}
}

Test(track_refused_syn, of_several_forged_ones_that_are_refused_none_splits_it)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	for (uint32_t i = 1; i <= 5; i++) {
		forge_syn(&talk, 5000 * i);
		refuse_syn(&talk, 5000 * i);
	}
	talk_key(&talk);
	talk_close(&talk);
	conn = wire_conn(wire);
	expect_one_session(conn, 5);
	wire_expect_no_more(wire);
	wire_free(wire);
}

Test(track_refused_syn, a_refused_syn_into_silence_is_told_when_the_connection_is_judged)
{
	WITH_TALK;
	struct talk other = talk_from(wire, 51001, 22);

	talk_open(&talk);
	talk_login(&talk);
	talk_say(&talk, SERVER, TCP_FIN | TCP_ACK, none());
	talk_ack(&talk, CLIENT);
	wire_wait(wire, NS_PER_S);
	forge_syn(&talk, 5000);
	refuse_syn(&talk, 5000);
	wire_wait(wire, 70 * NS_PER_S);
	talk_syn(&other);
	conn = wire_finished(wire);
	cr_assert_not_null(conn);
	cr_expect_eq(conn->end.ending, ENDING_closed);
	cr_expect(conn->port_reused);
	wire_wait(wire, 70 * NS_PER_S);
	other.next[CLIENT]--;
	talk_syn(&other);
	conn = wire_finished(wire);
	cr_assert_not_null(conn, "the refused one");
	cr_expect_eq(conn->end.ending, ENDING_refused);
	cr_expect_eq(conn->peer[CLIENT].at.port, 51000);
	cr_expect_eq(conn->peer[CLIENT].packets, 1);
	cr_expect_eq(conn->peer[SERVER].packets, 1);
	wire_conn(wire);
	wire_expect_no_more(wire);
	wire_free(wire);
}

/* Nothing is heard of the client: what the server sends is enough. */
Test(track_refused_syn, a_server_that_goes_on_has_not_refused)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	forge_syn(&talk, 5000);
	refuse_syn(&talk, 5000);
	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, cipher_text(36));
	conn = wire_conn(wire);
	cr_expect_not(conn->port_reused);
	cr_expect_eq(conn->end.ending, ENDING_open);
	cr_expect_eq(conn->peer[SERVER].recent[1].flags & TCP_RST, 0, "no segment of its own");
	wire_expect_no_more(wire);
	wire_free(wire);
}

Test(track_refused_syn, more_resets_of_who_refused_do_not_show_that_the_connection_lives)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	forge_syn(&talk, 5000);
	refuse_syn(&talk, 5000);
	talk.next[SERVER] += 1000000;
	talk_say(&talk, SERVER, TCP_RST, none());
	conn = wire_conn(wire);
	cr_expect(conn->port_reused);
	cr_expect_eq(wire_conn(wire)->end.ending, ENDING_refused);
	wire_free(wire);
}

Test(track_refused_syn, a_reset_of_something_else_is_no_refusal)
{
	WITH_TALK;
	struct packet p;

	talk_open(&talk);
	talk_login(&talk);
	forge_syn(&talk, 5000);
	p = talk_packet(&talk, SERVER, TCP_RST | TCP_ACK);
	p.tcp.seq += 10;
	wire_feed(wire, &p);
	conn = wire_conn(wire);
	cr_expect_eq(conn->resets, 1);
	cr_expect_not(conn->port_reused);
	wire_expect_no_more(wire);
	wire_free(wire);
}

/* Captured behind what shows that the connection lives: it does not end that, either. */
Test(track_refused_syn, a_refusal_that_comes_late_is_no_reset_of_the_connection)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	forge_syn(&talk, 5000);
	talk_key(&talk);
	refuse_syn(&talk, 5000);
	talk_close(&talk);
	conn = wire_conn(wire);
	expect_one_session(conn, 1);
	wire_expect_no_more(wire);
	wire_free(wire);
}
