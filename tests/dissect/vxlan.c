/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>

#include "tests/dissect/ways.h"

#define UDP 17
#define VXLAN "c000 12b5 0000 0000"
#define GPE "c000 12b6 0000 0000"
#define GENEVE "c000 17c1 0000 0000"
#define ETHERNET "020000000002 020000000001 0800"

static const struct way ways[] = {
	{ "VXLAN", DLT_RAW, UDP, VXLAN "0800 0000 00000100" ETHERNET, "raw vxlan ethernet",
	  "none" },
	{ "VXLAN on the port of Linux", DLT_RAW, UDP,
	  "c000 2118 0000 0000 0800 0000 00000100" ETHERNET, "raw vxlan ethernet", "none" },
	{ "VXLAN with a group", DLT_RAW, UDP, VXLAN "8800 0007 00000100" ETHERNET,
	  "raw vxlan ethernet", "none" },
	{ "a tag in VXLAN", DLT_RAW, UDP,
	  VXLAN "0800 0000 00000100 020000000002 020000000001 8100 0064 0800",
	  "raw vxlan ethernet vlan", "none" },
	{ "ARP in VXLAN", DLT_RAW, UDP, VXLAN "0800 0000 00000100 020000000002 020000000001 0806",
	  "", "not_ip" },
	{ "no VXLAN", DLT_RAW, UDP, VXLAN "0000 0000 00000100" ETHERNET, "", "not_tcp" },
	{ "GPE without a next protocol", DLT_RAW, UDP, GPE "0800 0003 00000100" ETHERNET,
	  "raw vxlan_gpe ethernet", "none" },
	{ "GPE with IPv4", DLT_RAW, UDP, GPE "0c00 0001 00000100", "raw vxlan_gpe", "none" },
	{ "GPE with Ethernet", DLT_RAW, UDP, GPE "0c00 0003 00000100" ETHERNET,
	  "raw vxlan_gpe ethernet", "none" },
	{ "GPE with MPLS", DLT_RAW, UDP, GPE "0c00 0005 00000100 00064140", "raw vxlan_gpe mpls",
	  "none" },
	{ "GPE with something else", DLT_RAW, UDP, GPE "0c00 0009 00000100", "", "not_ip" },
	{ "a service path", DLT_RAW, UDP,
	  GPE "0c00 0004 00000100 0fc6 01 01 00000203 00000000 00000000 00000000 00000000",
	  "raw vxlan_gpe nsh", "none" },
	{ "a service path without metadata", DLT_RAW, UDP,
	  GPE "0c00 0004 00000100 0fc2 02 03 00000203" ETHERNET, "raw vxlan_gpe nsh ethernet",
	  "none" },
	{ "a service header shorter than itself", DLT_RAW, UDP, GPE "0c00 0004 00000100 0fc1 02 01",
	  "", "link_header" },
	{ "Geneve", DLT_RAW, UDP, GENEVE "0000 6558 00000100" ETHERNET, "raw geneve ethernet",
	  "none" },
	{ "Geneve with options", DLT_RAW, UDP,
	  GENEVE "0300 6558 00000100 0108 0002 00000000 00000000" ETHERNET, "raw geneve ethernet",
	  "none" },
	{ "Geneve with IPv4", DLT_RAW, UDP, GENEVE "0000 0800 00000100", "raw geneve", "none" },
	{ "Geneve of another version", DLT_RAW, UDP, GENEVE "4000 6558 00000100" ETHERNET, "",
	  "not_tcp" },
};

Test(dissect_vxlan, each_header_leads_to_the_segment_behind_it)
{
	expect_ways(ways, sizeof(ways) / sizeof(ways[0]));
}

static uint64_t overlay(const char *header)
{
	struct way way = { header, DLT_RAW, UDP, header, "", "none" };

	return tunnel_of(&way, false);
}

Test(dissect_vxlan, a_network_identifier_is_a_tunnel_and_what_stands_beside_it_is_not)
{
	cr_expect_eq(overlay(VXLAN "0800 0000 00000100" ETHERNET),
		     overlay(VXLAN "8800 0007 000001ff" ETHERNET));
	cr_expect_neq(overlay(VXLAN "0800 0000 00000100" ETHERNET),
		      overlay(VXLAN "0800 0000 01000100" ETHERNET));
	cr_expect_eq(overlay(GENEVE "0000 0800 00000100"), overlay(GENEVE "0080 0800 000001ff"));
	/* Each sender's own. */
	cr_expect_eq(overlay(GENEVE "0000 0800 00000100"), overlay(GENEVE "0000 0800 00000200"));
}
