/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>

#include "tests/dissect/ways.h"

#define MACS "020000000002 020000000001"

static const struct way ways[] = {
	{ "802.2 with the number of IP", DLT_EN10MB, 0, MACS "0040 0606 03", "ethernet", "none" },
	{ "802.2 in as few bytes as hold its header", DLT_EN10MB, 0, MACS "0003 0606 03",
	  "ethernet", "none" },
	{ "fewer", DLT_EN10MB, 0, MACS "0002 0606 03", "", "not_ip" },
	{ "802.2 in as many bytes as a frame holds", DLT_EN10MB, 0, MACS "05dc 0606 03", "ethernet",
	  "none" },
	{ "more", DLT_EN10MB, 0, MACS "05dd 0606 03", "", "not_ip" },
	{ "802.2 with SNAP", DLT_EN10MB, 0, MACS "0040 aaaa03 000000 0800", "ethernet", "none" },
	{ "802.2 as a bridge tunnels it", DLT_EN10MB, 0, MACS "0040 aaaa03 0000f8 0800", "ethernet",
	  "none" },
	{ "a tag in SNAP", DLT_EN10MB, 0, MACS "0040 aaaa03 000000 8100 0064 0800", "ethernet vlan",
	  "none" },
	{ "a length in SNAP", DLT_EN10MB, 0, MACS "0040 aaaa03 000000 0040 aaaa03 000000 0800", "",
	  "not_ip" },
	{ "discovery of a neighbour", DLT_EN10MB, 0, MACS "0040 aaaa03 00000c 2000", "", "not_ip" },
	{ "spanning tree", DLT_EN10MB, 0, MACS "0026 4242 03", "", "not_ip" },
	{ "802.2 with acknowledgments", DLT_EN10MB, 0, MACS "0040 aaaa 00", "", "not_ip" },
	{ "PPPoE", DLT_EN10MB, 0, MACS "8864 1100 0001 002d 0021", "ethernet pppoe", "none" },
	{ "PPPoE, discovery", DLT_EN10MB, 0, MACS "8863 1109 0000 0004 0101 0000", "", "not_ip" },
	{ "PPPoE, not a session", DLT_EN10MB, 0, MACS "8864 11a7 0001 002d 0021", "", "not_ip" },
	{ "PPPoE, link control", DLT_EN10MB, 0, MACS "8864 1100 0001 002d c021", "", "not_ip" },
	{ "MPLS", DLT_EN10MB, 0, MACS "8847 00064140", "ethernet mpls", "none" },
	{ "MPLS to many", DLT_EN10MB, 0, MACS "8848 00064140", "ethernet mpls", "none" },
	{ "a service path", DLT_EN10MB, 0, MACS "894f 0fc2 02 01 00000203", "ethernet nsh",
	  "none" },
	{ "a provider's backbone", DLT_EN10MB, 0, MACS "88e7 00000101" MACS "0800",
	  "ethernet pbb ethernet", "none" },
	{ "FabricPath", DLT_EN10MB, 0, MACS "8903 0060" MACS "0800", "ethernet fabricpath ethernet",
	  "none" },
	{ "a virtual interface's tag", DLT_EN10MB, 0, MACS "8926 00000001 0800", "ethernet vntag",
	  "none" },
	{ "an extended bridge's tag", DLT_EN10MB, 0, MACS "893f 000000010000 8100 0064 0800",
	  "ethernet etag vlan", "none" },
	{ "a security group", DLT_EN10MB, 0, MACS "8909 0101 0001 0007 0800", "ethernet cmd",
	  "none" },
	{ "802.11 as some adapters wrap it", DLT_EN10MB, 0,
	  MACS "2452 0801 3000" MACS "020000000003 1000 aaaa03 000000 0800", "ethernet wlan",
	  "none" },
	{ "MACsec, encrypted", DLT_EN10MB, 0, MACS "88e5 0c 00 00000001", "", "macsec" },
	{ "MACsec, changed", DLT_EN10MB, 0, MACS "88e5 04 00 00000001", "", "macsec" },
	{ "MACsec, only signed", DLT_EN10MB, 0, MACS "88e5 00 00 00000001 0800", "ethernet macsec",
	  "none" },
	{ "MACsec with a channel", DLT_EN10MB, 0, MACS "88e5 20 00 00000001 0200000000010001 0800",
	  "ethernet macsec", "none" },
};

Test(dissect_ethernet, each_header_leads_to_the_segment_behind_it)
{
	expect_ways(ways, sizeof(ways) / sizeof(ways[0]));
}

Test(dissect_ethernet, a_link_is_no_tunnel)
{
	static const struct way pppoe = { "PPPoE", DLT_EN10MB, 0, MACS "8864 1100 0001 002d 0021",
					  "",      "none" };

	cr_expect_eq(tunnel_of(&pppoe, false), 0);
}
