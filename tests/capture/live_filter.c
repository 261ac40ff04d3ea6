/* SPDX-License-Identifier: BSD-3-Clause */
/* What is captured, and how much of it: the programs are run as the kernel runs them. */
#include <criterion/criterion.h>

#include "capture/live_inside.h"
#include "tests/support.h"

TestSuite(capture_live_filter);

enum { TCP = 6, ICMP = 1, ICMP6 = 58, FRAGMENT6 = 44, UDP = 17 };
enum { IP4 = 0x0800, IP6 = 0x86dd, ARP = 0x0806, VLAN = 0x8100 };
enum { SYN = 0x02, ACK = 0x10 };

static const uint16_t ports[] = { 22, 2222 };

#define VERSION "5353482d322e302d78 0d0a"
#define KEXINIT "00000514 06 14 00112233445566778899aabbccddeeff"
#define CIPHER "00000014 a7 71 00112233445566778899aabbccddeeff"

/* How many octets are kept of it on a link of this kind; 0: it is not captured. */
static u_int kept_on(int link_type, struct bytes frame, const struct live_options *o)
{
	struct lane lane = { .pcap = pcap_open_dead(link_type, 2048) };
	struct bpf_program program;
	u_int kept;

	cr_assert(filter_make(&lane, &program, o), "%s", pcap_geterr(lane.pcap));
	kept = bpf_filter(program.bf_insns, frame.at, (u_int)frame.len, (u_int)frame.len);
	pcap_freecode(&program);
	pcap_close(lane.pcap);
	bytes_free(frame);
	return kept;
}

static u_int kept(struct bytes frame)
{
	const struct live_options o = {
		.port = ports, .ports = 2, .snap_len = 256, .clear_len = 2048
	};

	return kept_on(DLT_EN10MB, frame, &o);
}

static struct bytes four(const char *payload)
{
	return ethernet(IP4, ipv4(TCP, tcp(ACK, "", hex(payload))));
}

static struct bytes six(const char *payload)
{
	return ethernet(IP6, ipv6(TCP, tcp(ACK, "0101080a0000000100000002", hex(payload))));
}

/* ethernet() of a tag: the rest of the frame behind 12 octets of addresses. */
static struct bytes tagged(struct bytes frame)
{
	struct bytes inner = bytes_join(hex("0007"), bytes_copy(frame.at + 12, frame.len - 12));

	bytes_free(frame);
	return ethernet(VLAN, inner);
}

static struct bytes to_port(uint16_t port)
{
	struct bytes frame = four("");

	put_u16(frame, 14 + 20 + 2, port);
	return frame;
}

Test(capture_live_filter, segments_of_the_ports_are_captured_and_no_others)
{
	cr_expect_eq(kept(four("")), 256);
	cr_expect_eq(kept(six("")), 256);
	cr_expect_eq(kept(to_port(2222)), 256);
	cr_expect_eq(kept(to_port(443)), 0);
	cr_expect_eq(kept(ethernet(IP4, ipv4(UDP, hex("c738 0016 0008 0000")))), 0);
}

Test(capture_live_filter, tags_hide_nothing)
{
	cr_expect_eq(kept(tagged(four(""))), 256);
	cr_expect_eq(kept(tagged(tagged(four("")))), 256);
	cr_expect_eq(kept(tagged(six(""))), 256);
	cr_expect_eq(kept(tagged(to_port(443))), 0);
	cr_expect_eq(kept(tagged(four(VERSION))), 2048);
}

Test(capture_live_filter, what_explains_an_end_is_captured)
{
	static const struct {
		uint8_t type;
		bool wanted;
	} four_types[] = { { 3, true }, { 11, true }, { 12, true }, { 0, false }, { 8, false } };
	static const struct {
		uint8_t type;
		bool wanted;
	} six_types[] = { { 1, true },   { 2, true },   { 4, true },   { 128, false },
			  { 135, true }, { 136, true }, { 143, false } };

	for (size_t i = 0; i < sizeof(four_types) / sizeof(four_types[0]); i++) {
		struct bytes icmp = hex("00 01 0000 00000000 45000028");

		put_u8(icmp, 0, four_types[i].type);
		cr_expect_eq(kept(ethernet(IP4, ipv4(ICMP, icmp))) != 0, four_types[i].wanted,
			     "ICMP %u", four_types[i].type);
	}
	for (size_t i = 0; i < sizeof(six_types) / sizeof(six_types[0]); i++) {
		struct bytes icmp = hex("00 00 0000 00000000 60000000");

		put_u8(icmp, 0, six_types[i].type);
		cr_expect_eq(kept(ethernet(IP6, ipv6(ICMP6, icmp))) != 0, six_types[i].wanted,
			     "ICMPv6 %u", six_types[i].type);
	}
	cr_expect_neq(kept(ethernet(ARP, hex("0001 0800 06 04 0001"))), 0);
}

Test(capture_live_filter, later_fragments_name_no_port_and_are_captured)
{
	struct bytes later = ethernet(IP4, ipv4(TCP, hex("00112233445566778899aabbccddeeff")));
	struct bytes other = ethernet(IP4, ipv4(UDP, hex("00112233445566778899aabbccddeeff")));

	put_u16(later, 14 + 6, 0x0010);
	put_u16(other, 14 + 6, 0x0010);
	cr_expect_eq(kept(later), 256);
	cr_expect_eq(kept(other), 0);
	cr_expect_eq(kept(ethernet(IP6, ipv6(FRAGMENT6, hex("0600 0010 00000001 0011")))), 256);
}

Test(capture_live_filter, of_clear_text_more_is_kept)
{
	cr_expect_eq(kept(four(VERSION)), 2048);
	cr_expect_eq(kept(six(VERSION)), 2048);
	cr_expect_eq(kept(four(KEXINIT)), 2048);
	cr_expect_eq(kept(six(KEXINIT)), 2048);
	cr_expect_eq(kept(four(CIPHER)), 256);
	cr_expect_eq(kept(six(CIPHER)), 256);
	cr_expect_eq(kept(four("9f8e7d6c 06 14 00112233")), 256);
}

/* A look behind the end of a frame ends the program with "no". */
Test(capture_live_filter, a_short_segment_is_not_lost_by_the_look_at_its_payload)
{
	static const char *const payloads[] = {
		"", "53", "5353", "535348", "5353482d", "5353482d32"
	};

	for (size_t i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++) {
		cr_expect_eq(kept(four(payloads[i])), 256, "%s", payloads[i]);
		cr_expect_eq(kept(six(payloads[i])), 256, "%s", payloads[i]);
	}
	/* A first fragment of eight octets: ports, and no more of TCP. */
	cr_expect_eq(kept(ethernet(IP4, ipv4(TCP, hex("c738 0016 11223344")))), 256);
}

Test(capture_live_filter, who_says_how_much_gets_that)
{
	struct live_options o = { .port = ports, .ports = 2, .snap_len = 512 };

	cr_expect_neq(kept_on(DLT_EN10MB, four(VERSION), &o), 0);
	o.clear_len = 256;
	cr_expect_eq(kept_on(DLT_EN10MB, to_port(443), &o), 0);
	o.filter = "tcp port 443";
	cr_expect_neq(kept_on(DLT_EN10MB, to_port(443), &o), 0);
	cr_expect_eq(kept_on(DLT_EN10MB, four(""), &o), 0);
}

Test(capture_live_filter, links_without_tags_have_a_filter_too)
{
	const struct live_options o = {
		.port = ports, .ports = 2, .snap_len = 256, .clear_len = 2048
	};

	cr_expect_eq(kept_on(DLT_RAW, ipv4(TCP, tcp(SYN, "", hex(""))), &o), 256);
	cr_expect_eq(kept_on(DLT_RAW, ipv4(TCP, tcp(ACK, "", hex(VERSION))), &o), 2048);
	cr_expect_eq(kept_on(DLT_LINUX_SLL,
			     bytes_join(hex("0000 0001 0006 020000000001 0000 0800"),
					ipv4(TCP, tcp(ACK, "", hex(KEXINIT)))),
			     &o),
		     2048);
}

Test(capture_live_filter, as_many_ports_as_can_be_given_fit)
{
	uint16_t many[64];
	const struct live_options o = {
		.port = many, .ports = 64, .snap_len = 256, .clear_len = 2048
	};

	for (uint16_t i = 0; i < 64; i++)
		many[i] = (uint16_t)(60000 + 7 * i);
	cr_expect_eq(kept_on(DLT_EN10MB, tagged(to_port(60000 + 7 * 63)), &o), 256);
	cr_expect_eq(kept_on(DLT_EN10MB, to_port(60001), &o), 0);
}
