/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>

#include "tests/dissect/ways.h"

#define L2TPV3 115
#define UDP 17
#define MACS "020000000002 020000000001"

static const struct way ways[] = {
	{ "no cookie, no sublayer", DLT_RAW, L2TPV3, "00000007" MACS "0800", "raw l2tpv3 ethernet",
	  "none" },
	{ "the sublayer of Linux", DLT_RAW, L2TPV3, "00000007 00000000" MACS "0800",
	  "raw l2tpv3 ethernet", "none" },
	{ "a cookie and a sublayer", DLT_RAW, L2TPV3, "00000007 01020304 00000000" MACS "0800",
	  "raw l2tpv3 ethernet", "none" },
	{ "a long cookie and a sublayer", DLT_RAW, L2TPV3,
	  "00000007 0102030405060708 40000001" MACS "0800", "raw l2tpv3 ethernet", "none" },
	{ "more than there can be", DLT_RAW, L2TPV3,
	  "00000007 0102030405060708 40000001 00000000" MACS "0800", "", "not_tcp" },
	{ "a tag", DLT_RAW, L2TPV3, "00000007 00000000" MACS "8100 0064 0800",
	  "raw l2tpv3 ethernet vlan", "none" },
	{ "in UDP", DLT_RAW, UDP, "06a5 06a5 0000 0000 0003 0000 00000007" MACS "0800",
	  "raw l2tpv3 ethernet", "none" },
	{ "a sublayer before what would begin an Ethernet frame, too", DLT_RAW, L2TPV3,
	  "00000007 00000000 020000000002 020008004500 0800", "raw l2tpv3 ethernet", "none" },
	{ "session 0", DLT_RAW, L2TPV3, "00000000" MACS "0800", "", "not_tcp" },
	{ "control in UDP", DLT_RAW, UDP, "06a5 06a5 0000 0000 c803 0014 00000007" MACS "0800", "",
	  "not_tcp" },
	{ "control", DLT_RAW, L2TPV3, "00000000 c803" MACS "0800", "", "not_tcp" },
	{ "ARP", DLT_RAW, L2TPV3, "00000007" MACS "0806", "", "not_tcp" },
	{ "IPv4 called IPv6", DLT_RAW, L2TPV3, "00000007" MACS "86dd", "", "not_tcp" },
};

Test(dissect_l2tpv3, each_header_leads_to_the_segment_behind_it)
{
	expect_ways(ways, sizeof(ways) / sizeof(ways[0]));
}

Test(dissect_l2tpv3, a_session_is_the_receivers_own_and_tells_no_tunnels_apart)
{
	const struct way one = { "", DLT_RAW, L2TPV3, "00000007" MACS "0800", "", "none" };
	const struct way two = { "", DLT_RAW, L2TPV3, "00000008" MACS "0800", "", "none" };

	cr_expect_eq(tunnel_of(&one, false), tunnel_of(&two, true));
	cr_expect_neq(tunnel_of(&one, false), 0);
}
