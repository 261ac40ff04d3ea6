/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>

#include "tests/dissect/ways.h"

#define UDP 17
#define GENEVE "0000 0800 00000100"

static const struct way ways[] = {
	{ "to a tunnel's port", DLT_RAW, UDP, "c000 17c1 0000 0000" GENEVE, "raw geneve", "none" },
	{ "from it only: the sender chose its port by the flow", DLT_RAW, UDP,
	  "17c1 c000 0000 0000" GENEVE, "", "not_tcp" },
	{ "from a port that both directions have", DLT_RAW, UDP,
	  "0868 c000 0000 0000 30ff 0000 00000001", "raw gtp", "none" },
	{ "to nobody's port", DLT_RAW, UDP, "c000 0035 0000 0000" GENEVE, "", "not_tcp" },
};

Test(dissect_udp, a_port_leads_to_a_tunnel)
{
	expect_ways(ways, sizeof(ways) / sizeof(ways[0]));
}
