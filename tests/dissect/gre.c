/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>

#include "tests/dissect/ways.h"

#define GRE 47
#define MACS "020000000002 020000000001"

static const struct way ways[] = {
	{ "bare", DLT_RAW, GRE, "0000 0800", "raw gre", "none" },
	{ "checksum", DLT_RAW, GRE, "8000 0800 12340000", "raw gre", "none" },
	{ "key", DLT_RAW, GRE, "2000 0800 00000007", "raw gre", "none" },
	{ "sequence number", DLT_RAW, GRE, "1000 0800 00000001", "raw gre", "none" },
	{ "all of them", DLT_RAW, GRE, "b000 0800 12340000 00000007 00000001", "raw gre", "none" },
	{ "routes", DLT_RAW, GRE, "4000 0800 00000000 0800 00 04 c0000209 0000 00 00", "raw gre",
	  "none" },
	{ "Ethernet", DLT_RAW, GRE, "0000 6558" MACS "0800", "raw gre ethernet", "none" },
	{ "NVGRE", DLT_RAW, GRE, "2000 6558 00000701" MACS "0800", "raw nvgre ethernet", "none" },
	{ "MPLS", DLT_RAW, GRE, "0000 8847 00064140", "raw gre mpls", "none" },
	{ "PPP", DLT_RAW, GRE, "0000 880b ff03 0021", "raw gre ppp", "none" },
	{ "PPTP", DLT_RAW, GRE, "3001 880b 0035 0002 00000001 ff03 0021", "raw pptp ppp", "none" },
	{ "PPTP with an acknowledgment", DLT_RAW, GRE, "3081 880b 0035 0002 00000001 00000002 21",
	  "raw pptp ppp", "none" },
	{ "PPTP, an acknowledgment alone", DLT_RAW, GRE, "2081 880b 0000 0002 00000002", "",
	  "not_tcp" },
	{ "PPTP, encrypted", DLT_RAW, GRE, "3001 880b 0035 0002 00000001 00fd 9000", "",
	  "ppp_packed" },
	{ "version 1 of something else", DLT_RAW, GRE, "0001 0800", "", "not_tcp" },
	{ "version 2", DLT_RAW, GRE, "0002 0800", "", "not_tcp" },
	{ "ERSPAN I", DLT_RAW, GRE, "0000 88be" MACS "0800", "raw erspan ethernet", "none" },
	{ "ERSPAN II", DLT_RAW, GRE, "1000 88be 00000001 1001 0005 00000000" MACS "0800",
	  "raw erspan ethernet", "none" },
	{ "ERSPAN III", DLT_RAW, GRE, "1000 22eb 00000001 2001 0005 00000000 00000000" MACS "0800",
	  "raw erspan ethernet", "none" },
	{ "ERSPAN III with more", DLT_RAW, GRE,
	  "1000 22eb 00000001 2001 0005 00000000 00000001 00000000 00000000" MACS "0800",
	  "raw erspan ethernet", "none" },
	{ "WCCP 1", DLT_RAW, GRE, "0000 883e", "raw gre", "none" },
	{ "WCCP 2", DLT_RAW, GRE, "0000 883e 00000000", "raw gre", "none" },
	{ "in UDP", DLT_RAW, 17, "c000 1292 0000 0000 0000 0800", "raw gre", "none" },
	{ "a keepalive", DLT_RAW, GRE, "0000 0000", "", "not_ip" },
	{ "IS-IS", DLT_RAW, GRE, "0000 00fe", "", "not_ip" },
};

Test(dissect_gre, each_header_leads_to_the_segment_behind_it)
{
	expect_ways(ways, sizeof(ways) / sizeof(ways[0]));
}

static uint64_t gre_tunnel(const char *header, bool turned)
{
	struct way way = { header, DLT_RAW, GRE, header, "", "none" };

	return tunnel_of(&way, turned);
}

Test(dissect_gre, a_key_may_differ_by_direction_and_tells_no_tunnels_apart)
{
	cr_expect_eq(gre_tunnel("2000 0800 00000007", false),
		     gre_tunnel("2000 0800 00000008", true));
	cr_expect_eq(gre_tunnel("3001 880b 0035 0002 00000001 ff03 0021", false),
		     gre_tunnel("3001 880b 0035 0009 00000001 ff03 0021", true));
}

Test(dissect_gre, a_subnet_of_nvgre_is_a_tunnel_and_its_flow_number_is_not)
{
	cr_expect_eq(gre_tunnel("2000 6558 00000701" MACS "0800", false),
		     gre_tunnel("2000 6558 000007ff" MACS "0800", true));
	cr_expect_neq(gre_tunnel("2000 6558 00000701" MACS "0800", false),
		      gre_tunnel("2000 6558 00000801" MACS "0800", true));
}

/* Each direction may be mirrored by another switch. */
Test(dissect_gre, a_mirror_is_no_tunnel)
{
	cr_expect_eq(gre_tunnel("0000 88be" MACS "0800", false), 0);
	cr_expect_eq(gre_tunnel("1000 88be 00000001 1001 0005 00000000" MACS "0800", true), 0);
	cr_expect_eq(gre_tunnel("1000 22eb 00000001 2001 0005 00000000 00000000" MACS "0800", true),
		     0);
}
