/* SPDX-License-Identifier: BSD-3-Clause */
/* RFC 5961 section 4: a SYN into a living connection, forged or not. See track/port_reuse.c. */
#include <criterion/criterion.h>

#include "tests/track/wire.h"

#define WITH_TALK                                                                                  \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_new(wire);                                                         \
	const struct conn *conn

/* A SYN with another number; it counts nothing as sent. */
static void forge_syn(struct talk *talk, enum side side, uint32_t isn)
{
	struct packet p = talk_packet(talk, side, TCP_SYN);

	p.tcp.seq = isn;
	p.ttl = 33;
	wire_feed(talk->wire, &p);
}

static void expect_one_session(struct wire *wire, uint32_t strays, uint32_t challenges)
{
	const struct conn *conn = wire_conn(wire);

	cr_expect_eq(conn->end.ending, ENDING_closed);
	cr_expect_eq(conn->handshake, HANDSHAKE_COMPLETE);
	cr_expect_not(conn->port_reused);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_SESSION);
	cr_expect_neq(conn->peer[CLIENT].ttl_min, 33);
	cr_expect_eq(events_of(conn, EVENT_STRAY_SYN), strays);
	cr_expect_eq(events_of(conn, EVENT_CHALLENGE_ACK), challenges);
	wire_expect_no_more(wire);
}

Test(track_stray_syn, a_forged_syn_does_not_split_a_living_connection)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_open(&talk);
	talk_login(&talk);
	forge_syn(&talk, CLIENT, 5000);
	talk_ack(&talk, SERVER);
	talk_key(&talk);
	talk_close(&talk);
	expect_one_session(wire, 1, 1);
	wire_free(wire);
}

Test(track_stray_syn, nor_does_one_from_the_servers_end)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_open(&talk);
	talk_login(&talk);
	forge_syn(&talk, SERVER, 5000);
	talk_key(&talk);
	talk_close(&talk);
	expect_one_session(wire, 1, 0);
	wire_free(wire);
}

Test(track_stray_syn, nor_one_right_after_the_handshake)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_open(&talk);
	forge_syn(&talk, CLIENT, 5000);
	talk_login(&talk);
	talk_close(&talk);
	expect_one_session(wire, 1, 0);
	wire_free(wire);
}

Test(track_stray_syn, nor_two_in_a_row)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_open(&talk);
	talk_login(&talk);
	forge_syn(&talk, CLIENT, 5000);
	forge_syn(&talk, CLIENT, 5000);
	talk_ack(&talk, SERVER);
	wire_wait(wire, 3 * NS_PER_S);
	forge_syn(&talk, CLIENT, 5000); /* its receiver spoke since: it lives */
	talk_close(&talk);
	expect_one_session(wire, 2, 1);
	wire_free(wire);
}

/* Its client went on: whatever answers the SYN now is no answer to the client. */
Test(track_stray_syn, nor_one_that_is_answered_after_its_claimed_sender_went_on)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	struct packet p;

	talk_open(&talk);
	talk_login(&talk);
	forge_syn(&talk, CLIENT, 5000);
	talk_key(&talk);
	p = talk_packet(&talk, SERVER, TCP_SYN | TCP_ACK);
	p.tcp.seq = 9000;
	p.tcp.ack = 5001;
	wire_feed(wire, &p);
	talk_close(&talk);
	expect_one_session(wire, 1, 0);
	wire_free(wire);
}

/* RFC 9293 section 3.5 */
Test(track_stray_syn, nor_two_ends_that_ask_each_other_at_once)
{
	WITH_TALK;
	struct packet p[2] = { talk_packet(&talk, CLIENT, TCP_SYN),
			       talk_packet(&talk, SERVER, TCP_SYN) };

	wire_feed(wire, &p[0]);
	wire_feed(wire, &p[1]);
	talk.next[SERVER]++;
	talk_say(&talk, CLIENT, TCP_SYN | TCP_ACK, none());
	talk.next[SERVER]--;
	talk_say(&talk, SERVER, TCP_SYN | TCP_ACK, none());
	talk_ack(&talk, CLIENT);
	talk_login(&talk);
	talk_close(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(conn->handshake, HANDSHAKE_COMPLETE);
	cr_expect_eq(conn->peer[CLIENT].at.port, 51000);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_SESSION);
	cr_expect_eq(conn->end.ending, ENDING_closed);
	wire_expect_no_more(wire);
	wire_free(wire);
}

/* Half a connection lives, too: its other half may send for hours. */
Test(track_stray_syn, nor_one_into_a_connection_that_one_side_has_closed)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_open(&talk);
	talk_login(&talk);
	talk_say(&talk, CLIENT, TCP_FIN | TCP_ACK, none());
	forge_syn(&talk, CLIENT, 5000);
	talk_data(&talk, SERVER, 100);
	talk_say(&talk, SERVER, TCP_FIN | TCP_ACK, none());
	talk_ack(&talk, CLIENT);
	expect_one_session(wire, 1, 0);
	wire_free(wire);
}

/* The client's host was restarted: it knows nothing of the connection that is asked back about. */
Test(track_stray_syn, a_host_that_lost_the_connection_resets_it_and_asks_again)
{
	WITH_TALK;
	struct packet reset;
	struct talk again;

	talk_open(&talk);
	talk_login(&talk);
	again = talk;
	talk_set_isn(&again, 5000, 6000);
	talk_syn(&again);
	talk_ack(&talk, SERVER);
	reset = talk_packet(&talk, CLIENT, TCP_RST);
	wire_feed(wire, &reset);
	wire_wait(wire, NS_PER_S);
	again.next[CLIENT]--;
	talk_session(&again);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_reset);
	cr_expect_eq(conn->end.side, CLIENT);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_closed);
	cr_expect_eq(conn->handshake, HANDSHAKE_COMPLETE);
	wire_expect_no_more(wire);
	wire_free(wire);
}

/* The connection's own reset has its own number. */
Test(track_stray_syn, a_reset_of_the_connection_behind_a_stray_syn_ends_it)
{
	WITH_TALK;
	struct packet p;

	talk_open(&talk);
	talk_login(&talk);
	forge_syn(&talk, CLIENT, talk.next[CLIENT] - 1);
	p = talk_packet(&talk, SERVER, TCP_RST | TCP_ACK);
	wire_feed(wire, &p);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_reset);
	cr_expect_eq(conn->resets, 1);
	wire_expect_no_more(wire);
	wire_free(wire);
}

Test(track_stray_syn, a_syn_that_is_repeated_into_silence_was_real)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	talk_set_isn(&talk, 5000, 0);
	talk_syn(&talk);
	wire_wait(wire, NS_PER_S);
	talk.next[CLIENT]--;
	talk_syn(&talk);
	conn = wire_conn(wire);
	cr_expect(conn->port_reused);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_unanswered);
	cr_expect_eq(conn->peer[CLIENT].packets, 2);
	wire_free(wire);
}

Test(track_stray_syn, with_one_direction_alone_its_sender_goes_on_from_it)
{
	WITH_TALK;

	talk.uncaptured[SERVER] = true;
	talk_open(&talk);
	talk_login(&talk);
	forge_syn(&talk, CLIENT, 77);
	talk_key(&talk);
	talk_set_isn(&talk, 5000, 6000);
	talk_session(&talk);
	conn = wire_conn(wire);
	cr_expect(conn->port_reused);
	cr_expect_eq(events_of(conn, EVENT_STRAY_SYN), 2, "apart from each other");
	conn = wire_conn(wire);
	cr_expect_not(conn->port_reused);
	wire_expect_no_more(wire);
	wire_free(wire);
}

/* A capture that begins in mid-connection, with the SYN behind what came after it. */
Test(track_stray_syn, its_own_syn_is_none_when_it_was_captured_late)
{
	WITH_TALK;
	struct packet syn = talk_packet(&talk, CLIENT, TCP_SYN);

	talk.next[CLIENT]++;
	talk_syn_ack(&talk);
	talk_ack(&talk, CLIENT);
	wire_feed(wire, &syn);
	talk_login(&talk);
	talk_close(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(events_of(conn, EVENT_STRAY_SYN), 0);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_SESSION);
	wire_expect_no_more(wire);
	wire_free(wire);
}
