/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "tests/dissect/pieces.h"

/* ---- contradictions ---- */

/* A second piece, and what it makes of a datagram whose bytes 24 to 48 were there. */
struct second {
	const char *what;
	uint32_t from, to;
	enum skip why;
};

static const struct second seconds[] = {
	{ "right behind", 48, 56, SKIP_fragment },
	{ "right before", 16, 24, SKIP_fragment },
	{ "over the end", 40, 56, SKIP_fragment_overlap },
	{ "over the beginning", 16, 32, SKIP_fragment_overlap },
	{ "inside", 32, 40, SKIP_fragment_overlap },
	{ "around", 16, 56, SKIP_fragment_overlap },
	{ "a longer copy", 24, 56, SKIP_fragment_overlap },
};

Test(dissect_fragments_refused, a_datagram_whose_pieces_overlap_is_dropped_with_all_that_comes)
{
	for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
		struct line line = line_new();
		enum skip why;

		feed(&line, piece4(7, 24, 48));
		why = feed(&line, piece4(7, seconds[i].from, seconds[i].to));
		cr_expect_eq(why, seconds[i].why, "%s", seconds[i].what);
		cr_expect_eq(feed(&line, piece4(7, 0, 8)), seconds[i].why, "%s", seconds[i].what);
		line_end(&line);
	}
}

Test(dissect_fragments_refused, a_copy_with_other_bytes_is_an_overlap)
{
	struct line line = line_new();
	struct bytes forged = piece4(7, 24, 48);

	put_u8(forged, 20, 0xff);
	feed(&line, piece4(7, 24, 48));
	cr_expect_eq(feed(&line, forged), SKIP_fragment_overlap);
	cr_expect_eq(feed(&line, piece4(7, 0, 24)), SKIP_fragment_overlap);
	cr_expect_eq(feed(&line, piece4(7, 48, SEGMENT_LEN)), SKIP_fragment_overlap);
	line_end(&line);
}

Test(dissect_fragments_refused, a_datagram_has_one_end)
{
	struct line line = line_new();
	struct bytes early;

	feed(&line, piece4(7, 40, SEGMENT_LEN));
	early = piece4_of(6, segment(), (struct cutting){ 7, 8, 16, false });
	cr_expect_eq(feed(&line, early), SKIP_fragment_overlap, "a second last piece");
	feed(&line, piece4(8, 40, 48));
	early = piece4_of(6, segment(), (struct cutting){ 8, 8, 16, false });
	cr_expect_eq(feed(&line, early), SKIP_fragment_overlap, "an end before another piece");
	early = piece4_of(6, segment(), (struct cutting){ 9, 8, 16, false });
	cr_expect_eq(feed(&line, early), SKIP_fragment);
	cr_expect_eq(feed(&line, piece4(9, 16, 24)), SKIP_fragment_overlap, "beyond the end");
	line_end(&line);
}

/* ---- pieces that cannot be, and limits ---- */

Test(dissect_fragments_refused, impossible_pieces_are_malformed)
{
	struct line line = line_new();
	struct bytes odd = piece4_of(6, segment(), (struct cutting){ 7, 0, 23, true });
	struct bytes none = piece4_of(6, segment(), (struct cutting){ 7, 24, 24, false });
	struct bytes beyond = piece4(7, 48, SEGMENT_LEN), edge = piece4(8, 53, SEGMENT_LEN);

	cr_expect_eq(feed(&line, odd), SKIP_ip_header, "23 bytes and more to come");
	cr_expect_eq(feed(&line, none), SKIP_ip_header, "nothing");
	put_u16(beyond, 6, 0x1fff);
	cr_expect_eq(feed(&line, beyond), SKIP_ip_header, "more than 65535 bytes");
	put_u16(edge, 6, 0x1fff);
	cr_expect_eq(feed(&line, edge), SKIP_fragment, "up to 65535 bytes");
	line_end(&line);
}

Test(dissect_fragments_refused, what_was_cut_before_the_end_of_the_tcp_header_is_counted_as_cut)
{
	struct line line = line_new();

	cr_expect_eq(feed_in(&line, piece4_cut(7, 0, 24, 12), 0, 12), SKIP_fragment);
	cr_expect_eq(feed(&line, piece4(7, 24, SEGMENT_LEN)), SKIP_cut);
	line_end(&line);
}

Test(dissect_fragments_refused, a_cut_copy_with_other_bytes_is_an_overlap)
{
	struct line line = line_new();
	struct bytes forged = piece4_cut(7, 24, 48, 8);

	put_u8(forged, 20, 0xff);
	feed(&line, piece4(7, 24, 48));
	cr_expect_eq(feed_in(&line, piece4_cut(7, 24, 48, 8), 0, 16), SKIP_fragment);
	cr_expect_eq(feed_in(&line, forged, 0, 16), SKIP_fragment_overlap);
	line_end(&line);
}

/* Two interfaces with different snap lengths. */
Test(dissect_fragments_refused, a_copy_that_is_cut_elsewhere_is_no_overlap)
{
	struct line line = line_new();

	feed_in(&line, piece4_cut(7, 24, 48, 8), 0, 16);
	cr_expect_eq(feed(&line, piece4(7, 24, 48)), SKIP_fragment);
	cr_expect_eq(feed(&line, piece4(7, 0, 24)), SKIP_fragment);
	cr_expect_eq(feed(&line, piece4(7, 48, SEGMENT_LEN)), SKIP_NONE);
	line_end(&line);
}

Test(dissect_fragments_refused, a_cut_piece_overlaps_by_what_was_sent)
{
	struct line line = line_new();

	feed_in(&line, piece4_cut(7, 0, 40, 24), 0, 16);
	cr_expect_eq(feed(&line, piece4(7, 24, SEGMENT_LEN)), SKIP_fragment_overlap);
	line_end(&line);
}

Test(dissect_fragments_refused, a_fragment_in_a_datagram_of_fragments_of_ipv6_is_impossible)
{
	struct line line = line_new();
	struct bytes whole = bytes_join(hex("06 00 0001 00000007"), segment());

	feed(&line,
	     piece6_of(44, bytes_copy(whole.at, whole.len), (struct cutting){ 7, 0, 24, true }));
	cr_expect_eq(feed(&line,
			  piece6_of(44, whole, (struct cutting){ 7, 24, SEGMENT_LEN + 8, false })),
		     SKIP_ip_header);
	line_end(&line);
}

Test(dissect_fragments_refused, pieces_wait_a_minute_and_no_longer)
{
	static const struct {
		int64_t wait_ns;
		enum skip why;
	} rows[] = {
		{ 60 * SECOND, SKIP_NONE },
		{ 60 * SECOND + 1, SKIP_fragment },
		{ -60 * SECOND, SKIP_NONE },
		{ -60 * SECOND - 1, SKIP_fragment },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct line line = line_new();

		line.time_ns = 1000 * SECOND;
		feed(&line, piece4(7, 0, 24));
		line.time_ns += rows[i].wait_ns;
		cr_expect_eq(feed(&line, piece4(7, 24, SEGMENT_LEN)), rows[i].why, "row %zu", i);
		line_end(&line);
	}
}

Test(dissect_fragments_refused, the_oldest_of_too_many_datagrams_goes_first)
{
	struct line line = line_new();

	for (uint16_t id = 0; id < 65; id++) {
		line.time_ns = id;
		feed(&line, piece4(id, 0, 24));
	}
	cr_expect_eq(feed(&line, piece4(1, 24, SEGMENT_LEN)), SKIP_NONE, "the second is there");
	cr_expect_eq(feed(&line, piece4(64, 24, SEGMENT_LEN)), SKIP_NONE, "so is the last");
	cr_expect_eq(feed(&line, piece4(0, 24, SEGMENT_LEN)), SKIP_fragment, "the first is not");
	line_end(&line);
}

/* The last piece of a datagram that came in so many of eight bytes. */
static enum skip in_pieces(struct line *line, uint16_t id, uint32_t pieces)
{
	struct bytes zeros = hex("0000000000000000");
	enum skip why = SKIP_NONE;

	for (uint32_t i = 0; i < pieces; i++) {
		struct bytes whole = i < 3 ? segment() : bytes_copy(zeros.at, 8);
		struct bytes b = piece4_of(6, whole,
					   i < 3 ? (struct cutting){ id, i * 8, i * 8 + 8, true } :
						   (struct cutting){ id, 0, 8, true });

		put_u16(b, 6, (uint16_t)(i | (i + 1 < pieces ? 0x2000 : 0)));
		why = feed(line, b);
	}
	bytes_free(zeros);
	return why;
}

Test(dissect_fragments_refused, a_datagram_has_128_pieces_at_most)
{
	struct line line = line_new();

	cr_expect_eq(in_pieces(&line, 7, 128), SKIP_NONE);
	cr_expect_eq(line.packet.tcp.seq, TEST_SEQ);
	cr_expect_eq(line.packet.tcp.payload_wire_len, 128 * 8 - 20);
	cr_expect_eq(in_pieces(&line, 8, 129), SKIP_fragment);
	line_end(&line);
}

Test(dissect_fragments_refused, a_datagram_of_64_kib_and_one_of_too_many_pieces)
{
	static const uint8_t zeros[65512];
	struct bytes big = tcp(TCP_ACK, "", bytes_copy(zeros, sizeof(zeros)));
	struct line line = line_new();

	feed(&line,
	     piece4_of(6, bytes_copy(big.at, big.len), (struct cutting){ 7, 0, 65504, true }));
	cr_expect_eq(feed(&line, piece4_of(6, bytes_copy(big.at, big.len),
					   (struct cutting){ 7, 65504, 65532, false })),
		     SKIP_NONE);
	cr_expect_eq(line.packet.tcp.payload_wire_len, 65512);
	for (uint32_t i = 0; i < 128; i++) {
		struct cutting how = { 8, 8 + i * 8, 16 + i * 8, true };

		cr_expect_eq(feed(&line, piece4_of(6, bytes_copy(big.at, big.len), how)),
			     SKIP_fragment);
	}
	feed(&line, piece4_of(6, bytes_copy(big.at, big.len), (struct cutting){ 8, 0, 8, true }));
	cr_expect_eq(feed(&line, piece4_of(6, big, (struct cutting){ 8, 1032, 1040, false })),
		     SKIP_fragment, "it cannot be whole");
	line_end(&line);
}
