/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>

#include "dissect/dissect.h"
#include "tests/support.h"

#define SYN_OPTIONS "020405b4 0402 080a 0001e240 00000000 01 030307" /* what Linux sends */
#define WITH_TIMESTAMPS "01 01 080a 11111111 22222222"

/* The packet of a raw frame. Its payload is gone with the frame: only its lengths may be used. */
static enum skip dissect_segment(struct bytes b, uint32_t wire_len, struct packet *packet)
{
	struct frame frame = frame_of(DLT_RAW, b);
	enum skip why;

	frame.wire_len = wire_len != 0 ? wire_len : frame.len;
	dissect(&frame, packet, &why);
	bytes_free(b);
	return why;
}

static struct segment segment_with(const char *options)
{
	struct packet p;

	cr_assert_eq(dissect_segment(ipv4(6, tcp(TCP_ACK, options, hex("aa bb"))), 0, &p),
		     SKIP_NONE, "options %s", options);
	cr_expect_eq(p.tcp.payload_len, 2, "options %s", options);
	return p.tcp;
}

Test(dissect_tcp, a_header_is_told_in_full)
{
	struct bytes b = ipv4(6, tcp(TCP_PSH | TCP_ACK, "", hex("53 53 48 2d")));
	struct frame frame = frame_of(DLT_RAW, b);
	struct packet p;
	enum skip why;

	put_u16(b, 20 + 14, 502);
	cr_assert_eq(dissect(&frame, &p, &why), DISSECT_OK);
	cr_expect_eq(why, SKIP_NONE);
	cr_expect_eq(p.src.port, TEST_SPORT);
	cr_expect_eq(p.dst.port, TEST_DPORT);
	cr_expect_eq(p.tcp.seq, TEST_SEQ);
	cr_expect_eq(p.tcp.ack, TEST_ACK);
	cr_expect_eq(p.tcp.flags, TCP_PSH | TCP_ACK);
	cr_expect_eq(p.tcp.window, 502);
	cr_expect_not(p.tcp.has_options);
	cr_expect_eq(p.tcp.payload, b.at + 40, "points into the frame");
	cr_expect_eq(p.tcp.payload_len, 4);
	cr_expect_eq(p.tcp.payload_wire_len, 4);
	cr_expect_not(p.cut);
	bytes_free(b);
}

Test(dissect_tcp, all_eight_flags_are_kept)
{
	struct packet p;

	cr_assert_eq(dissect_segment(ipv4(6, tcp(0xff, "", hex(""))), 0, &p), SKIP_NONE);
	cr_expect_eq(p.tcp.flags,
		     TCP_FIN | TCP_SYN | TCP_RST | TCP_PSH | TCP_ACK | TCP_URG | TCP_ECE | TCP_CWR);
}

Test(dissect_tcp, the_options_of_a_syn_are_all_read)
{
	struct packet p;

	cr_assert_eq(dissect_segment(ipv4(6, tcp(TCP_SYN, SYN_OPTIONS, hex(""))), 0, &p),
		     SKIP_NONE);
	cr_expect(p.tcp.has_options);
	cr_expect(p.tcp.has_mss);
	cr_expect_eq(p.tcp.mss, 1460);
	cr_expect(p.tcp.sack_permitted);
	cr_expect(p.tcp.has_timestamps);
	cr_expect_eq(p.tcp.tsval, 123456);
	cr_expect_eq(p.tcp.tsecr, 0);
	cr_expect(p.tcp.has_wscale);
	cr_expect_eq(p.tcp.wscale, 7);
	cr_expect_not(p.tcp.has_mptcp);
	cr_expect_eq(p.tcp.sacks, 0);
}

Test(dissect_tcp, sack_blocks_are_read_up_to_four)
{
	struct segment tcp = segment_with("01 01 05 12 00000001 00000002 00000003 00000004");

	cr_expect_eq(tcp.sacks, 2);
	cr_expect_eq(tcp.sack[0][0], 1);
	cr_expect_eq(tcp.sack[0][1], 2);
	cr_expect_eq(tcp.sack[1][0], 3);
	cr_expect_eq(tcp.sack[1][1], 4);

	tcp = segment_with("01 01 05 22 00000001 00000002 00000003 00000004"
			   "00000005 00000006 00000007 00000008");
	cr_expect_eq(tcp.sacks, 4);
	cr_expect_eq(tcp.sack[3][1], 8);
}

Test(dissect_tcp, multipath_is_noticed)
{
	cr_expect(segment_with("1e 04 01 00").has_mptcp);
	cr_expect_not(segment_with("1d 04 01 00").has_mptcp);
}

Test(dissect_tcp, padding_alone_is_no_option)
{
	cr_expect_not(segment_with("01 01 01 00").has_options);
	cr_expect_not(segment_with("00 02 04 05").has_mss, "nothing follows the end of the list");
}

Test(dissect_tcp, unknown_options_are_stepped_over)
{
	struct segment tcp = segment_with("fe 06 89abcdef fd 02 02 04 05b4");

	cr_expect(tcp.has_options);
	cr_expect(tcp.has_mss);
	cr_expect_eq(tcp.mss, 1460);
}

/* Each ends in an MSS that must be found, or not. */
struct fault {
	const char *what, *options;
	bool goes_on;
};

static const struct fault faults[] = {
	{ "length 0", "03 00 01 01 020405b4", false },
	{ "length 1", "03 01 01 01 020405b4", false },
	{ "past the header", "03 0a 01 01 020405b4", false },
	{ "SACK past the header", "01 01 05 22 00000001 00000002", false },
	{ "MSS of 3 bytes", "02 03 05 01 020405b4", true },
	{ "window scale of 4 bytes", "03 04 07 07 020405b4", true },
	{ "SACK permitted with content", "04 03 01 01 020405b4", true },
	{ "SACK of a block and a half", "05 0e 00000001 00000002 00000003 0101 020405b4", true },
	{ "timestamps of 4 bytes", "08 04 0001 020405b4", true },
};

Test(dissect_tcp, impossible_options_end_the_reading_and_wrong_lengths_are_skipped)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct segment tcp = segment_with(faults[i].options);

		cr_expect_eq(tcp.has_mss, faults[i].goes_on, "%s", faults[i].what);
		cr_expect(tcp.has_options, "%s", faults[i].what);
		cr_expect_not(tcp.has_wscale, "%s", faults[i].what);
		cr_expect_not(tcp.sack_permitted, "%s", faults[i].what);
		cr_expect_not(tcp.has_timestamps, "%s", faults[i].what);
		cr_expect_eq(tcp.sacks, 0, "%s", faults[i].what);
	}
}

Test(dissect_tcp, an_option_kind_in_the_last_byte_is_no_over_read)
{
	cr_expect_not(segment_with("01 01 01 08").has_timestamps);
}

Test(dissect_tcp, a_data_offset_that_cannot_be_is_malformed)
{
	struct bytes b = ipv4(6, tcp(TCP_ACK, "", hex("aa bb cc")));
	struct packet p;

	put_u8(b, 20 + 12, 0x40);
	cr_expect_eq(dissect_segment(b, 0, &p), SKIP_tcp_header, "shorter than a header");
	b = ipv4(6, tcp(TCP_ACK, "", hex("aa bb cc")));
	put_u8(b, 20 + 12, 0x60);
	cr_expect_eq(dissect_segment(b, 0, &p), SKIP_tcp_header, "beyond the segment");
	b = ipv4(6, hex("c738 0016 11223344 55667788 5010 ffff 0000 00"));
	cr_expect_eq(dissect_segment(b, 0, &p), SKIP_tcp_header, "a segment of 19 bytes");
}

Test(dissect_tcp, a_frame_cut_in_the_options_is_kept_with_those_that_are_there)
{
	struct bytes whole = ipv4(6, tcp(TCP_ACK, WITH_TIMESTAMPS, hex("aa bb cc dd")));
	uint32_t wire_len = (uint32_t)whole.len;
	struct packet p;

	for (uint32_t len = 40; len <= 52; len++) {
		cr_assert_eq(dissect_segment(bytes_copy(whole.at, len), wire_len, &p), SKIP_NONE);
		cr_expect(p.cut);
		cr_expect_eq(p.tcp.seq, TEST_SEQ);
		cr_expect_eq(p.tcp.has_timestamps, len == 52, "%u bytes", len);
		cr_expect_eq(p.tcp.payload_len, 0);
		cr_expect_eq(p.tcp.payload_wire_len, 4);
	}
	cr_assert_eq(dissect_segment(bytes_copy(whole.at, 54), wire_len, &p), SKIP_NONE);
	cr_expect(p.cut);
	cr_expect_eq(p.tcp.payload_len, 2);
	bytes_free(whole);
}

Test(dissect_tcp, a_frame_cut_in_the_header_is_not_used)
{
	struct bytes whole = ipv4(6, tcp(TCP_ACK, WITH_TIMESTAMPS, hex("")));
	uint32_t wire_len = (uint32_t)whole.len;
	struct packet p;

	for (uint32_t len = 0; len < 40; len++)
		cr_expect_eq(dissect_segment(bytes_copy(whole.at, len), wire_len, &p), SKIP_cut,
			     "%u bytes", len);
	bytes_free(whole);
}

Test(dissect_tcp, a_segment_of_the_largest_header_is_read)
{
	struct segment tcp = segment_with("01010101 01010101 01010101 01010101 01010101"
					  "01010101 01010101 01010101 01010101 020405b4");

	cr_expect_eq(tcp.mss, 1460);
}
