/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>

#include "tests/dissect/ways.h"

#define MACS "020000000002 020000000001"

static const struct way ways[] = {
	{ "PPI with Ethernet", DLT_PPI, 0, "0000 0800 01000000" MACS "0800", "ppi ethernet",
	  "none" },
	{ "PPI with fields", DLT_PPI, 0,
	  "0000 0c00 69000000 00000000"
	  "0801 3000 020000000001 020000000002 020000000003 1000 aaaa03 000000 0800",
	  "ppi wlan", "none" },
	{ "PPI shorter than itself", DLT_PPI, 0, "0000 0700 01000000" MACS "0800", "",
	  "link_header" },
	{ "PPI with a link type nobody reads", DLT_PPI, 0, "0000 0800 95000000", "", "link_type" },
	{ "PPI with a link type that no system has", DLT_PPI, 0, "0000 0800 ffffffff", "",
	  "link_header" },
	{ "PPI in PPI", DLT_PPI, 0, "0000 0800 c0000000 0000 0800 01000000" MACS "0800",
	  "ppi ppi ethernet", "none" },
	{ "PKTAP", DLT_PKTAP, 0, "10000000 01000000 01000000 00000000" MACS "0800",
	  "pktap ethernet", "none" },
	{ "PKTAP that is no packet", DLT_PKTAP, 0, "0c000000 02000000 01000000" MACS "0800", "",
	  "not_ip" },
	{ "PKTAP shorter than itself", DLT_PKTAP, 0, "0b000000 01000000 01000000" MACS "0800", "",
	  "link_header" },
	{ "pf's log", DLT_PFLOG, 0,
	  "3d 02 00000000000000000000 000000000000000000000000000000000000"
	  "000000000000000000000000000000000000 00000000000000000000 000000000000",
	  "pflog", "none" },
	{ "pf's log of something else", DLT_PFLOG, 0, "04 07 0000", "", "not_ip" },
	{ "pf's log of no length", DLT_PFLOG, 0, "00 02 0000", "", "link_header" },
	{ "NFLOG", DLT_NFLOG, 0, "02 00 0000 0800 0100 08000300 2f00 0900", "nflog", "none" },
	{ "NFLOG of a big-endian machine", DLT_NFLOG, 0, "02 00 0000 0008 0001 08000300 002f 0009",
	  "nflog", "none" },
	{ "NFLOG with a value that is padded", DLT_NFLOG, 0,
	  "02 00 0000 0500 0a00 00 000000 2f00 0900", "nflog", "none" },
	{ "NFLOG with a value shorter than itself", DLT_NFLOG, 0,
	  "02 00 0000 0300 0100 08000300 2f00 0900", "", "link_header" },
};

Test(dissect_envelope, each_header_leads_to_the_segment_behind_it)
{
	expect_ways(ways, sizeof(ways) / sizeof(ways[0]));
}

Test(dissect_envelope, values_without_a_payload_come_to_an_end)
{
	struct bytes b = hex("02 00 0000"), values;
	struct frame frame;
	struct packet packet;
	enum skip why;

	for (int i = 0; i < 64; i++)
		b = bytes_join(b, hex("0400 0100"));
	values = bytes_join(b, bytes_join(hex("2f00 0900"), ipv4(6, tcp(TCP_ACK, "", hex("")))));
	frame = frame_of(DLT_NFLOG, values);
	dissect(&frame, &packet, &why);
	cr_expect_eq(why, SKIP_link_header);
	bytes_free(values);
}
