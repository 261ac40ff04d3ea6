/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>
#include <string.h>

#include "dissect/dissect.h"
#include "tests/support.h"

/* A link header, the layers it is named by, and why its frame is not used ("none": it is). */
struct link_row {
	const char *what;
	int link_type;
	const char *header;
	const char *layers;
	const char *why;
};

#define MACS "020000000002 020000000001"
#define LLC_SNAP "aaaa03 000000"

static const struct link_row rows[] = {
	{ "Ethernet with IPv4", DLT_EN10MB, MACS "0800", "ethernet", "none" },
	{ "Ethernet with ARP", DLT_EN10MB, MACS "0806", "", "not_ip" },
	{ "802.3 with a length", DLT_EN10MB, MACS "0040" LLC_SNAP "0800", "", "not_ip" },
	{ "one tag", DLT_EN10MB, MACS "8100 0064 0800", "ethernet vlan", "none" },
	{ "service and customer tag", DLT_EN10MB, MACS "88a8 0064 8100 00c8 0800",
	  "ethernet qinq vlan", "none" },
	{ "the old service tag", DLT_EN10MB, MACS "9100 0064 8100 00c8 0800", "ethernet qinq vlan",
	  "none" },
	{ "a tag before ARP", DLT_EN10MB, MACS "8100 0064 0806", "", "not_ip" },
	{ "as many tags as are followed", DLT_EN10MB,
	  MACS "8100 0001 8100 0002 8100 0003 8100 0004 8100 0005 8100 0006 8100 0007 0800",
	  "ethernet vlan vlan vlan vlan vlan vlan vlan", "none" },
	{ "one tag too many", DLT_EN10MB,
	  MACS "8100 0001 8100 0002 8100 0003 8100 0004 8100 0005 8100 0006 8100 0007 8100 0008"
	       "0800",
	  "", "link_header" },
	{ "cooked", DLT_LINUX_SLL, "0000 0001 0006 020000000001 0000 0800", "sll", "none" },
	{ "cooked with a tag", DLT_LINUX_SLL, "0000 0001 0006 020000000001 0000 8100 0064 0800",
	  "sll vlan", "none" },
	{ "cooked ARP", DLT_LINUX_SLL, "0000 0001 0006 020000000001 0000 0806", "", "not_ip" },
	{ "cooked v2", DLT_LINUX_SLL2, "0800 0000 00000002 0001 00 06 020000000001 0000", "sll2",
	  "none" },
	{ "cooked v2 with a tag", DLT_LINUX_SLL2,
	  "8100 0000 00000002 0001 00 06 020000000001 0000 0064 0800", "sll2 vlan", "none" },
	{ "raw", DLT_RAW, "", "raw", "none" },
	{ "raw as files number it", 101, "", "raw", "none" },
	{ "raw of OpenBSD", 14, "", "raw", "none" },
	{ "IPv4 alone", DLT_IPV4, "", "raw", "none" },
	{ "IPv6 alone", DLT_IPV6, "", "raw", "none" },
	{ "loopback, big-endian", DLT_NULL, "00000002", "null", "none" },
	{ "loopback, little-endian", DLT_NULL, "02000000", "null", "none" },
	{ "loopback of OpenBSD", DLT_LOOP, "00000002", "null", "none" },
	{ "loopback with AppleTalk", DLT_NULL, "10000000", "", "not_ip" },
	{ "loopback, AF_INET6 of Linux", DLT_NULL, "0a000000", "null", "none" },
	{ "loopback, AF_INET6 of Windows", DLT_NULL, "17000000", "null", "none" },
	{ "loopback, AF_INET6 of NetBSD", DLT_NULL, "00000018", "null", "none" },
	{ "loopback, AF_INET6 of FreeBSD", DLT_NULL, "1c000000", "null", "none" },
	{ "loopback, AF_INET6 of macOS", DLT_NULL, "1e000000", "null", "none" },
	{ "OpenBSD's enc", DLT_ENC, "02000000 00001000 00000000", "enc", "none" },
	{ "PPP with address and control", DLT_PPP, "ff03 0021", "ppp", "none" },
	{ "PPP without", DLT_PPP, "0021", "ppp", "none" },
	{ "PPP with IPv6", DLT_PPP, "ff03 0057", "ppp", "none" },
	{ "Cisco HDLC called PPP", DLT_PPP, "0f00 0800", "chdlc", "none" },
	{ "PPP with LCP", DLT_PPP, "ff03 c021", "", "not_ip" },
	{ "PPP with direction", DLT_PPP_WITH_DIR, "01 ff03 0021", "ppp", "none" },
	{ "PPP of pppd", DLT_PPP_PPPD, "01 03 0021", "ppp", "none" },
	{ "PPP on a serial line", DLT_PPP_SERIAL, "ff03 0021", "ppp", "none" },
	{ "Cisco HDLC on a serial line", DLT_PPP_SERIAL, "0f00 0800", "chdlc", "none" },
	{ "PPPoE", DLT_PPP_ETHER, "1100 0001 002e 0021", "pppoe", "none" },
	{ "Cisco HDLC", DLT_C_HDLC, "0f00 0800", "chdlc", "none" },
	{ "Cisco keepalive", DLT_C_HDLC, "8f00 8035", "", "not_ip" },
	{ "ATM", DLT_ATM_RFC1483, LLC_SNAP "0800", "atm", "none" },
	{ "FDDI", DLT_FDDI, "50" MACS LLC_SNAP "0800", "fddi", "none" },
	{ "FireWire", DLT_APPLE_IP_OVER_IEEE1394, "0000000000000001 0000000000000002 0800",
	  "firewire", "none" },
	{ "InfiniBand", DLT_IPOIB,
	  "0000000000000000 0000000000000000 0000000000000000 0000000000000000 0000000000000000"
	  "0800 0000",
	  "ipoib", "none" },
	{ "a switch's tag", DLT_DSA_TAG_EDSA, MACS "dada 0000 c000 0000 0800", "dsa", "none" },
	{ "a link type nobody reads", 250, "", "", "link_type" },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static struct bytes segment_behind(const char *header)
{
	return bytes_join(hex(header), ipv4(6, tcp(TCP_ACK, "", hex("53 53 48"))));
}

static void join_layers(const struct packet *packet, char joined[256])
{
	joined[0] = '\0';
	for (uint8_t i = 0; i < packet->layers; i++) {
		strcat(joined, i == 0 ? "" : " ");
		strcat(joined, layer_name(packet->layer[i]));
	}
}

Test(dissect_link, each_link_header_leads_to_the_segment_behind_it)
{
	for (size_t i = 0; i < ROWS; i++) {
		struct bytes b = segment_behind(rows[i].header);
		struct frame frame = frame_of(rows[i].link_type, b);
		char layers[256];
		struct packet packet;
		enum skip why;

		dissect(&frame, &packet, &why);
		cr_expect_str_eq(skip_name(why), rows[i].why, "%s: %s", rows[i].what,
				 skip_name(why));
		if (why == SKIP_NONE) {
			join_layers(&packet, layers);
			cr_expect_str_eq(layers, rows[i].layers, "%s: %s", rows[i].what, layers);
			cr_expect_eq(packet.tcp.seq, TEST_SEQ, "%s", rows[i].what);
			cr_expect_eq(packet.tcp.payload_len, 3, "%s", rows[i].what);
		}
		bytes_free(b);
	}
}

static int row_link_type;

static void cut_in_the_link_header(struct bytes cut)
{
	struct frame frame = frame_of(row_link_type, cut);
	struct packet packet;
	enum skip why;

	frame.wire_len = (uint32_t)cut.len + 60;
	cr_expect_neq(dissect(&frame, &packet, &why), DISSECT_OK, "%zu bytes", cut.len);
}

Test(dissect_link, no_beginning_of_a_link_header_is_a_packet)
{
	for (size_t i = 0; i < ROWS; i++) {
		struct bytes b = hex(rows[i].header);

		row_link_type = rows[i].link_type;
		feed_every_cut(b, cut_in_the_link_header);
		bytes_free(b);
	}
}

static enum skip why_not(int link_type, const char *bytes, uint32_t missing)
{
	struct bytes b = hex(bytes);
	struct frame frame = frame_of(link_type, b);
	struct packet packet;
	enum skip why;

	frame.wire_len += missing;
	dissect(&frame, &packet, &why);
	bytes_free(b);
	return why;
}

Test(dissect_link, a_short_link_header_is_the_captures_fault_only_if_it_cut_the_frame)
{
	cr_expect_eq(why_not(DLT_EN10MB, MACS, 0), SKIP_link_header);
	cr_expect_eq(why_not(DLT_EN10MB, MACS, 1), SKIP_cut);
	cr_expect_eq(why_not(DLT_EN10MB, MACS "8100 00", 0), SKIP_link_header);
	cr_expect_eq(why_not(DLT_EN10MB, MACS "8100 00", 1), SKIP_cut);
	cr_expect_eq(why_not(DLT_EN10MB, "", 0), SKIP_link_header);
}

Test(dissect_link, tags_are_kept_outermost_first_without_priority_and_two_at_most)
{
	struct bytes b = segment_behind(MACS "88a8 f064 8100 e0c8 8100 012c 0800");
	struct frame frame = frame_of(DLT_EN10MB, b);
	struct packet packet;
	enum skip why;

	cr_assert_eq(dissect(&frame, &packet, &why), DISSECT_OK);
	cr_expect_eq(packet.vlans, 2);
	cr_expect_eq(packet.vlan[0], 0x064);
	cr_expect_eq(packet.vlan[1], 0x0c8);
	bytes_free(b);
}

Test(dissect_link, a_known_link_type_is_one_with_a_row)
{
	cr_expect(link_type_known(DLT_EN10MB));
	cr_expect(link_type_known(DLT_DSA_TAG_EDSA));
	cr_expect_not(link_type_known(DLT_IEEE802_11));
	cr_expect_not(link_type_known(-1));
}
