/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A TCP segment: RFC 9293 section 3.1.
 *
 * A data offset that cannot be is malformed: nobody would accept the segment. Options that cannot
 * be are not: receivers read as far as they make sense and take the segment (Linux does), so the
 * segment is kept with the options before the fault. An option of a known kind and another length
 * than its RFC says is skipped, as if unknown. Options are told where they stand, also on segments
 * where a receiver ignores them (window scale without SYN).
 */
#include "dissect/inside.h"

#define HEADER_LEN 20

enum {
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_MSS = 2,            /* RFC 9293 section 3.7.1 */
	OPTION_WSCALE = 3,         /* RFC 7323 section 2.2 */
	OPTION_SACK_PERMITTED = 4, /* RFC 2018 section 2 */
	OPTION_SACK = 5,           /* RFC 2018 section 3 */
	OPTION_TIMESTAMPS = 8,     /* RFC 7323 section 3.2 */
	OPTION_MPTCP = 30,         /* RFC 8684 section 3 */
};

static void read_sack(struct cursor *body, struct segment *tcp)
{
	size_t blocks = cursor_left(body) / 8;

	if (cursor_left(body) % 8 != 0)
		return;
	tcp->sacks = (uint8_t)(blocks < PACKET_SACKS ? blocks : PACKET_SACKS);
	for (uint8_t i = 0; i < tcp->sacks; i++) {
		tcp->sack[i][0] = cursor_u32(body);
		tcp->sack[i][1] = cursor_u32(body);
	}
}

static void read_option(uint8_t kind, struct cursor *body, struct segment *tcp)
{
	size_t len = cursor_left(body);

	if (kind == OPTION_MSS && len == 2) {
		tcp->has_mss = true;
		tcp->mss = cursor_u16(body);
	} else if (kind == OPTION_WSCALE && len == 1) {
		tcp->has_wscale = true;
		tcp->wscale = cursor_u8(body);
	} else if (kind == OPTION_SACK_PERMITTED && len == 0) {
		tcp->sack_permitted = true;
	} else if (kind == OPTION_SACK) {
		read_sack(body, tcp);
	} else if (kind == OPTION_TIMESTAMPS && len == 8) {
		tcp->has_timestamps = true;
		tcp->tsval = cursor_u32(body);
		tcp->tsecr = cursor_u32(body);
	} else if (kind == OPTION_MPTCP) {
		tcp->has_mptcp = true;
	}
}

static void read_options(struct cursor *options, struct segment *tcp)
{
	while (cursor_left(options) != 0) {
		uint8_t kind = cursor_u8(options);
		struct cursor body;
		uint8_t len;

		if (kind == OPTION_END)
			return;
		if (kind == OPTION_NOP)
			continue;
		tcp->has_options = true;
		len = cursor_u8(options);
		if (len < 2)
			return;
		body = cursor_slice(options, len - 2u);
		if (body.short_read)
			return;
		read_option(kind, &body, tcp);
	}
}

enum skip take_tcp(struct walk *walk)
{
	struct part *part = &walk->part;
	struct packet *packet = walk->packet;
	struct cursor *c = &part->at;
	struct segment *tcp = &packet->tcp;
	uint64_t wire_len = part_wire_len(part);
	struct cursor options;
	uint32_t header_len;

	packet->src.port = cursor_u16(c);
	packet->dst.port = cursor_u16(c);
	tcp->seq = cursor_u32(c);
	tcp->ack = cursor_u32(c);
	header_len = (uint32_t)(cursor_u8(c) >> 4) * 4;
	tcp->flags = cursor_u8(c);
	tcp->window = cursor_u16(c);
	cursor_skip(c, 4); /* checksum, which offload leaves to the card, and urgent pointer */
	if (c->short_read)
		return part_short(part, SKIP_tcp_header);
	if (header_len < HEADER_LEN || header_len > wire_len)
		return SKIP_tcp_header;

	options = cursor_slice(c, header_len - HEADER_LEN);
	read_options(&options, tcp);
	tcp->header_len = (uint8_t)header_len;
	tcp->payload = c->at;
	tcp->payload_len = (uint32_t)cursor_left(c);
	tcp->payload_wire_len = (uint32_t)(wire_len - header_len);
	packet->cut = part->missing != 0;
	return walk_on(walk, HEADER_none);
}

enum skip tcp_read_quoted(struct part *part, struct packet *packet)
{
	struct cursor *c = &part->at;
	uint32_t ack;
	uint8_t flags;

	packet->src.port = cursor_u16(c);
	packet->dst.port = cursor_u16(c);
	packet->tcp.seq = cursor_u32(c);
	if (c->short_read)
		return part_short(part, SKIP_icmp_quote);
	ack = cursor_u32(c);
	cursor_skip(c, 1);
	flags = cursor_u8(c);
	if (!c->short_read) {
		packet->tcp.ack = ack;
		packet->tcp.flags = flags;
	}
	return SKIP_NONE;
}
