/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>

#include "tests/dissect/ways.h"

#define UDP 17
#define GTP "0868 0868 0000 0000"
#define L2TP "06a5 06a5 0000 0000"

static const struct way ways[] = {
	{ "GTP", DLT_RAW, UDP, GTP "30ff 0000 00000001", "raw gtp", "none" },
	{ "GTP with a sequence number", DLT_RAW, UDP, GTP "32ff 0000 00000001 0007 00 85",
	  "raw gtp", "none" },
	{ "GTP with an extension", DLT_RAW, UDP, GTP "34ff 0000 00000001 0000 00 85 01 1005 00",
	  "raw gtp", "none" },
	{ "GTP with two extensions", DLT_RAW, UDP,
	  GTP "36ff 0000 00000001 0000 00 c0 01 0005 85 02 10 05 00000000 00", "raw gtp", "none" },
	{ "GTP with as many extensions as are followed", DLT_RAW, UDP,
	  GTP "34ff 0000 00000001 0000 00 85"
	      "01000085 01000085 01000085 01000085 01000085 01000085 01000085 01000000",
	  "raw gtp", "none" },
	{ "GTP with one too many", DLT_RAW, UDP,
	  GTP "34ff 0000 00000001 0000 00 85"
	      "01000085 01000085 01000085 01000085 01000085 01000085 01000085 01000085 01000000",
	  "", "not_tcp" },
	{ "GTP with an extension of no length", DLT_RAW, UDP,
	  GTP "34ff 0000 00000001 0000 00 85 00000000", "", "not_tcp" },
	{ "GTP with Ethernet", DLT_RAW, UDP,
	  GTP "30ff 0000 00000001 020000000002 020000000001 0800", "", "not_ip" },
	{ "GTP signalling", DLT_RAW, UDP, GTP "3001 0000 00000000", "", "not_tcp" },
	{ "charging", DLT_RAW, UDP, GTP "20ff 0000 00000001", "", "not_tcp" },
	{ "GTP of another version", DLT_RAW, UDP, GTP "50ff 0000 00000001", "", "not_tcp" },
	{ "L2TP", DLT_RAW, UDP, L2TP "0002 0001 0002 ff03 0021", "raw l2tp ppp", "none" },
	{ "L2TP with all fields", DLT_RAW, UDP,
	  L2TP "4a02 0040 0001 0002 0003 0004 0002 0000 ff03 0021", "raw l2tp ppp", "none" },
	{ "L2TP with short PPP", DLT_RAW, UDP, L2TP "4002 0040 0001 0002 21", "raw l2tp ppp",
	  "none" },
	{ "L2TP control", DLT_RAW, UDP, L2TP "c802 0040 0001 0000 0003 0004", "", "not_tcp" },
	{ "L2TP of another version", DLT_RAW, UDP, L2TP "0003 0000 00000001", "", "not_tcp" },
	{ "PPP's own words in L2TP", DLT_RAW, UDP, L2TP "0002 0001 0002 ff03 c021", "", "not_ip" },
	{ "no Teredo", DLT_RAW, UDP, "c000 0dd8 0000 0000", "", "not_tcp" },
};

Test(dissect_access, each_header_leads_to_the_segment_behind_it)
{
	expect_ways(ways, sizeof(ways) / sizeof(ways[0]));
}

static enum skip teredo(const char *header, struct packet *packet)
{
	struct bytes b = ipv4(UDP, bytes_join(hex(header), ipv6(6, tcp(TCP_ACK, "", hex("")))));
	struct frame frame = frame_of(DLT_RAW, b);
	enum skip why;

	dissect(&frame, packet, &why);
	bytes_free(b);
	return why;
}

Test(dissect_access, teredo_is_read_with_and_without_what_a_server_adds)
{
	static const char *const headers[] = {
		"0dd8 c000 0000 0000",
		"c000 0dd8 0000 0000",
		"0dd8 c000 0000 0000 0000 3fff 3f57fefd",
		"0dd8 c000 0000 0000 0001 00 00 0000000000000000 00",
		"0dd8 c000 0000 0000 0001 02 03 aabb 010203 0000000000000000 00"
		"0000 3fff 3f57fefd",
	};
	struct packet packet;

	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		cr_expect_eq(teredo(headers[i], &packet), SKIP_NONE, "row %zu", i);
		cr_expect_eq(packet.tcp.seq, TEST_SEQ);
		cr_expect_eq(packet.layer[1], LAYER_teredo);
		cr_expect_neq(packet.tunnel, 0);
	}
	cr_expect_eq(teredo("0dd8 c000 0000 0000 0002", &packet), SKIP_not_tcp);
}

/* The receiver chooses the number of its end, so the two directions have different ones. */
Test(dissect_access, the_endpoint_of_a_tunnel_is_not_the_tunnel)
{
	static const struct way there = { "there", DLT_RAW, UDP, GTP "30ff 0000 00000001",
					  "",      "none" };
	static const struct way back = {
		"back", DLT_RAW, UDP, GTP "30ff 0000 00000002", "", "none"
	};
	static const struct way l2tp_there = { "there", DLT_RAW,
					       UDP,     L2TP "0002 0001 0002 ff03 0021",
					       "",      "none" };
	static const struct way l2tp_back = { "back", DLT_RAW, UDP, L2TP "0002 0007 0008 ff03 0021",
					      "",     "none" };

	cr_expect_eq(tunnel_of(&there, false), tunnel_of(&back, true));
	cr_expect_eq(tunnel_of(&l2tp_there, false), tunnel_of(&l2tp_back, true));
	cr_expect_neq(tunnel_of(&there, false), tunnel_of(&l2tp_there, false));
}
