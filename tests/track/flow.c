/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/flow.h"

#define WITH_TALK(client_port, server_port)                                                        \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_from(wire, client_port, server_port);                              \
	const struct conn *conn

/* ---- what becomes a connection ---- */

Test(track_flow, an_identification_on_any_port_is_ssh)
{
	WITH_TALK(51000, 8443);

	talk_open(&talk);
	talk_identify(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[SERVER].at.port, 8443);
	cr_expect_eq(conn->handshake, HANDSHAKE_COMPLETE, "its handshake was kept");
	cr_expect_eq(conn->first.number, 1);
	wire_free(wire);
}

Test(track_flow, other_protocols_on_other_ports_are_not_handed_on)
{
	WITH_TALK(51000, 80);

	talk_open(&talk);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, text_bytes("GET / HTTP/1.1\r\n\r\n"));
	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, text_bytes("HTTP/1.1 200 OK\r\n\r\n"));
	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, text_bytes(IDENTIFICATION));
	talk_close(&talk);
	(void)conn;
	wire_expect_no_more(wire);
	cr_expect_eq(track_counts(wire->track).flows, 1);
	wire_free(wire);
}

/* It was looked into because it might have begun SSH. */
Test(track_flow, what_only_looked_like_ssh_for_an_octet_is_not_handed_on)
{
	WITH_TALK(51000, 80);

	talk_open(&talk);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, text_bytes("GET / HTTP/1.1\r\n\r\n"));
	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, text_bytes("HTTP/1.1 200 OK\r\n\r\nS"));
	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, text_bytes("tory\r\n"));
	talk_close(&talk);
	(void)conn;
	wire_expect_no_more(wire);
	wire_free(wire);
}

Test(track_flow, the_ports_of_the_options_are_ssh_whatever_they_carry)
{
	struct wire *wire =
		wire_new_for(&(struct track_options){ .ports = { 22, 2022 }, .port_count = 2 });
	struct talk talk = talk_from(wire, 51000, 2022);

	talk_open(&talk);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, text_bytes("GET / HTTP/1.1\r\n\r\n"));
	talk_close(&talk);
	cr_expect_eq(wire_conn(wire)->peer[SERVER].at.port, 2022);
	wire_free(wire);
}

Test(track_flow, a_server_that_spoke_ssh_on_a_port_is_watched_there)
{
	WITH_TALK(51000, 2222);

	talk_session(&talk);
	talk = talk_from(wire, 51001, 2222);
	talk_syn(&talk);
	talk = talk_from(wire, 51002, 2222);
	talk.end[SERVER].ip.bytes[3]++; /* another server on the same port is not */
	talk_syn(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].at.port, 51000);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].at.port, 51001);
	cr_expect_eq(conn->end.ending, ENDING_unanswered);
	wire_expect_no_more(wire);
	wire_free(wire);
}

Test(track_flow, what_else_is_spoken_on_a_learned_port_is_not_handed_on)
{
	WITH_TALK(51000, 443);

	talk_session(&talk);
	talk = talk_from(wire, 51001, 443);
	talk_open(&talk);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, hex("16 03 01 02 00 01 00 01 fc 03 03"));
	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, hex("16 03 03 00 7a 02 00 00 76 03 03"));
	talk_close(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].at.port, 51000);
	wire_expect_no_more(wire);
	wire_free(wire);
}

/* ---- roles ---- */

static void expect_server(struct talk *talk, uint16_t port, bool guessed)
{
	const struct conn *conn = wire_conn(talk->wire);

	cr_expect_eq(conn->peer[SERVER].at.port, port);
	cr_expect_eq(conn->roles_guessed, guessed);
	wire_free(talk->wire);
}

Test(track_flow, who_sends_the_syn_is_the_client_whatever_the_ports)
{
	WITH_TALK(22, 51000);

	(void)conn;
	talk_open(&talk);
	talk_identify(&talk);
	expect_server(&talk, 51000, false);
}

Test(track_flow, who_sends_the_syn_ack_is_the_server)
{
	WITH_TALK(22, 51000);

	(void)conn;
	talk.uncaptured[CLIENT] = true;
	talk_syn(&talk);
	talk.uncaptured[CLIENT] = false;
	talk_syn_ack(&talk);
	talk_identify(&talk);
	expect_server(&talk, 51000, false);
}

Test(track_flow, without_a_syn_the_ssh_port_is_the_servers)
{
	WITH_TALK(21, 22);

	(void)conn;
	talk_data(&talk, CLIENT, 100);
	expect_server(&talk, 22, false);
	talk = talk_from(wire_new(), 21, 22);
	talk_data(&talk, SERVER, 100);
	expect_server(&talk, 22, false);
}

Test(track_flow, without_a_syn_or_an_ssh_port_the_lower_one_is_guessed)
{
	WITH_TALK(9000, 10000);

	(void)conn;
	talk_identify(&talk);
	expect_server(&talk, 9000, true);
}

/* ---- stubs ---- */

Test(track_flow, a_handshake_that_is_played_again_loses_nothing)
{
	WITH_TALK(51000, 22);
	struct packet p;

	p = talk_packet(&talk, CLIENT, TCP_SYN);
	p.tos = 0x48;
	p.tcp.has_options = p.tcp.has_timestamps = p.tcp.has_wscale = p.tcp.has_mss = true;
	p.tcp.tsval = 123456;
	p.tcp.wscale = 7;
	p.tcp.window = 64240;
	p.vlans = 1;
	p.vlan[0] = 42;
	wire_feed(wire, &p);
	p = talk_packet(&talk, SERVER, TCP_RST | TCP_ACK);
	p.vlans = 1;
	p.vlan[0] = 42;
	p.tcp.seq = 0;
	p.tcp.ack = talk.isn[CLIENT] + 1;
	wire_feed(wire, &p);
	conn = wire_conn(wire);
	cr_expect_eq(conn->reset[0].trigger.tos, 0x48);
	cr_expect_eq(conn->reset[0].trigger.window, 64240);
	cr_expect_eq(conn->reset[0].trigger.ip_id, talk.ip_id[CLIENT]);
	cr_expect_eq(conn->reset[0].since_trigger_ns, STEP_NS);
	cr_expect(conn->peer[CLIENT].timestamps);
	cr_expect_eq(conn->peer[CLIENT].tsval_last, 123456);
	cr_expect_eq(conn->peer[CLIENT].wscale, 7);
	cr_expect_eq(conn->vlan[0], 42);
	cr_expect_eq(conn->end.ending, ENDING_refused);
	wire_free(wire);
}

/* ---- what came before a port was known ---- */

Test(track_flow, a_request_of_another_protocol_is_not_taken_for_missing)
{
	WITH_TALK(51000, 8443);

	talk_open(&talk);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, text_bytes("GET / HTTP/1.1\r\n\r\n"));
	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, text_bytes(IDENTIFICATION));
	talk_close(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[CLIENT].missing, 0, "it was captured");
	cr_expect(conn->ssh.half[CLIENT].not_ssh);
	cr_expect_gt(conn->ssh.half[SERVER].identification.len, 0);
	wire_free(wire);
}

Test(track_flow, a_server_may_say_other_lines_on_an_unknown_port_first)
{
	WITH_TALK(51000, 8443);

	talk_open(&talk);
	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, text_bytes("Welcome.\r\n"));
	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, text_bytes(IDENTIFICATION));
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, text_bytes(IDENTIFICATION));
	talk_close(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(conn->peer[SERVER].missing, 0);
	cr_expect_not(conn->ssh.half[SERVER].gap);
	cr_expect_gt(conn->ssh.half[SERVER].identification.len, 0);
	cr_expect_gt(conn->ssh.half[CLIENT].identification.len, 0);
	wire_free(wire);
}

Test(track_flow, a_reset_before_a_word_is_kept_until_the_port_turns_out_to_be_ssh)
{
	for (int bare = 0; bare < 3; bare++) { /* other segments must not take its place */
		struct wire *wire = wire_new();
		struct talk talk = talk_from(wire, 51000, 2222), later;
		const struct conn *conn;

		talk_open(&talk);
		for (int i = 0; i < bare; i++)
			talk_ack(&talk, CLIENT);
		talk_say(&talk, SERVER, TCP_RST, none());
		later = talk_from(wire, 51001, 2222);
		talk_open(&later);
		talk_login(&later);
		do
			conn = wire_conn(wire);
		while (conn->peer[CLIENT].at.port != 51000);
		cr_expect_eq(conn->end.ending, ENDING_reset, "%d: %s", bare,
			     ending_name(conn->end.ending));
		cr_expect_eq(conn->handshake, HANDSHAKE_COMPLETE);
		wire_free(wire);
	}
}
