/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>

#include "tests/dissect/ways.h"

#define FOUR "00064040 00064040 00064040 00064040"
#define BOTTOM "00064140"

static const struct way ways[] = {
	{ "one label", DLT_MPLS, 0, BOTTOM, "mpls", "none" },
	{ "three labels", DLT_MPLS, 0, "00064040 00064040" BOTTOM, "mpls", "none" },
	{ "as many labels as are followed", DLT_MPLS, 0,
	  FOUR FOUR FOUR "00064040 00064040 00064040" BOTTOM, "mpls", "none" },
	{ "one label too many", DLT_MPLS, 0, FOUR FOUR FOUR FOUR BOTTOM, "", "too_deep" },
	{ "Ethernet behind a control word", DLT_MPLS, 0,
	  BOTTOM "00000000 020000000002 020000000001 0800", "mpls ethernet", "none" },
	{ "Ethernet without", DLT_MPLS, 0, BOTTOM "a20000000002 020000000001 0800", "mpls ethernet",
	  "none" },
	{ "a channel of maintenance", DLT_MPLS, 0, BOTTOM "10000007", "", "not_ip" },
};

Test(dissect_mpls, each_stack_leads_to_the_segment_behind_it)
{
	expect_ways(ways, sizeof(ways) / sizeof(ways[0]));
}

/* Only a whole frame shows that an address is no IP header. */
Test(dissect_mpls, an_address_may_begin_like_ip)
{
	static const struct way rows[] = {
		{ "4, of no length", DLT_MPLS, 0, BOTTOM "420000000002 020000000001 0800", "", "" },
		{ "4, too long", DLT_MPLS, 0, BOTTOM "4600ffff0002 020000000001 0800", "", "" },
		{ "6, too long", DLT_MPLS, 0, BOTTOM "62000000ffff 020000000001 0800", "", "" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct packet packet;
		struct bytes b;

		cr_expect_eq(follow(&rows[i], &packet, &b), SKIP_NONE, "%s", rows[i].what);
		cr_expect_eq(packet.layer[1], LAYER_ethernet, "%s", rows[i].what);
		bytes_free(b);
	}
}
