/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>

#include "dissect/dissect.h"
#include "tests/support.h"

/* Who tells: a router, neither end of the connection. */
#define ROUTER4 0xcb007109u /* 203.0.113.9 */

static enum skip dissect_icmp(struct bytes b, uint32_t missing, struct packet *packet)
{
	struct frame frame = frame_of(DLT_RAW, b);
	enum skip why;

	frame.wire_len += missing;
	dissect(&frame, packet, &why);
	bytes_free(b);
	return why;
}

static struct bytes icmp(uint8_t type, uint8_t code, struct bytes inner)
{
	struct bytes header = hex("0000 0000 00000000");

	put_u8(header, 0, type);
	put_u8(header, 1, code);
	return bytes_join(header, inner);
}

static struct bytes from_router(struct bytes inner)
{
	struct bytes b = ipv4(1, inner);

	put_u32(b, 12, ROUTER4);
	put_u8(b, 8, 250);
	return b;
}

/* A datagram as it was sent, of which only the beginning is quoted. */
static struct bytes quote(size_t len)
{
	struct bytes whole = ipv4(6, tcp(TCP_SYN, "020405b4", hex("")));
	struct bytes part;

	put_u16(whole, 2, 1500);
	part = bytes_copy(whole.at, len);
	bytes_free(whole);
	return part;
}

static void expect_the_quoted_segment(const struct packet *p)
{
	cr_expect_eq(p->kind, PACKET_ICMP_ERROR);
	cr_expect_eq(p->src.port, TEST_SPORT);
	cr_expect_eq(p->dst.port, TEST_DPORT);
	cr_expect_eq(p->tcp.seq, TEST_SEQ);
	cr_expect_eq(p->tcp.payload_len, 0);
	cr_expect_eq(p->tcp.payload_wire_len, 0);
	cr_expect_null(p->tcp.payload);
	cr_expect_not(p->tcp.has_options);
}

Test(dissect_icmp, an_error_is_about_the_segment_it_quotes_and_says_who_tells)
{
	struct packet p;

	cr_assert_eq(dissect_icmp(from_router(icmp(3, 13, quote(28))), 0, &p), SKIP_NONE);
	expect_the_quoted_segment(&p);
	cr_expect_arr_eq(p.src.ip.bytes, "\xc0\x00\x02\x01", 4);
	cr_expect_arr_eq(p.dst.ip.bytes, "\xc6\x33\x64\x02", 4);
	cr_expect_eq(p.icmp.from.family, 4);
	cr_expect_arr_eq(p.icmp.from.bytes, "\xcb\x00\x71\x09", 4);
	cr_expect_eq(p.icmp.type, 3);
	cr_expect_eq(p.icmp.code, 13);
	cr_expect_eq(p.ttl, 250, "of the message, not of the quote");
	cr_expect_eq(p.tcp.flags, 0, "eight bytes of TCP do not hold them");
	cr_expect_eq(p.tcp.ack, 0);
	cr_expect_not(p.cut);
}

Test(dissect_icmp, flags_and_ack_are_told_when_the_quote_holds_them)
{
	struct packet p;

	cr_assert_eq(dissect_icmp(from_router(icmp(3, 3, quote(20 + 13))), 0, &p), SKIP_NONE);
	cr_expect_eq(p.tcp.flags, 0);
	cr_assert_eq(dissect_icmp(from_router(icmp(3, 3, quote(20 + 14))), 0, &p), SKIP_NONE);
	expect_the_quoted_segment(&p);
	cr_expect_eq(p.tcp.flags, TCP_SYN);
	cr_expect_eq(p.tcp.ack, TEST_ACK);
}

Test(dissect_icmp, an_error_of_ipv6_is_read_alike)
{
	struct bytes quoted =
		ipv6(0, bytes_join(hex("06 00 01040000 0000"), tcp(TCP_ACK, "", hex(""))));
	struct bytes b = ipv6(58, icmp(1, 4, quoted));
	struct packet p;

	put_u8(b, 8 + 15, 0x99);
	cr_assert_eq(dissect_icmp(b, 0, &p), SKIP_NONE);
	expect_the_quoted_segment(&p);
	cr_expect_eq(p.tcp.flags, TCP_ACK);
	cr_expect_eq(p.icmp.from.family, 6);
	cr_expect_eq(p.icmp.from.bytes[15], 0x99);
	cr_expect_eq(p.src.ip.family, 6);
	cr_expect_eq(p.src.ip.bytes[15], 0x01);
	cr_expect_eq(p.icmp.type, 1);
	cr_expect_eq(p.icmp.code, 4);
}

/* An ICMPv6 error about a packet with this header and what stands behind it. */
static enum skip about6(uint8_t next, const char *headers, struct packet *p)
{
	return dissect_icmp(
		ipv6(58,
		     icmp(1, 4, ipv6(next, bytes_join(hex(headers), tcp(TCP_ACK, "", hex("")))))),
		0, p);
}

Test(dissect_icmp, of_a_datagram_of_ipv6_in_pieces_the_first_is_read_through_all_its_headers)
{
	struct packet p;

	cr_assert_eq(about6(44, "06 00 0001 00000007", &p), SKIP_NONE);
	expect_the_quoted_segment(&p);
	cr_assert_eq(about6(44, "3c 00 0001 00000007 06 00 01040000 0000", &p), SKIP_NONE);
	expect_the_quoted_segment(&p);
	cr_assert_eq(about6(0, "2c 00 01040000 0000 06 00 0001 00000007", &p), SKIP_NONE);
	expect_the_quoted_segment(&p);
	cr_expect_eq(about6(44, "06 00 0009 00000007", &p), SKIP_icmp_quote, "a later one");
}

Test(dissect_icmp, ip_options_in_the_quote_are_stepped_over)
{
	struct bytes quoted = ipv4(6, bytes_join(hex("94040000"), tcp(TCP_ACK, "", hex(""))));
	struct packet p;

	put_u8(quoted, 0, 0x46);
	cr_assert_eq(dissect_icmp(from_router(icmp(11, 0, quoted)), 0, &p), SKIP_NONE);
	expect_the_quoted_segment(&p);
}

Test(dissect_icmp, types_that_report_errors_are_used_and_no_others)
{
	for (unsigned int type = 0; type <= UINT8_MAX; type++) {
		bool four = type == 3 || type == 4 || type == 11 || type == 12;
		bool six = type >= 1 && type <= 4;
		struct bytes b = icmp((uint8_t)type, 0, ipv6(6, tcp(TCP_ACK, "", hex(""))));
		struct packet p;

		cr_expect_eq(dissect_icmp(from_router(icmp((uint8_t)type, 0, quote(28))), 0, &p),
			     four ? SKIP_NONE : SKIP_icmp_quote, "ICMP type %u", type);
		cr_expect_eq(dissect_icmp(ipv6(58, b), 0, &p), six ? SKIP_NONE : SKIP_icmp_quote,
			     "ICMPv6 type %u", type);
	}
}

Test(dissect_icmp, a_quote_without_ports_and_sequence_number_tells_nothing)
{
	struct packet p;

	for (size_t len = 0; len < 28; len++)
		cr_expect_eq(dissect_icmp(from_router(icmp(3, 1, quote(len))), 0, &p),
			     SKIP_icmp_quote, "%zu bytes", len);
}

Test(dissect_icmp, a_message_that_the_capture_cut_is_counted_as_cut)
{
	struct bytes whole = from_router(icmp(3, 1, quote(28)));
	struct packet p;

	for (size_t len = 0; len < whole.len; len++)
		cr_expect_eq(
			dissect_icmp(bytes_copy(whole.at, len), (uint32_t)(whole.len - len), &p),
			SKIP_cut, "%zu bytes", len);
	bytes_free(whole);
}

Test(dissect_icmp, quotes_of_anything_but_a_segments_beginning_tell_nothing)
{
	struct bytes udp = quote(28), later = quote(28), version = quote(28), other;
	struct packet p;

	put_u8(udp, 9, 17);
	cr_expect_eq(dissect_icmp(from_router(icmp(3, 3, udp)), 0, &p), SKIP_icmp_quote);
	put_u16(later, 6, 0x0001);
	cr_expect_eq(dissect_icmp(from_router(icmp(3, 3, later)), 0, &p), SKIP_icmp_quote);
	put_u8(version, 0, 0x55);
	cr_expect_eq(dissect_icmp(from_router(icmp(3, 3, version)), 0, &p), SKIP_icmp_quote);
	other = ipv6(6, tcp(TCP_ACK, "", hex("")));
	cr_expect_eq(dissect_icmp(from_router(icmp(3, 3, other)), 0, &p), SKIP_icmp_quote,
		     "ICMP does not report about IPv6");
}

Test(dissect_icmp, a_capture_that_cut_behind_the_sequence_number_is_used_and_marked)
{
	struct packet p;
	struct bytes whole = from_router(icmp(3, 1, quote(44)));
	struct bytes cut = bytes_copy(whole.at, 20 + 8 + 28);

	cr_assert_eq(dissect_icmp(cut, 16, &p), SKIP_NONE);
	cr_expect(p.cut);
	expect_the_quoted_segment(&p);
	bytes_free(whole);
}
