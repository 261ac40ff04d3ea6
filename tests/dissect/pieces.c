/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/dissect/pieces.h"

#include <criterion/criterion.h>
#include <pcap/dlt.h>

struct bytes segment(void)
{
	uint8_t payload[PAYLOAD_LEN];

	for (uint8_t i = 0; i < PAYLOAD_LEN; i++)
		payload[i] = (uint8_t)(i + 1);
	return tcp(TCP_ACK, "", bytes_copy(payload, PAYLOAD_LEN));
}

static struct bytes cut_out(struct bytes whole, const struct cutting *how)
{
	struct bytes piece = bytes_copy(whole.at + how->from, how->to - how->from);

	bytes_free(whole);
	return piece;
}

struct bytes piece4_of(uint8_t protocol, struct bytes whole, struct cutting how)
{
	struct bytes b = ipv4(protocol, cut_out(whole, &how));

	put_u16(b, 4, how.id);
	put_u16(b, 6, (uint16_t)(how.from / 8 | (how.more ? 0x2000 : 0)));
	return b;
}

struct bytes piece4(uint16_t id, uint32_t from, uint32_t to)
{
	return piece4_of(6, segment(), (struct cutting){ id, from, to, to < SEGMENT_LEN });
}

struct bytes piece4_cut(uint16_t id, uint32_t from, uint32_t to, uint32_t kept)
{
	struct bytes whole = piece4(id, from, to);
	struct bytes cut = bytes_copy(whole.at, 20 + kept);

	bytes_free(whole);
	return cut;
}

struct bytes piece6_of(uint8_t next, struct bytes whole, struct cutting how)
{
	struct bytes header = hex("0000 0000 00000000");

	put_u8(header, 0, next);
	put_u16(header, 2, (uint16_t)(how.from | how.more));
	put_u16(header, 6, how.id);
	return ipv6(44, bytes_join(header, cut_out(whole, &how)));
}

struct bytes piece6(uint16_t id, uint32_t from, uint32_t to)
{
	return piece6_of(6, segment(), (struct cutting){ id, from, to, to < SEGMENT_LEN });
}

/* ---- a capture of them ---- */

struct line line_new(void)
{
	return (struct line){ .fragments = fragments_new(), .last = hex("") };
}

void line_end(struct line *line)
{
	fragments_free(line->fragments);
	bytes_free(line->last);
}

enum skip feed_in(struct line *line, struct bytes b, uint16_t input, uint32_t missing)
{
	struct frame frame = frame_of(DLT_RAW, b);
	enum skip why;

	bytes_free(line->last);
	line->last = b;
	frame.number = ++line->frames;
	frame.input = input;
	frame.time_ns = line->time_ns;
	frame.wire_len += missing;
	dissect_joined(line->fragments, &frame, &line->packet, &why);
	return why;
}

enum skip feed(struct line *line, struct bytes b)
{
	return feed_in(line, b, 0, 0);
}

void expect_the_segment(const struct line *line)
{
	const struct segment *tcp_part = &line->packet.tcp;

	cr_expect_eq(line->packet.kind, PACKET_SEGMENT);
	cr_expect_eq(tcp_part->seq, TEST_SEQ);
	cr_assert_eq(tcp_part->payload_len, PAYLOAD_LEN);
	cr_expect_eq(tcp_part->payload_wire_len, PAYLOAD_LEN);
	cr_expect_not(line->packet.cut);
	for (uint8_t i = 0; i < PAYLOAD_LEN; i++)
		cr_expect_eq(tcp_part->payload[i], i + 1, "byte %u", i);
}
