/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/track/wire.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define START_NS (INT64_C(1700000000) * NS_PER_S)

/* ---- the wire ---- */

struct wire *wire_new(void)
{
	return wire_new_for(&(struct track_options){ .ports = { 22 }, .port_count = 1 });
}

struct wire *wire_new_for(const struct track_options *options)
{
	struct wire *wire = calloc(1, sizeof(*wire));

	cr_assert(wire != NULL);
	wire->track = track_new(options);
	wire->now_ns = START_NS;
	return wire;
}

void wire_free(struct wire *wire)
{
	if (wire->conn != NULL)
		conn_release(wire->track, wire->conn);
	track_free(wire->track);
	free(wire);
}

void wire_wait(struct wire *wire, int64_t ns)
{
	wire->now_ns += ns;
}

void wire_feed(struct wire *wire, struct packet *p)
{
	wire->now_ns += STEP_NS;
	p->time_ns = wire->now_ns;
	p->mark.number = ++wire->frame;
	track_packet(wire->track, p);
}

const struct conn *wire_finished(struct wire *wire)
{
	if (wire->conn != NULL)
		conn_release(wire->track, wire->conn);
	wire->conn = track_finished(wire->track);
	return wire->conn;
}

const struct conn *wire_conn(struct wire *wire)
{
	if (!wire->ended)
		track_end(wire->track);
	wire->ended = true;
	cr_assert(wire_finished(wire) != NULL, "no connection came out");
	return wire->conn;
}

void wire_expect_no_more(struct wire *wire)
{
	if (!wire->ended)
		track_end(wire->track);
	wire->ended = true;
	cr_expect(wire_finished(wire) == NULL, "one connection too many came out");
}

/* ---- a connection ---- */

struct talk talk_new(struct wire *wire)
{
	return talk_from(wire, TEST_SPORT, 22);
}

struct talk talk_from(struct wire *wire, uint16_t client_port, uint16_t server_port)
{
	struct talk talk = {
		.wire = wire,
		.end = { { { 4, { 192, 0, 2, 1 } }, client_port },
			 { { 4, { 198, 51, 100, 2 } }, server_port } },
		.ip_id = { 1000, 40000 },
		.window = { 502, 509 },
		.ttl = { 64, 57 },
	};

	talk_set_isn(&talk, TEST_SEQ, TEST_ACK);
	return talk;
}

void talk_set_isn(struct talk *talk, uint32_t client, uint32_t server)
{
	talk->isn[CLIENT] = talk->next[CLIENT] = client;
	talk->isn[SERVER] = talk->next[SERVER] = server;
}

struct bytes none(void)
{
	return bytes_copy(NULL, 0);
}

struct packet talk_packet(struct talk *talk, enum side side, uint8_t flags)
{
	return (struct packet){
		.kind = PACKET_SEGMENT,
		.src = talk->end[side],
		.dst = talk->end[!side],
		.ttl = talk->ttl[side],
		.has_ip_id = true,
		.ip_id = talk->ip_id[side],
		.df = true,
		.tcp = {
			.seq = talk->next[side],
			.ack = (flags & TCP_ACK) != 0 ? talk->next[!side] : 0,
			.flags = flags,
			.window = talk->window[side],
		},
	};
}

static void send(struct talk *talk, enum side side, struct packet *p, struct bytes payload)
{
	p->tcp.payload = payload.at;
	p->tcp.payload_len = p->tcp.payload_wire_len = (uint32_t)payload.len;
	talk->ip_id[side]++;
	if (talk->uncaptured[side])
		talk->wire->now_ns += STEP_NS;
	else
		wire_feed(talk->wire, p);
	bytes_free(payload);
}

void talk_say(struct talk *talk, enum side side, uint8_t flags, struct bytes payload)
{
	struct packet p = talk_packet(talk, side, flags);
	size_t len = payload.len;

	if ((flags & TCP_SYN) != 0) {
		p.tcp.has_options = p.tcp.has_wscale = p.tcp.has_mss = true;
		p.tcp.wscale = 7;
		p.tcp.mss = 1460;
	}
	send(talk, side, &p, payload);
	talk->next[side] += (uint32_t)len + ((flags & TCP_SYN) != 0) + ((flags & TCP_FIN) != 0);
}

void talk_data(struct talk *talk, enum side side, size_t len)
{
	talk_say(talk, side, TCP_PSH | TCP_ACK, cipher_text(len));
	talk_ack(talk, !side);
}

void talk_ack(struct talk *talk, enum side side)
{
	talk_say(talk, side, TCP_ACK, none());
}

void talk_again(struct talk *talk, enum side side, size_t len)
{
	talk_at(talk, side, -(int32_t)len, cipher_text(len));
}

void talk_at(struct talk *talk, enum side side, int32_t ahead, struct bytes payload)
{
	struct packet p = talk_packet(talk, side, TCP_PSH | TCP_ACK);

	p.tcp.seq += (uint32_t)ahead;
	send(talk, side, &p, payload);
}

/* ---- its course ---- */

void talk_syn(struct talk *talk)
{
	talk_say(talk, CLIENT, TCP_SYN, none());
}

void talk_syn_ack(struct talk *talk)
{
	talk_say(talk, SERVER, TCP_SYN | TCP_ACK, none());
}

void talk_open(struct talk *talk)
{
	talk_syn(talk);
	talk_syn_ack(talk);
	talk_ack(talk, CLIENT);
}

void talk_identify(struct talk *talk)
{
	talk_say(talk, CLIENT, TCP_PSH | TCP_ACK, text_bytes(IDENTIFICATION));
	talk_ack(talk, SERVER);
	talk_say(talk, SERVER, TCP_PSH | TCP_ACK, text_bytes(IDENTIFICATION));
	talk_ack(talk, CLIENT);
}

void talk_kexinit(struct talk *talk, enum side side, const struct offer *offer)
{
	talk_say(talk, side, TCP_PSH | TCP_ACK, ssh_kexinit(offer));
	talk_ack(talk, !side);
}

void talk_kex(struct talk *talk)
{
	talk_identify(talk);
	talk_kexinit(talk, CLIENT, &openssh_offer);
	talk_kexinit(talk, SERVER, &openssh_offer);
	talk_say(talk, CLIENT, TCP_PSH | TCP_ACK, ssh_packet(30, cipher_text(1194)));
	talk_say(talk, SERVER, TCP_PSH | TCP_ACK,
		 bytes_join(ssh_packet(31, cipher_text(1250)), ssh_packet(21, none())));
	talk_say(talk, CLIENT, TCP_PSH | TCP_ACK, ssh_packet(21, none()));
	talk_ack(talk, SERVER);
}

void talk_login(struct talk *talk)
{
	talk_kex(talk);
	talk_say(talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(SERVICE_LEN));
	talk_say(talk, SERVER, TCP_PSH | TCP_ACK, cipher_text(SERVICE_LEN));
	talk_say(talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(68));
	talk_say(talk, SERVER, TCP_PSH | TCP_ACK, cipher_text(FAILURE_LEN));
	talk_say(talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(308));
	talk_say(talk, SERVER, TCP_PSH | TCP_ACK, cipher_text(SUCCESS_LEN));
	talk_ack(talk, CLIENT);
}

void talk_key(struct talk *talk)
{
	talk_say(talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	talk_say(talk, SERVER, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	talk_ack(talk, CLIENT);
}

void talk_close(struct talk *talk)
{
	talk_say(talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	talk_say(talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(GOODBYE_LEN));
	talk_say(talk, CLIENT, TCP_FIN | TCP_ACK, none());
	talk_say(talk, SERVER, TCP_FIN | TCP_ACK, none());
	talk_ack(talk, CLIENT);
}

void talk_session(struct talk *talk)
{
	talk_open(talk);
	talk_login(talk);
	talk_key(talk);
	talk_close(talk);
}
