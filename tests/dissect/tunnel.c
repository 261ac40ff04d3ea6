/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>

#include "tests/dissect/ways.h"

#define UDP_TO(port) "c000 " port " 0000 0000"

static const struct way ways[] = {
	{ "IPv4 in IPv4", DLT_RAW, 4, "", "raw ipip", "none" },
	{ "Ethernet in IP", DLT_RAW, 97, "3000 020000000002 020000000001 0800",
	  "raw etherip ethernet", "none" },
	{ "Ethernet in IP of another version", DLT_RAW, 97, "4000 020000000002 020000000001 0800",
	  "", "not_tcp" },
	{ "MPLS in IP", DLT_RAW, 137, "00064140", "raw mpls_in_ip mpls", "none" },
	{ "MPLS in UDP", DLT_RAW, 17, UDP_TO("19eb") "00064140", "raw mpls_in_ip mpls", "none" },
	{ "IPsec", DLT_RAW, 50, "00001000 00000001", "", "esp" },
	{ "compressed", DLT_RAW, 108, "06 00 0002", "", "ipcomp" },
	{ "authentication of a tunnel", DLT_RAW, 51,
	  "04 04 0000 00000001 00000001 00010203 04050607 08090a0b", "raw ipip", "none" },
	{ "IPsec through a NAT", DLT_RAW, 17, UDP_TO("1194") "00001000 00000001", "", "esp" },
	{ "its key exchange", DLT_RAW, 17, UDP_TO("1194") "00000000 00000001", "", "not_tcp" },
	{ "WireGuard data", DLT_RAW, 17, UDP_TO("ca6c") "04000000 00000001", "", "wireguard" },
	{ "WireGuard's answer", DLT_RAW, 17, "ca6c c000 0000 0000 02000000", "", "wireguard" },
	{ "something else on its port", DLT_RAW, 17, UDP_TO("ca6c") "05000000", "", "not_tcp" },
	{ "something with other reserved bytes", DLT_RAW, 17, UDP_TO("ca6c") "04000001", "",
	  "not_tcp" },
	{ "UDP of nobody", DLT_RAW, 17, UDP_TO("0035"), "", "not_tcp" },
	{ "an answer to a port of VXLAN", DLT_RAW, 17,
	  "12b5 c000 0000 0000 0800 0000 00000100 020000000002 020000000001 0800", "", "not_tcp" },
};

Test(dissect_tunnel, each_tunnel_leads_to_the_segment_in_it)
{
	expect_ways(ways, sizeof(ways) / sizeof(ways[0]));
}

Test(dissect_tunnel, each_pair_of_versions_has_its_name)
{
	static const struct {
		bool outer6;
		uint8_t protocol;
		enum layer layer;
	} rows[] = {
		{ false, 4, LAYER_ipip },
		{ false, 41, LAYER_ip6in4 },
		{ true, 4, LAYER_ip4in6 },
		{ true, 41, LAYER_ip6in6 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes segment = tcp(TCP_ACK, "", hex(""));
		struct bytes inner = rows[i].protocol == 41 ? ipv6(6, segment) : ipv4(6, segment);
		struct bytes b = rows[i].outer6 ? ipv6(rows[i].protocol, inner) :
						  ipv4(rows[i].protocol, inner);
		struct frame frame = frame_of(DLT_RAW, b);
		struct packet packet;
		enum skip why;

		cr_assert_eq(dissect(&frame, &packet, &why), DISSECT_OK, "row %zu", i);
		cr_expect_eq(packet.layers, 2);
		cr_expect_eq(packet.layer[1], rows[i].layer);
		cr_expect_eq(packet.src.ip.family, rows[i].protocol == 41 ? 6 : 4);
		cr_expect_neq(packet.tunnel, 0);
		bytes_free(b);
	}
}

/* The marks by which resets are told apart are those of who sent the segment. */
Test(dissect_tunnel, the_marks_of_a_packet_are_those_of_the_innermost_header)
{
	struct bytes inner = ipv4(6, tcp(TCP_RST, "", hex(""))), b;
	struct frame frame;
	struct packet packet;
	enum skip why;

	put_u8(inner, 1, 0x10);
	put_u16(inner, 4, 0x4242);
	put_u16(inner, 6, 0);
	put_u8(inner, 8, 33);
	put_u32(inner, 12, 0x0a000001);
	b = ipv4(4, inner);
	frame = frame_of(DLT_RAW, b);
	cr_assert_eq(dissect(&frame, &packet, &why), DISSECT_OK);
	cr_expect_eq(packet.tos, 0x10);
	cr_expect_eq(packet.ip_id, 0x4242);
	cr_expect_not(packet.df);
	cr_expect_eq(packet.ttl, 33);
	cr_expect_arr_eq(packet.src.ip.bytes, "\x0a\0\0\x01", 4);
	bytes_free(b);
}

Test(dissect_tunnel, a_packet_without_a_tunnel_has_the_number_zero)
{
	static const struct way bare = { "bare", DLT_RAW, 0, "", "raw", "none" };

	cr_expect_eq(tunnel_of(&bare, false), 0);
}

#define VXLAN(vni) UDP_TO("12b5") "0800 0000 " vni "00 020000000002 020000000001 0800"

Test(dissect_tunnel, a_tunnel_has_one_number_for_both_directions)
{
	static const struct way a = { "a", DLT_RAW, 17, VXLAN("000001"), "", "none" };
	/* The source port says which flow it is, not which tunnel. */
	static const struct way b = { "b",
				      DLT_RAW,
				      17,
				      "c123 12b5 0000 0000 0800 0000 00000100"
				      "020000000002 020000000001 0800",
				      "",
				      "none" };

	cr_expect_neq(tunnel_of(&a, false), 0);
	cr_expect_eq(tunnel_of(&a, false), tunnel_of(&a, true));
	cr_expect_eq(tunnel_of(&a, false), tunnel_of(&b, true));
}

Test(dissect_tunnel, tunnels_differ_by_kind_identifier_addresses_and_what_is_around_them)
{
	static const struct way rows[] = {
		{ "VXLAN 1", DLT_RAW, 17, VXLAN("000001"), "", "none" },
		{ "VXLAN 2", DLT_RAW, 17, VXLAN("000002"), "", "none" },
		{ "Geneve 1", DLT_RAW, 17, UDP_TO("17c1") "0000 0800 00000100", "", "none" },
		{ "IP in IP", DLT_RAW, 4, "", "", "none" },
		{ "twice", DLT_RAW, 4, "4500 003f 0000 0000 40 04 0000 c0000201 c6336402", "",
		  "none" },
		{ "other outer addresses", DLT_RAW, 4,
		  "4500 003f 0000 0000 40 04 0000 c0000201 c6336403", "", "none" },
		{ "twice, outer and inner exchanged", DLT_RAW, 17,
		  UDP_TO("17c1") "0000 0800 00000100"
				 "4500 003f 0000 0000 40 04 0000 c0000201 c6336402",
		  "", "none" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t j = 0; j < i; j++)
			cr_expect_neq(tunnel_of(&rows[i], false), tunnel_of(&rows[j], false),
				      "%s and %s", rows[i].what, rows[j].what);
}

/* An error that a router inside the tunnel sends is about a connection of this tunnel. */
Test(dissect_tunnel, an_icmp_error_in_a_tunnel_has_the_tunnels_number)
{
	static const struct way segment = { "segment", DLT_RAW, 4, "", "", "none" };
	struct bytes b = ipv4(4, ipv4(1, bytes_join(hex("0301 0000 00000000"),
						    ipv4(6, tcp(TCP_ACK, "", hex(""))))));
	struct frame frame = frame_of(DLT_RAW, b);
	struct packet packet;
	enum skip why;

	cr_assert_eq(dissect(&frame, &packet, &why), DISSECT_OK);
	cr_expect_eq(packet.kind, PACKET_ICMP_ERROR);
	cr_expect_eq(packet.tunnel, tunnel_of(&segment, false));
	bytes_free(b);
}

Test(dissect_tunnel, tunnels_in_tunnels_are_followed_as_far_as_they_are_named)
{
	struct bytes b = ipv4(6, tcp(TCP_ACK, "", hex("")));

	for (int depth = 1; depth <= PACKET_LAYERS; depth++) {
		struct frame frame = frame_of(DLT_RAW, b);
		struct packet packet;
		enum skip why;

		cr_expect_eq(dissect(&frame, &packet, &why), DISSECT_OK, "%d", depth);
		cr_expect_eq(packet.layers, depth);
		b = ipv4(4, b);
		frame = frame_of(DLT_RAW, b);
		dissect(&frame, &packet, &why);
		cr_expect_eq(why, depth == PACKET_LAYERS ? SKIP_too_deep : SKIP_NONE);
	}
	bytes_free(b);
}
