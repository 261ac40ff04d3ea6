/* SPDX-License-Identifier: BSD-3-Clause */
/* The same ports again, and SYNs that look like it. */
#include <criterion/criterion.h>

#include "tests/track/wire.h"

#define WITH_TALK                                                                                  \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_new(wire);                                                         \
	const struct conn *conn

Test(track_port_reuse, a_syn_with_another_number_on_the_same_ports_is_a_new_connection)
{
	WITH_TALK;

	talk_session(&talk);
	talk_set_isn(&talk, 5000, 6000);
	talk_session(&talk);
	conn = wire_conn(wire);
	cr_expect(conn->port_reused);
	cr_expect_eq(conn->end.ending, ENDING_closed);
	cr_expect_eq(events_of(conn, EVENT_PORT_REUSED), 1);
	cr_expect_eq(conn->id, 1);
	conn = wire_conn(wire);
	cr_expect_not(conn->port_reused);
	cr_expect_eq(conn->handshake, HANDSHAKE_COMPLETE);
	cr_expect_eq(conn->id, 2);
	wire_expect_no_more(wire);
	wire_free(wire);
}

Test(track_port_reuse, a_syn_corrects_roles_that_were_guessed_wrong)
{
	struct wire *wire = wire_new();
	struct talk talk =
		talk_from(wire, 9000, 10000); /* the lower port is taken for the server's */
	const struct conn *conn;

	talk_identify(&talk);
	talk_set_isn(&talk, 5000, 6000);
	talk_open(&talk);
	talk_identify(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[SERVER].at.port, 9000);
	cr_expect(conn->port_reused);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[SERVER].at.port, 10000);
	cr_expect_eq(conn->handshake, HANDSHAKE_COMPLETE);
	wire_free(wire);
}

Test(track_port_reuse, the_capture_does_not_end_where_ports_are_used_again)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	talk_set_isn(&talk, 5000, 6000);
	talk_syn(&talk);
	talk_syn_ack(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_open);
	cr_expect_eq(events_of(conn, EVENT_CAPTURE_END), 0);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].packets, 1);
	cr_expect_eq(conn->peer[CLIENT].syn.number + 1, conn->peer[SERVER].syn.number);
	cr_expect_eq(conn->peer[CLIENT].ttl_samples, 1);
	wire_free(wire);
}

/* The capturing host noted them in the wrong order. */
Test(track_port_reuse, a_syn_behind_its_own_answer_is_no_other_connection)
{
	for (int acked = 0; acked < 2; acked++) {
		WITH_TALK;
		struct packet syn = talk_packet(&talk, CLIENT, TCP_SYN);

		talk.next[CLIENT]++;
		talk_syn_ack(&talk);
		if (acked == 1)
			talk_ack(&talk, CLIENT);
		wire_feed(wire, &syn);
		talk_ack(&talk, CLIENT);
		talk_login(&talk);
		talk_close(&talk);
		conn = wire_conn(wire);
		cr_expect_eq(conn->handshake, HANDSHAKE_COMPLETE);
		cr_expect_eq(conn->ssh.phase, SSH_PHASE_SESSION);
		cr_expect_eq(conn->peer[CLIENT].isn, TEST_SEQ);
		cr_expect_eq(conn->peer[CLIENT].retransmissions, 0, "it was sent once");
		cr_expect_eq(conn->peer[CLIENT].out_of_order, 1);
		wire_expect_no_more(wire);
		wire_free(wire);
	}
}

/* On ports that nothing is known of, too. */
Test(track_port_reuse, a_syn_behind_its_own_answer_is_none_on_any_port)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_from(wire, 51000, 8080);
	struct packet syn = talk_packet(&talk, CLIENT, TCP_SYN);

	talk.next[CLIENT]++;
	talk_syn_ack(&talk);
	wire_feed(wire, &syn);
	talk_ack(&talk, CLIENT);
	talk_identify(&talk);
	cr_expect_eq(wire_conn(wire)->handshake, HANDSHAKE_COMPLETE);
	cr_expect_eq(track_counts(wire->track).flows, 1);
	wire_expect_no_more(wire);
	wire_free(wire);
}

Test(track_port_reuse, a_syn_behind_an_answer_to_something_else_is_another_connection)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_from(wire, 51000, 8080);

	talk.next[CLIENT] += 100;
	talk_syn_ack(&talk);
	talk_set_isn(&talk, 5000, 6000);
	talk_open(&talk);
	talk_identify(&talk);
	cr_expect_eq(wire_conn(wire)->peer[SERVER].packets, 3);
	cr_expect_eq(track_counts(wire->track).flows, 2);
	wire_expect_no_more(wire);
	wire_free(wire);
}

Test(track_port_reuse, lone_syns_on_the_same_ports_are_connections_of_their_own)
{
	WITH_TALK;

	for (uint32_t i = 0; i < 3; i++) {
		talk_set_isn(&talk, 1000 * i, 0);
		talk_syn(&talk);
		talk.next[CLIENT]--;
		talk_syn(&talk); /* again: the same one */
	}
	for (int i = 0; i < 3; i++) {
		conn = wire_conn(wire);
		cr_expect_eq(conn->end.ending, ENDING_unanswered);
		cr_expect_eq(conn->peer[CLIENT].retransmissions, 1);
		cr_expect_eq(conn->port_reused, i < 2);
	}
	wire_expect_no_more(wire);
	wire_free(wire);
}

Test(track_port_reuse, late_segments_of_a_connection_that_was_handed_on_are_no_new_one)
{
	WITH_TALK;

	talk_session(&talk);
	wire_wait(wire, 300 * NS_PER_S);
	talk_ack(&talk, SERVER);
	talk_say(&talk, SERVER, TCP_RST, none());
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_closed);
	cr_expect_eq(conn->resets, 0);
	wire_expect_no_more(wire);
	wire_free(wire);
}

/* RFC 9293 section 3.10.7.3, or a SYN cookie that came late. */
Test(track_port_reuse, another_syn_ack_after_the_handshake_changes_nothing)
{
	WITH_TALK;
	struct packet p;

	talk_open(&talk);
	p = talk_packet(&talk, SERVER, TCP_SYN | TCP_ACK);
	p.tcp.seq += 1000000;
	wire_feed(wire, &p);
	talk_login(&talk);
	talk_close(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_SESSION);
	cr_expect_eq(conn->end.ending, ENDING_closed);
	cr_expect_eq(conn->peer[SERVER].missing, 0);
	wire_free(wire);
}

Test(track_port_reuse, of_two_syn_acks_the_one_that_is_answered_counts)
{
	WITH_TALK;
	struct packet p;

	talk_syn(&talk);
	p = talk_packet(&talk, SERVER, TCP_SYN | TCP_ACK);
	p.tcp.seq += 1000000;
	wire_feed(wire, &p);
	talk_syn_ack(&talk);
	talk_ack(&talk, CLIENT);
	talk_login(&talk);
	talk_close(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(conn->handshake, HANDSHAKE_COMPLETE);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_SESSION);
	cr_expect_eq(conn->peer[SERVER].pending.mark.number, 0);
	wire_free(wire);
}
