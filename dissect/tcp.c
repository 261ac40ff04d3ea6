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
#define TIMESTAMPS_LEN 12
#define TIMESTAMPS_HEAD 0x0101080a /* two NOPs, kind and length */

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

/* RFC 7323 appendix A: what nearly all segments of a connection have, in the layout it recommends. */
static bool only_timestamps(struct cursor options, struct segment *tcp)
{
	const uint8_t *at;

	if (cursor_left(&options) != TIMESTAMPS_LEN)
		return false;
	at = cursor_bytes(&options, TIMESTAMPS_LEN);
	if (bytes_u32(at) != TIMESTAMPS_HEAD)
		return false;
	tcp->has_options = tcp->has_timestamps = true;
	tcp->tsval = bytes_u32(at + 4);
	tcp->tsecr = bytes_u32(at + 8);
	return true;
}

enum skip tcp_read(struct part *part, struct packet *packet)
{
	const uint64_t wire_len = part_wire_len(part);
	struct segment *tcp = &packet->tcp;
	struct cursor *c = &part->at;
	const uint8_t *header = cursor_bytes(c, HEADER_LEN);
	struct cursor options;
	uint32_t header_len;

	if (header == NULL)
		return part_short(part, SKIP_tcp_header);
	packet->src.port = bytes_u16(header);
	packet->dst.port = bytes_u16(header + 2);
	tcp->seq = bytes_u32(header + 4);
	tcp->ack = bytes_u32(header + 8);
	header_len = (uint32_t)(header[12] >> 4) * 4;
	tcp->flags = header[13];
	tcp->window = bytes_u16(header + 14); /* then checksum and urgent pointer */
	if (header_len < HEADER_LEN || header_len > wire_len)
		return SKIP_tcp_header;

	options = cursor_slice(c, header_len - HEADER_LEN);
	if (!only_timestamps(options, tcp))
		read_options(&options, tcp);
	tcp->header_len = (uint8_t)header_len;
	tcp->payload = c->at;
	tcp->payload_len = (uint32_t)cursor_left(c);
	tcp->payload_wire_len = (uint32_t)(wire_len - header_len);
	packet->cut = part->missing != 0;
	return SKIP_NONE;
}

enum skip take_tcp(struct walk *walk)
{
	walk->next = HEADER_none;
	return tcp_read(&walk->part, walk->packet);
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
