/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>

#include "tests/dissect/ways.h"

#define GRE_PPP "0000 880b"
#define PPPOE "020000000002 020000000001 8864"

static const struct way ways[] = {
	{ "in full", DLT_RAW, 47, GRE_PPP "ff03 0021", "raw gre ppp", "none" },
	{ "without address and control", DLT_RAW, 47, GRE_PPP "0021", "raw gre ppp", "none" },
	{ "with a short number", DLT_RAW, 47, GRE_PPP "ff03 21", "raw gre ppp", "none" },
	{ "the short number of IPv6", DLT_RAW, 47, GRE_PPP "57", "raw gre ppp", "none" },
	{ "MPLS", DLT_RAW, 47, GRE_PPP "0281 00064140", "raw gre ppp mpls", "none" },
	{ "compressed", DLT_RAW, 47, GRE_PPP "00fd", "", "ppp_packed" },
	{ "encrypted", DLT_RAW, 47, GRE_PPP "0053", "", "ppp_packed" },
	{ "link control", DLT_RAW, 47, GRE_PPP "ff03 c021", "", "not_ip" },
	{ "over Ethernet", DLT_EN10MB, 0, PPPOE "1100 0001 002d 0021", "ethernet pppoe", "none" },
	{ "over Ethernet with a short number", DLT_EN10MB, 0, PPPOE "1100 0001 002c 21",
	  "ethernet pppoe", "none" },
	{ "over Ethernet, another version", DLT_EN10MB, 0, PPPOE "2100 0001 002d 0021", "",
	  "not_ip" },
};

Test(dissect_ppp, each_header_leads_to_the_segment_behind_it)
{
	expect_ways(ways, sizeof(ways) / sizeof(ways[0]));
}
