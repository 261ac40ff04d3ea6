/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A middle fits where nothing is in flight: each side has acknowledged all that the other sent. The
 * last such place is taken at which the login is done and no oddity has begun.
 */
#include "tests/bench/recording.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include "base/die.h"

#define FRAMES_MAX 256   /* the longest scenario has half of that */
#define FIRST_PORT 51234 /* of the first connection; each later one has two more */
#define QUIET_US 1000000 /* a longer silence is part of what went wrong */
#define LOGIN_LEN 3000   /* a server has sent so much when the session begins */
#define PATH_LEN 4096
#define HANDSHAKE 3 /* SYN, SYN-ACK, ACK */

enum { FIN = 1, SYN = 2, RST = 4 };

static uint8_t *ip_of(const struct recorded *f)
{
	return f->bytes + ETHERNET_LEN;
}

static bool is_tcp(const struct recorded *f, uint8_t flags)
{
	return !f->is_icmp && (ip_parts_of(ip_of(f)).transport[13] & flags) != 0;
}

static struct recorded record(const struct pcap_pkthdr *header, const uint8_t *bytes,
			      int64_t first_us)
{
	struct recorded f = { .len = header->caplen };
	struct ip_parts parts;
	uint16_t port;

	f.after_us = (int64_t)header->ts.tv_sec * 1000000 + header->ts.tv_usec - first_us;
	f.bytes = xcalloc(1, WIRE_MAX);
	memcpy(f.bytes, bytes, f.len < WIRE_MAX ? f.len : WIRE_MAX);
	parts = ip_parts_of(ip_of(&f));
	f.is_icmp = parts.protocol != PROTOCOL_TCP;
	/* An ICMP error goes to the client in each scenario: it bears the server's side. */
	f.from = !f.is_icmp && get_u16(parts.transport + 2) == 22 ? CLIENT : SERVER;
	port = get_u16(parts.transport + (f.from == CLIENT ? 0 : 2));
	f.is_first = !f.is_icmp && port == FIRST_PORT;
	return f;
}

/* What the sender goes on from. */
static uint32_t end_of(const struct recorded *f)
{
	struct ip_parts parts = ip_parts_of(ip_of(f));
	size_t headers =
		(size_t)(parts.transport - ip_of(f)) + (size_t)(parts.transport[12] >> 4) * 4;

	return get_u32(parts.transport + 4) + (uint32_t)(ip_len(ip_of(f)) - headers) +
	       is_tcp(f, FIN) + is_tcp(f, SYN);
}

static void keep_prototype(struct recording *r, const struct recorded *f)
{
	struct prototype *p = &r->prototype[f->from];
	uint8_t *tcp = ip_parts_of(ip_of(f)).transport;

	p->after_us = f->after_us;
	p->len = (size_t)(tcp - f->bytes) + (size_t)(tcp[12] >> 4) * 4;
	memcpy(p->bytes, f->bytes, p->len);
}

static void find_middle(struct recording *r)
{
	uint32_t next[2] = { 0 }, acked[2] = { 0 };
	size_t sent = 0;

	r->head = r->tail = r->count;
	for (size_t i = 0; i < r->count; i++) {
		const struct recorded *f = &r->frame[i];

		if (!f->is_first || is_tcp(f, FIN | RST) ||
		    (i > 0 && f->after_us - f[-1].after_us > QUIET_US))
			return;
		next[f->from] = end_of(f);
		acked[f->from] = get_u32(ip_parts_of(ip_of(f)).transport + 8);
		sent += f->from == SERVER ? f->len : 0;
		keep_prototype(r, f);
		if (sent < LOGIN_LEN || next[0] != acked[1] || next[1] != acked[0])
			continue;
		r->head = r->tail = i + 1;
		memcpy(r->begin, next, sizeof(next));
		memcpy(r->next, next, sizeof(next));
	}
}

static void count_connections(struct recording *r)
{
	bool known[8] = { false };

	for (size_t i = 0; i < r->count; i++) {
		const uint8_t *transport = ip_parts_of(ip_of(&r->frame[i])).transport;
		int port = get_u16(transport + (r->frame[i].from == CLIENT ? 0 : 2));
		int row = (port - FIRST_PORT) / 2;

		if (r->frame[i].is_icmp || row < 0 || row >= 8 || known[row])
			continue;
		known[row] = true;
		r->connections++;
	}
}

struct recording *recording_read(const char *folder, const char *name)
{
	char path[PATH_LEN], error[PCAP_ERRBUF_SIZE];
	struct recording *r = xcalloc(1, sizeof(*r));
	struct pcap_pkthdr *header;
	const uint8_t *bytes;
	int64_t first_us = 0;
	pcap_t *pcap;

	snprintf(path, sizeof(path), "%s/%s.pcap", folder, name);
	pcap = pcap_open_offline(path, error);
	if (pcap == NULL) {
		fprintf(stderr, "generate: %s\n", error);
		return NULL;
	}
	r->frame = xcalloc(FRAMES_MAX, sizeof(*r->frame));
	while (r->count < FRAMES_MAX && pcap_next_ex(pcap, &header, &bytes) == 1) {
		if (r->count == 0)
			first_us = (int64_t)header->ts.tv_sec * 1000000 + header->ts.tv_usec;
		r->frame[r->count++] = record(header, bytes, first_us);
	}
	pcap_close(pcap);
	find_middle(r);
	count_connections(r);
	return r;
}

void recording_empty(struct recording *r)
{
	r->head = HANDSHAKE;
	for (r->tail = 0; r->tail < r->count && !is_tcp(&r->frame[r->tail], FIN); r->tail++) {
		const struct recorded *f = &r->frame[r->tail];

		keep_prototype(r, f);
		r->next[f->from] = end_of(f);
		if (r->tail < r->head)
			r->begin[f->from] = end_of(f);
	}
}

static void keep_frames(struct recording *r, size_t from, size_t count)
{
	int64_t first_us = r->frame[from].after_us;

	memmove(r->frame, r->frame + from, count * sizeof(*r->frame));
	for (size_t i = 0; i < count; i++)
		r->frame[i].after_us -= first_us;
	r->count = r->head = r->tail = count;
	r->connections = 1;
}

void recording_cut(struct recording *r)
{
	keep_frames(r, 0, 1);
}

bool recording_refusal(struct recording *r)
{
	for (size_t i = 1; i < r->count; i++) {
		if (!is_tcp(&r->frame[i], RST) || !is_tcp(&r->frame[i - 1], SYN))
			continue;
		keep_frames(r, i - 1, 2);
		return true;
	}
	return false;
}

struct recording *recording_of_udp(void)
{
	/* Ethernet, IPv4 with DF and a TTL of 64 less three routers, UDP. */
	static const uint8_t headers[] = {
		2, 0,  0,  0, 0, 5,   2,  0,   0, 0,   0, 0x0c, 8,  0, 0x45, 0, 0, 28, 0, 1, 0x40,
		0, 61, 17, 0, 0, 198, 51, 100, 7, 203, 0, 113,  22, 0, 0,    0, 0, 0,  8, 0, 0,
	};
	struct recording *r = xcalloc(1, sizeof(*r));

	for (int side = CLIENT; side <= SERVER; side++) {
		r->prototype[side].len = sizeof(headers);
		memcpy(r->prototype[side].bytes, headers, sizeof(headers));
	}
	r->connections = 1;
	return r;
}
