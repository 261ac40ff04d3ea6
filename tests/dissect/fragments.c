/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "tests/dissect/pieces.h"

/* ---- joining ---- */

Test(dissect_fragments, pieces_in_any_order_make_the_segment_with_the_last_to_come)
{
	static const uint32_t cuts[] = { 0, 24, 40, SEGMENT_LEN };
	static const int orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
					 { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };

	for (size_t i = 0; i < 6; i++) {
		struct line line = line_new();

		for (int j = 0; j < 3; j++) {
			uint32_t from = cuts[orders[i][j]], to = cuts[orders[i][j] + 1];

			cr_expect_eq(feed(&line, piece4(7, from, to)),
				     j < 2 ? SKIP_fragment : SKIP_NONE, "order %zu, %d", i, j);
		}
		expect_the_segment(&line);
		cr_expect_eq(line.packet.mark.number, 3);
		line_end(&line);
	}
}

Test(dissect_fragments, pieces_of_ipv6_are_joined)
{
	struct line line = line_new();

	cr_expect_eq(feed(&line, piece6(7, 24, SEGMENT_LEN)), SKIP_fragment);
	cr_expect_eq(feed(&line, piece6(7, 0, 24)), SKIP_NONE);
	expect_the_segment(&line);
	cr_expect_eq(line.packet.src.ip.family, 6);
	line_end(&line);
}

Test(dissect_fragments, extensions_behind_the_fragment_header_are_read_when_all_is_there)
{
	struct line line = line_new();
	const uint32_t len = SEGMENT_LEN + 8;

	for (uint32_t from = 0; from < len; from += 8) {
		uint32_t to = from + 8 < len ? from + 8 : len;
		struct bytes whole = bytes_join(hex("06 00 01040000 0000"), segment());
		struct cutting how = { 7, from, to, to < len };

		cr_expect_eq(feed(&line, piece6_of(60, whole, how)),
			     to < len ? SKIP_fragment : SKIP_NONE);
	}
	expect_the_segment(&line);
	line_end(&line);
}

Test(dissect_fragments, the_marks_are_those_of_the_first_piece)
{
	struct line line = line_new();
	struct bytes first = piece4(7, 0, 24), second = piece4(7, 24, SEGMENT_LEN);

	put_u8(first, 8, 33);
	put_u8(second, 8, 44);
	cr_expect_eq(feed(&line, second), SKIP_fragment);
	cr_expect_eq(feed(&line, first), SKIP_NONE);
	cr_expect_eq(line.packet.ttl, 33);
	cr_expect_eq(line.packet.ip_id, 7);
	line_end(&line);
}

Test(dissect_fragments, an_outer_packet_in_pieces_may_hold_an_inner_one_in_pieces)
{
	struct line line = line_new();

	for (int half = 0; half < 2; half++) {
		for (int outer = 0; outer < 2; outer++) {
			struct bytes inner =
				half == 0 ? piece4(7, 0, 24) : piece4(7, 24, SEGMENT_LEN);
			uint32_t len = (uint32_t)inner.len;
			struct cutting how = { (uint16_t)(8 + half), outer == 0 ? 0 : 16,
					       outer == 0 ? 16 : len, outer == 0 };
			bool last = half == 1 && outer == 1;

			cr_expect_eq(feed(&line, piece4_of(4, inner, how)),
				     last ? SKIP_NONE : SKIP_fragment);
		}
	}
	expect_the_segment(&line);
	cr_expect_eq(line.packet.layers, 2);
	cr_expect_neq(line.packet.tunnel, 0);
	line_end(&line);
}

Test(dissect_fragments, whole_packets_pass_between_the_pieces)
{
	struct line line = line_new();

	cr_expect_eq(feed(&line, piece4(7, 0, 24)), SKIP_fragment);
	cr_expect_eq(feed(&line, ipv4(6, segment())), SKIP_NONE);
	cr_expect_eq(feed(&line, ipv4(17, hex("c000 0035 0000 0000"))), SKIP_not_tcp);
	cr_expect_eq(feed(&line, piece4(7, 24, SEGMENT_LEN)), SKIP_NONE);
	expect_the_segment(&line);
	line_end(&line);
}

Test(dissect_fragments, a_second_copy_of_a_piece_changes_nothing)
{
	struct line line = line_new();

	cr_expect_eq(feed(&line, piece4(7, 0, 24)), SKIP_fragment);
	cr_expect_eq(feed(&line, piece4(7, 0, 24)), SKIP_fragment);
	cr_expect_eq(feed(&line, piece4(7, 24, SEGMENT_LEN)), SKIP_NONE);
	expect_the_segment(&line);
	line_end(&line);
}

/* Three pieces, of each of which so much was captured, and what that leaves of the payload. */
static void expect_cut(const uint32_t kept[3], uint32_t payload_len, bool turned)
{
	static const uint32_t cuts[] = { 0, 24, 40, SEGMENT_LEN };
	struct line line = line_new();

	for (int i = 0; i < 3; i++) {
		int j = turned ? 2 - i : i;
		uint32_t len = cuts[j + 1] - cuts[j];

		cr_expect_eq(feed_in(&line, piece4_cut(7, cuts[j], cuts[j + 1], kept[j]), 0,
				     len - kept[j]),
			     i < 2 ? SKIP_fragment : SKIP_NONE);
	}
	cr_expect_eq(line.packet.tcp.payload_wire_len, PAYLOAD_LEN);
	cr_expect_eq(line.packet.tcp.payload_len, payload_len);
	cr_expect_eq(line.packet.cut, payload_len < PAYLOAD_LEN);
	for (uint32_t i = 0; i < line.packet.tcp.payload_len; i++)
		cr_expect_eq(line.packet.tcp.payload[i], i + 1);
	line_end(&line);
}

/* A snap length cuts each piece that is longer: lengths are known all the same. */
Test(dissect_fragments, pieces_that_the_capture_cut_make_a_segment_that_is_cut)
{
	static const struct {
		uint32_t kept[3], payload_len;
	} rows[] = {
		{ { 24, 16, 20 }, 40 }, { { 22, 16, 20 }, 2 }, { { 24, 10, 20 }, 14 },
		{ { 24, 16, 0 }, 20 },  { { 24, 0, 5 }, 4 },   { { 20, 3, 20 }, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		expect_cut(rows[i].kept, rows[i].payload_len, false);
		expect_cut(rows[i].kept, rows[i].payload_len, true);
	}
}

Test(dissect_fragments, a_datagram_is_used_once)
{
	struct line line = line_new();

	feed(&line, piece4(7, 0, 24));
	cr_expect_eq(feed(&line, piece4(7, 24, SEGMENT_LEN)), SKIP_NONE);
	cr_expect_eq(feed(&line, piece4(7, 24, SEGMENT_LEN)), SKIP_fragment);
	line_end(&line);
}

/* More than there is room for at a time. */
Test(dissect_fragments, a_place_is_free_again_when_its_datagram_was_used)
{
	struct line line = line_new();

	for (uint16_t id = 0; id < 200; id++) {
		cr_expect_eq(feed(&line, piece4(id, 0, 24)), SKIP_fragment, "%u", id);
		cr_expect_eq(feed(&line, piece4(id, 24, SEGMENT_LEN)), SKIP_NONE, "%u", id);
	}
	line_end(&line);
}

/*
 * The outer datagram is read where it was put together. When all other places are taken, one of those
 * goes for the piece inside it, younger as they are.
 */
Test(dissect_fragments, the_place_of_a_datagram_that_is_being_read_is_not_given_away)
{
	struct line line = line_new();
	struct bytes inner = piece4(7, 0, 24);
	uint32_t len = (uint32_t)inner.len;

	feed(&line, piece4_of(4, bytes_copy(inner.at, len), (struct cutting){ 8, 0, 16, true }));
	for (uint16_t id = 100; id < 163; id++) {
		line.time_ns = id;
		feed(&line, piece4(id, 0, 24));
	}
	feed(&line, piece4_of(4, inner, (struct cutting){ 8, 16, len, false }));
	inner = ipv4(4, piece4(7, 24, SEGMENT_LEN));
	cr_expect_eq(feed(&line, inner), SKIP_NONE, "what was inside is there");
	expect_the_segment(&line);
	cr_expect_eq(feed(&line, piece4(101, 24, SEGMENT_LEN)), SKIP_NONE);
	cr_expect_eq(feed(&line, piece4(100, 24, SEGMENT_LEN)), SKIP_fragment, "the oldest went");
	line_end(&line);
}

/* ---- what is kept apart ---- */

Test(dissect_fragments, pieces_of_different_datagrams_are_not_joined)
{
	struct bytes others[8];
	struct line line = line_new();

	for (int i = 0; i < 8; i++)
		others[i] = piece4(7, 24, SEGMENT_LEN);
	put_u16(others[0], 4, 8);           /* identification */
	put_u32(others[1], 12, 0xc0000202); /* source */
	put_u32(others[2], 16, 0xc6336403); /* destination */
	put_u8(others[3], 9, 17);           /* protocol */
	bytes_free(others[4]);
	others[4] = piece6(7, 24, SEGMENT_LEN);
	others[5] = ipv4(4, others[5]); /* in a tunnel */
	feed(&line, piece4(7, 0, 24));
	for (int i = 0; i < 6; i++)
		cr_expect_eq(feed(&line, others[i]), SKIP_fragment, "%d", i);
	cr_expect_eq(feed_in(&line, others[6], 1, 0), SKIP_fragment, "another file");
	cr_expect_eq(feed(&line, others[7]), SKIP_NONE);
	expect_the_segment(&line);
	line_end(&line);
}
