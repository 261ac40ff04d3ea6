/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>

#include "tests/dissect/ways.h"

#define UDP 17
#define TZSP "c000 9090 0000 0000"
#define MACS "020000000002 020000000001"
#define WLAN "0801 3000 020000000001 020000000002 020000000003 1000 aaaa03 000000 0800"

static const struct way ways[] = {
	{ "TZSP", DLT_RAW, UDP, TZSP "01 00 0001 01" MACS "0800", "raw tzsp ethernet", "none" },
	{ "TZSP of what was to be sent", DLT_RAW, UDP, TZSP "01 01 0001 01" MACS "0800",
	  "raw tzsp ethernet", "none" },
	{ "TZSP with fields", DLT_RAW, UDP, TZSP "01 00 0001 00 0a 02 ffd0 12 01 06 01" MACS "0800",
	  "raw tzsp ethernet", "none" },
	{ "TZSP with 802.11", DLT_RAW, UDP, TZSP "01 00 0012 01" WLAN, "raw tzsp wlan", "none" },
	{ "TZSP with a radio header", DLT_RAW, UDP,
	  TZSP "01 00 007f 01 80211001 00000010 0000000000000000" WLAN, "raw tzsp wlan", "none" },
	{ "TZSP with as many fields as are followed", DLT_RAW, UDP,
	  TZSP "01 00 0001 00000000000000000000 00000000000000000000 0000000000000000000000 01" MACS
	       "0800",
	  "raw tzsp ethernet", "none" },
	{ "TZSP's configuration", DLT_RAW, UDP, TZSP "01 02 0001 01" MACS "0800", "", "not_tcp" },
	{ "a keepalive of TZSP", DLT_RAW, UDP, TZSP "01 04 0000 01", "", "not_tcp" },
	{ "TZSP with something else", DLT_RAW, UDP, TZSP "01 00 0003 01", "", "not_tcp" },
	{ "TZSP of another version", DLT_RAW, UDP, TZSP "02 00 0001 01" MACS "0800", "",
	  "not_tcp" },
};

Test(dissect_tzsp, each_header_leads_to_the_segment_behind_it)
{
	expect_ways(ways, sizeof(ways) / sizeof(ways[0]));
}

Test(dissect_tzsp, a_mirror_is_no_tunnel)
{
	cr_expect_eq(tunnel_of(&ways[0], false), 0);
}

Test(dissect_tzsp, fields_without_end_are_none)
{
	static const struct way endless[] = {
		{ "TZSP", DLT_RAW, UDP,
		  TZSP
		  "01 00 0001 00000000000000000000 00000000000000000000 000000000000000000000000"
		  "01" MACS "0800",
		  "", "not_tcp" },
	};

	expect_ways(endless, 1);
}
