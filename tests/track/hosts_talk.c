/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/track/hosts_talk.h"

#include <criterion/criterion.h>

struct lessons lessons_of(struct wire *wire, uint16_t port)
{
	const struct conn *conn;

	do
		conn = wire_conn(wire);
	while (conn->peer[CLIENT].at.port != port);
	return conn->lessons;
}

struct talk talk_at_work(struct wire *wire, uint16_t port)
{
	struct talk talk = talk_from(wire, port, 22);

	talk_open(&talk);
	talk_login(&talk);
	talk_key(&talk);
	wire_wait(wire, NS_PER_S);
	return talk;
}

void talk_closed_by_server(struct talk *talk)
{
	talk_say(talk, SERVER, TCP_FIN | TCP_ACK, none());
	talk_say(talk, CLIENT, TCP_FIN | TCP_ACK, none());
	talk_ack(talk, SERVER);
}

void talk_forgotten(struct talk *talk)
{
	talk_say(talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	talk_say(talk, SERVER, TCP_RST, none());
}
