/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>

#include "dissect/dissect.h"
#include "tests/support.h"

#define HEADERS_LEN 40 /* of IPv4 and TCP, both without options */

static struct bytes ack(void)
{
	return tcp(TCP_ACK, "", hex("5353 482d"));
}

/* Dissects raw IP and frees it: payload must not be looked at. */
static enum skip dissect_ip(struct bytes b, uint32_t wire_len, struct packet *packet)
{
	struct frame frame = frame_of(DLT_RAW, b);
	enum skip why;

	frame.wire_len = wire_len != 0 ? wire_len : frame.len;
	dissect(&frame, packet, &why);
	bytes_free(b);
	return why;
}

static enum skip why_of(struct bytes b)
{
	struct packet packet;

	return dissect_ip(b, 0, &packet);
}

Test(dissect_ip, an_ipv4_header_is_told_in_full)
{
	struct bytes b = ipv4(6, ack());
	struct packet p;

	put_u8(b, 1, 0xb8);
	put_u8(b, 8, 57);
	cr_assert_eq(dissect_ip(b, 0, &p), SKIP_NONE);
	cr_expect_eq(p.kind, PACKET_SEGMENT);
	cr_expect_eq(p.src.ip.family, 4);
	cr_expect_arr_eq(p.src.ip.bytes, "\xc0\x00\x02\x01\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	cr_expect_arr_eq(p.dst.ip.bytes, "\xc6\x33\x64\x02\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	cr_expect_eq(p.ttl, 57);
	cr_expect_eq(p.tos, 0xb8);
	cr_expect(p.has_ip_id);
	cr_expect_eq(p.ip_id, 0x1234);
	cr_expect(p.df);
}

Test(dissect_ip, an_ipv6_header_is_told_in_full)
{
	struct bytes b = ipv6(6, ack());
	struct packet p;

	put_u32(b, 0, 0x6b8abcde);
	put_u8(b, 7, 57);
	cr_assert_eq(dissect_ip(b, 0, &p), SKIP_NONE);
	cr_expect_eq(p.src.ip.family, 6);
	cr_expect_arr_eq(p.src.ip.bytes, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16);
	cr_expect_arr_eq(p.dst.ip.bytes, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02", 16);
	cr_expect_eq(p.ttl, 57);
	cr_expect_eq(p.tos, 0xb8);
	cr_expect_not(p.has_ip_id);
	cr_expect_not(p.df);
	cr_expect_eq(p.tcp.payload_len, 4);
}

Test(dissect_ip, a_packet_without_df_says_so)
{
	struct bytes b = ipv4(6, ack());
	struct packet p;

	put_u16(b, 6, 0);
	cr_assert_eq(dissect_ip(b, 0, &p), SKIP_NONE);
	cr_expect_not(p.df);
}

Test(dissect_ip, ipv4_options_are_stepped_over)
{
	struct bytes b = ipv4(6, bytes_join(hex("94040000 01010101"), ack()));
	struct packet p;

	put_u8(b, 0, 0x47);
	cr_assert_eq(dissect_ip(b, 0, &p), SKIP_NONE);
	cr_expect_eq(p.tcp.seq, TEST_SEQ);
	cr_expect_eq(p.tcp.payload_len, 4);
}

Test(dissect_ip, padding_behind_the_datagram_is_no_payload)
{
	struct packet p;

	cr_assert_eq(
		dissect_ip(bytes_join(ipv4(6, tcp(TCP_RST, "", hex(""))), hex("0000 0000 0000")), 0,
			   &p),
		SKIP_NONE);
	cr_expect_eq(p.tcp.payload_len, 0);
	cr_expect_eq(p.tcp.payload_wire_len, 0);
	cr_assert_eq(dissect_ip(bytes_join(ipv6(6, ack()), hex("0000")), 0, &p), SKIP_NONE);
	cr_expect_eq(p.tcp.payload_wire_len, 4);
}

Test(dissect_ip, a_frame_cut_in_its_padding_is_not_cut)
{
	struct packet p;

	cr_assert_eq(dissect_ip(ipv4(6, tcp(TCP_RST, "", hex(""))), 46, &p), SKIP_NONE);
	cr_expect_not(p.cut);
	cr_expect_eq(p.tcp.payload_wire_len, 0);
}

Test(dissect_ip, a_datagram_longer_than_the_wire_was_is_malformed)
{
	struct bytes four = ipv4(6, ack()), six = ipv6(6, ack());

	put_u16(four, 2, (uint16_t)(four.len + 1));
	cr_expect_eq(why_of(four), SKIP_ip_header);
	put_u16(six, 4, 25);
	cr_expect_eq(why_of(six), SKIP_ip_header);
}

Test(dissect_ip, a_cut_frame_counts_what_was_sent)
{
	struct bytes b = ipv4(6, ack());
	struct packet p;

	put_u16(b, 2, HEADERS_LEN + 1000);
	cr_assert_eq(dissect_ip(b, HEADERS_LEN + 1000, &p), SKIP_NONE);
	cr_expect(p.cut);
	cr_expect_eq(p.tcp.payload_len, 4);
	cr_expect_eq(p.tcp.payload_wire_len, 1000);
}

Test(dissect_ip, a_wire_length_below_the_captured_length_is_not_believed)
{
	struct packet p;

	cr_assert_eq(dissect_ip(ipv4(6, ack()), 1, &p), SKIP_NONE);
	cr_expect_eq(p.tcp.payload_wire_len, 4);
	cr_expect_not(p.cut);
	cr_expect_eq(dissect_ip(hex("4500"), 1, &p), SKIP_ip_header, "nothing was cut");
}

Test(dissect_ip, a_super_segment_of_64_kib_and_more_has_the_length_of_its_frame)
{
	struct bytes four = ipv4(6, ack()), six = ipv6(6, ack());
	struct packet p;

	put_u16(four, 2, 0);
	cr_assert_eq(dissect_ip(four, 100000, &p), SKIP_NONE);
	cr_expect_eq(p.tcp.payload_wire_len, 100000 - HEADERS_LEN);
	cr_expect_eq(p.tcp.payload_len, 4);
	put_u16(six, 4, 0);
	cr_assert_eq(dissect_ip(six, 0, &p), SKIP_NONE);
	cr_expect_eq(p.tcp.payload_len, 4);
}

Test(dissect_ip, no_system_builds_a_segment_of_four_gibibytes)
{
	struct bytes b = ipv4(6, ack());
	struct packet p;

	put_u16(b, 2, 0);
	cr_expect_eq(dissect_ip(b, UINT32_MAX, &p), SKIP_ip_header);
}

Test(dissect_ip, impossible_headers_are_malformed)
{
	struct bytes b = ipv4(6, ack());
	struct packet p;

	put_u8(b, 0, 0x44);
	cr_expect_eq(dissect_ip(b, 1500, &p), SKIP_ip_header, "a header of 16 bytes");
	b = ipv4(6, ack());
	put_u16(b, 2, 19);
	cr_expect_eq(why_of(b), SKIP_ip_header, "a datagram shorter than its header");
	b = ipv4(6, ack());
	put_u8(b, 0, 0x55);
	cr_expect_eq(why_of(b), SKIP_ip_header, "version 5");
	cr_expect_eq(why_of(hex("")), SKIP_ip_header, "nothing at all");
	b = ipv4(6, hex(""));
	put_u8(b, 0, 0x4f);
	put_u16(b, 2, 0);
	cr_expect_eq(why_of(b), SKIP_ip_header, "a header longer than the frame");
}

Test(dissect_ip, a_datagram_of_nothing_but_a_header_holds_no_tcp)
{
	cr_expect_eq(why_of(bytes_join(ipv4(6, hex("")), ack())), SKIP_tcp_header);
}

Test(dissect_ip, other_protocols_are_not_tcp)
{
	cr_expect_eq(why_of(ipv4(17, ack())), SKIP_not_tcp);
	cr_expect_eq(why_of(ipv6(17, ack())), SKIP_not_tcp);
	cr_expect_eq(why_of(ipv4(58, ack())), SKIP_not_tcp, "ICMPv6 belongs into IPv6");
	cr_expect_eq(why_of(ipv6(1, ack())), SKIP_not_tcp, "ICMP belongs into IPv4");
	cr_expect_eq(why_of(ipv6(59, hex(""))), SKIP_not_tcp, "no next header");
}

/* The numbers of IPv6's extension headers mean other protocols there, or none. */
Test(dissect_ip, ipv4_has_no_extension_headers_but_authentication)
{
	static const uint8_t of_ipv6[] = { 0, 43, 44, 60 };

	for (size_t i = 0; i < sizeof(of_ipv6); i++)
		cr_expect_eq(
			why_of(ipv4(of_ipv6[i], bytes_join(hex("06 00 0000 00000001"), ack()))),
			SKIP_not_tcp, "%u", of_ipv6[i]);
	cr_expect_eq(why_of(ipv4(51, bytes_join(hex("06 01 0000 00000001 00000001"), ack()))),
		     SKIP_NONE);
}

Test(dissect_ip, a_fragment_is_no_segment_not_even_the_first)
{
	struct bytes first = ipv4(6, ack()), later = ipv4(6, ack());

	put_u16(first, 6, 0x2000);
	cr_expect_eq(why_of(first), SKIP_fragment);
	put_u16(later, 6, 0x0001);
	cr_expect_eq(why_of(later), SKIP_fragment);
}

/* IPv6 extension headers in front of a segment, and what becomes of it. */
struct chain {
	const char *what;
	uint8_t first;
	const char *headers;
	enum skip why;
};

#define EMPTY "00 01040000 0000" /* length 0: 8 bytes; one PadN option */

static const struct chain chains[] = {
	{ "hop-by-hop", 0, "06" EMPTY, SKIP_NONE },
	{ "destination options", 60, "06" EMPTY, SKIP_NONE },
	{ "routing", 43, "06 02 0400 00000000 20010db8 00000000 00000000 00000003", SKIP_NONE },
	{ "authentication", 51, "06 04 0000 00000001 00000001 00010203 04050607 08090a0b",
	  SKIP_NONE },
	{ "all of them", 0,
	  "3c" EMPTY "2b" EMPTY "2c 00 0000 00000000"
	  "33 00 0000 00000001"
	  "3c 01 0000 00000001 00000001"
	  "06" EMPTY,
	  SKIP_NONE },
	{ "a fragment that is all", 44, "06 00 0000 00000001", SKIP_NONE },
	{ "the first fragment", 44, "06 00 0001 00000001", SKIP_fragment },
	{ "a later fragment", 44, "06 00 0009 00000001", SKIP_fragment },
	{ "a later fragment of options", 44, "3c 00 0008 00000001", SKIP_fragment },
	{ "as many as are followed", 0,
	  "3c" EMPTY "3c" EMPTY "3c" EMPTY "3c" EMPTY "3c" EMPTY "3c" EMPTY "3c" EMPTY "06" EMPTY,
	  SKIP_NONE },
	{ "more than are followed", 0,
	  "3c" EMPTY "3c" EMPTY "3c" EMPTY "3c" EMPTY "3c" EMPTY "3c" EMPTY "3c" EMPTY "3c" EMPTY
	  "06" EMPTY,
	  SKIP_ip_header },
	{ "one longer than the datagram", 0, "06 ff 01040000 0000", SKIP_ip_header },
	{ "ESP", 50, "00000001 00000001", SKIP_esp },
	{ "UDP behind options", 0, "11" EMPTY, SKIP_not_tcp },
};

Test(dissect_ip, ipv6_extension_headers_are_followed_to_the_segment)
{
	for (size_t i = 0; i < sizeof(chains) / sizeof(chains[0]); i++) {
		struct packet p;
		enum skip why = dissect_ip(
			ipv6(chains[i].first, bytes_join(hex(chains[i].headers), ack())), 0, &p);

		cr_expect_eq(why, chains[i].why, "%s: %s", chains[i].what, skip_name(why));
		if (why == SKIP_NONE) {
			cr_expect_eq(p.tcp.seq, TEST_SEQ, "%s", chains[i].what);
			cr_expect_eq(p.tcp.payload_wire_len, 4, "%s", chains[i].what);
		}
	}
}
