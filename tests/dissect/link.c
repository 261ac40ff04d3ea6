/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>

#include "tests/dissect/ways.h"

#define MACS "020000000002 020000000001"
#define ZEROS_10 "00000000000000000000"
#define ERF_TIME "0011223344556677"
#define ERF_4 "8300000000000000 8300000000000000 8300000000000000 8300000000000000"
#define ERF_8 ERF_4 ERF_4
#define LLC_SNAP "aaaa03 000000"

static const struct way rows[] = {
	{ "Ethernet with IPv4", DLT_EN10MB, 0, MACS "0800", "ethernet", "none" },
	{ "Ethernet with ARP", DLT_EN10MB, 0, MACS "0806", "", "not_ip" },
	{ "802.3 with a length", DLT_EN10MB, 0, MACS "0040" LLC_SNAP "0800", "ethernet", "none" },
	{ "one tag", DLT_EN10MB, 0, MACS "8100 0064 0800", "ethernet vlan", "none" },
	{ "service and customer tag", DLT_EN10MB, 0, MACS "88a8 0064 8100 00c8 0800",
	  "ethernet qinq vlan", "none" },
	{ "the old service tag", DLT_EN10MB, 0, MACS "9100 0064 8100 00c8 0800",
	  "ethernet qinq vlan", "none" },
	{ "a tag before ARP", DLT_EN10MB, 0, MACS "8100 0064 0806", "", "not_ip" },
	{ "as many tags as are followed", DLT_EN10MB, 0,
	  MACS "8100 0001 8100 0002 8100 0003 8100 0004 8100 0005 8100 0006 8100 0007 0800",
	  "ethernet vlan vlan vlan vlan vlan vlan vlan", "none" },
	{ "one tag too many", DLT_EN10MB, 0,
	  MACS "8100 0001 8100 0002 8100 0003 8100 0004 8100 0005 8100 0006 8100 0007 8100 0008"
	       "0800",
	  "", "too_deep" },
	{ "cooked", DLT_LINUX_SLL, 0, "0000 0001 0006 020000000001 0000 0800", "sll", "none" },
	{ "cooked with a tag", DLT_LINUX_SLL, 0, "0000 0001 0006 020000000001 0000 8100 0064 0800",
	  "sll vlan", "none" },
	{ "cooked ARP", DLT_LINUX_SLL, 0, "0000 0001 0006 020000000001 0000 0806", "", "not_ip" },
	{ "cooked v2", DLT_LINUX_SLL2, 0, "0800 0000 00000002 0001 00 06 020000000001 0000", "sll2",
	  "none" },
	{ "cooked v2 with a tag", DLT_LINUX_SLL2, 0,
	  "8100 0000 00000002 0001 00 06 020000000001 0000 0064 0800", "sll2 vlan", "none" },
	{ "raw", DLT_RAW, 0, "", "raw", "none" },
	{ "raw as files number it", 101, 0, "", "raw", "none" },
	{ "raw of OpenBSD", 14, 0, "", "raw", "none" },
	{ "IPv4 alone", DLT_IPV4, 0, "", "raw", "none" },
	{ "IPv6 alone", DLT_IPV6, 0, "", "raw", "none" },
	{ "loopback, big-endian", DLT_NULL, 0, "00000002", "null", "none" },
	{ "loopback, little-endian", DLT_NULL, 0, "02000000", "null", "none" },
	{ "loopback of OpenBSD", DLT_LOOP, 0, "00000002", "null", "none" },
	{ "loopback with AppleTalk", DLT_NULL, 0, "10000000", "", "not_ip" },
	{ "loopback, AF_INET6 of Linux", DLT_NULL, 0, "0a000000", "null", "none" },
	{ "loopback, AF_INET6 of Windows", DLT_NULL, 0, "17000000", "null", "none" },
	{ "loopback, AF_INET6 of NetBSD", DLT_NULL, 0, "00000018", "null", "none" },
	{ "loopback, AF_INET6 of FreeBSD", DLT_NULL, 0, "1c000000", "null", "none" },
	{ "loopback, AF_INET6 of macOS", DLT_NULL, 0, "1e000000", "null", "none" },
	{ "OpenBSD's enc", DLT_ENC, 0, "02000000 00001000 00000000", "enc", "none" },
	{ "PPP with address and control", DLT_PPP, 0, "ff03 0021", "ppp", "none" },
	{ "PPP without", DLT_PPP, 0, "0021", "ppp", "none" },
	{ "PPP with IPv6", DLT_PPP, 0, "ff03 0057", "ppp", "none" },
	{ "Cisco HDLC called PPP", DLT_PPP, 0, "0f00 0800", "chdlc", "none" },
	{ "PPP with LCP", DLT_PPP, 0, "ff03 c021", "", "not_ip" },
	{ "PPP with direction", DLT_PPP_WITH_DIR, 0, "01 ff03 0021", "ppp", "none" },
	{ "PPP of pppd", DLT_PPP_PPPD, 0, "01 03 0021", "ppp", "none" },
	{ "PPP on a serial line", DLT_PPP_SERIAL, 0, "ff03 0021", "ppp", "none" },
	{ "Cisco HDLC on a serial line", DLT_PPP_SERIAL, 0, "0f00 0800", "chdlc", "none" },
	{ "PPPoE", DLT_PPP_ETHER, 0, "1100 0001 002e 0021", "pppoe", "none" },
	{ "Cisco HDLC", DLT_C_HDLC, 0, "0f00 0800", "chdlc", "none" },
	{ "Cisco keepalive", DLT_C_HDLC, 0, "8f00 8035", "", "not_ip" },
	{ "ATM", DLT_ATM_RFC1483, 0, LLC_SNAP "0800", "atm", "none" },
	{ "FDDI", DLT_FDDI, 0, "50" MACS LLC_SNAP "0800", "fddi", "none" },
	{ "FireWire", DLT_APPLE_IP_OVER_IEEE1394, 0, "0000000000000001 0000000000000002 0800",
	  "firewire", "none" },
	{ "InfiniBand", DLT_IPOIB, 0,
	  "0000000000000000 0000000000000000 0000000000000000 0000000000000000 0000000000000000"
	  "0800 0000",
	  "ipoib", "none" },
	{ "a switch's tag", DLT_DSA_TAG_EDSA, 0, MACS "dada 0000 c000 0000 0800", "dsa", "none" },
	{ "cooked 802.2", DLT_LINUX_SLL, 0, "0000 0001 0006 020000000001 0000 0004" LLC_SNAP "0800",
	  "sll", "none" },
	{ "PPP with a short number", DLT_PPP, 0, "21", "ppp", "none" },
	{ "PPP, encrypted", DLT_PPP, 0, "ff03 00fd", "", "ppp_packed" },
	{ "PPP with MPLS", DLT_PPP, 0, "ff03 0281 00064140", "ppp mpls", "none" },
	{ "Solaris", DLT_IPNET, 0, "01 02 0000 00000040 00000001 00000000 00000000 00000000",
	  "ipnet", "none" },
	{ "Solaris, IPv6", DLT_IPNET, 0, "01 1a 0000 00000040 00000001 00000000 00000000 00000000",
	  "ipnet", "none" },
	{ "SLIP", DLT_SLIP, 0, "00 45 0000000000000000000000000000", "slip", "none" },
	{ "MPLS alone", DLT_MPLS, 0, "00064140", "mpls", "none" },
	{ "Frame Relay", DLT_FRELAY, 0, "1841 03cc", "frelay", "none" },
	{ "Frame Relay with IPv6", DLT_FRELAY, 0, "1841 038e", "frelay", "none" },
	{ "Frame Relay with SNAP", DLT_FRELAY, 0, "1841 0380 000000 0800", "frelay", "none" },
	{ "Frame Relay with a pad", DLT_FRELAY, 0, "1841 030080 000000 0800", "frelay", "none" },
	{ "a bridge's frame on Frame Relay", DLT_FRELAY, 0, "1841 030080 0080c2 0007" MACS "0800",
	  "frelay ethernet", "none" },
	{ "Cisco's Frame Relay", DLT_FRELAY, 0, "1841 0800", "frelay", "none" },
	{ "Frame Relay's own words", DLT_FRELAY, 0, "0001 0308", "", "not_ip" },
	{ "Frame Relay with direction", DLT_FRELAY_WITH_DIR, 0, "01 1841 03cc", "frelay", "none" },
	{ "multilink Frame Relay", DLT_MFR, 0, "c001 1841 03cc", "frelay", "none" },
	{ "SunATM", DLT_SUNATM, 0, "82 00 0064" LLC_SNAP "0800", "atm", "none" },
	{ "ATM with a number of the network layer", DLT_ATM_RFC1483, 0, "fefe03 cc", "atm",
	  "none" },
	{ "a bridge's frame on ATM", DLT_ATM_RFC1483, 0, "aaaa03 0080c2 0007 0000" MACS "0800",
	  "atm ethernet", "none" },
	{ "ATM of Linux", DLT_ATM_CLIP, 0, LLC_SNAP "0800", "atm", "none" },
	{ "Fibre Channel", DLT_IP_OVER_FC, 0, "1000 020000000002 1000 020000000001" LLC_SNAP "0800",
	  "fibre_channel", "none" },
	{ "ERF", DLT_ERF, 0, ERF_TIME "02 04 0060 0000 004e 0000" MACS "0800", "erf ethernet",
	  "none" },
	{ "ERF with extensions", DLT_ERF, 0,
	  ERF_TIME "82 04 0060 0000 004e 8300000000000000 0400000000000000 0000" MACS "0800",
	  "erf ethernet", "none" },
	{ "ERF of a colour", DLT_ERF, 0, ERF_TIME "0b 04 0060 0000 004e 0000" MACS "0800",
	  "erf ethernet", "none" },
	{ "ERF with IP", DLT_ERF, 0, ERF_TIME "16 04 0060 0000 004e", "erf", "none" },
	{ "ERF with PPP", DLT_ERF, 0, ERF_TIME "01 04 0060 0000 004e ff03 0021", "erf ppp",
	  "none" },
	{ "ERF with Cisco HDLC", DLT_ERF, 0, ERF_TIME "01 04 0060 0000 004e 0f00 0800", "erf chdlc",
	  "none" },
	{ "ERF with ATM", DLT_ERF, 0, ERF_TIME "03 04 0060 0000 004e 00000000", "", "not_ip" },
	{ "ERF with as many extensions as are followed", DLT_ERF, 0,
	  ERF_TIME "82 04 0060 0000 004e" ERF_8 ERF_4 "8300000000000000 8300000000000000"
		   "8300000000000000 0300000000000000 0000" MACS "0800",
	  "erf ethernet", "none" },
	{ "ERF with more", DLT_ERF, 0,
	  ERF_TIME "82 04 0060 0000 004e" ERF_8 ERF_8 "0300000000000000 0000" MACS "0800", "",
	  "link_header" },
	{ "Token Ring", DLT_IEEE802, 0, "1040" MACS LLC_SNAP "0800", "token_ring", "none" },
	{ "Token Ring with a route", DLT_IEEE802, 0,
	  "1040 020000000002 820000000001 0630 0011 0020" LLC_SNAP "0800", "token_ring", "none" },
	{ "Token Ring with a route for all", DLT_IEEE802, 0,
	  "1040 020000000002 820000000001 e230" LLC_SNAP "0800", "token_ring", "none" },
	{ "Token Ring with the longest route", DLT_IEEE802, 0,
	  "1040 020000000002 820000000001 9f30" ZEROS_10 ZEROS_10 "000000000000000000" LLC_SNAP
	  "0800",
	  "token_ring", "none" },
	{ "Token Ring from a group's address without a route", DLT_IEEE802, 0,
	  "1040 820000000002 420000000001" LLC_SNAP "0800", "token_ring", "none" },
	{ "Token Ring with no room for a route", DLT_IEEE802, 0,
	  "1040 020000000002 820000000001 0130" LLC_SNAP "0800", "", "link_header" },
	{ "ARCNET", DLT_ARCNET, 0, "01 02 d4 00 0001", "arcnet", "none" },
	{ "ARCNET, a piece of a packet", DLT_ARCNET, 0, "01 02 d4 01 0001", "", "not_ip" },
	{ "ARCNET before RFC 1201", DLT_ARCNET, 0, "01 02 f0", "arcnet", "none" },
	{ "ARCNET of Linux", DLT_ARCNET_LINUX, 0, "01 02 0000 d4 00 0001", "arcnet", "none" },
	{ "a firewall of Symantec", DLT_SYMANTEC_FIREWALL, 0,
	  "000000000000 0800 0000" ZEROS_10 ZEROS_10 ZEROS_10 "00000000", "symantec", "none" },
	{ "a later firewall of Symantec", DLT_SYMANTEC_FIREWALL, 0,
	  "000000000000 0000" ZEROS_10 "0800 000000000000" ZEROS_10 ZEROS_10 ZEROS_10, "symantec",
	  "none" },
	{ "a frame with its preamble", DLT_NETANALYZER_TRANSPARENT, 0,
	  "00000000 55555555555555d5" MACS "0800", "ethernet", "none" },
	{ "a frame that may be preempted", DLT_ETHERNET_MPACKET, 0, "55555555555555d5" MACS "0800",
	  "ethernet", "none" },
	{ "a passive optical network", DLT_EPON, 0, "5555d55500000000" MACS "0800", "ethernet",
	  "none" },
	{ "a switch's tag before the frame", DLT_DSA_TAG_BRCM_PREPEND, 0, "20000001" MACS "0800",
	  "dsa", "none" },
	{ "Juniper: Ethernet", DLT_JUNIPER_ETHER, 0, "4d4743 00" MACS "0800", "juniper ethernet",
	  "none" },
	{ "Juniper: Ethernet with values", DLT_JUNIPER_ETHER, 0,
	  "4d4743 80 0003 010203" MACS "0800", "juniper ethernet", "none" },
	{ "Juniper: no link header", DLT_JUNIPER_ETHER, 0, "4d4743 02 00000002", "juniper",
	  "none" },
	{ "Juniper: no link header, and no IP", DLT_JUNIPER_ETHER, 0, "4d4743 02 00000002 83000000",
	  "", "not_ip" },
	{ "Juniper: PPP", DLT_JUNIPER_PPP, 0, "4d4743 01 ff03 0021", "juniper ppp", "none" },
	{ "Juniper: Cisco HDLC", DLT_JUNIPER_CHDLC, 0, "4d4743 01 0f00 0800", "juniper chdlc",
	  "none" },
	{ "Juniper: Frame Relay", DLT_JUNIPER_FRELAY, 0, "4d4743 01 1841 03cc", "juniper frelay",
	  "none" },
	{ "Juniper: PPPoE", DLT_JUNIPER_PPPOE, 0, "4d4743 01" MACS "8864 1100 0001 002d 0021",
	  "juniper ethernet pppoe", "none" },
	{ "Juniper: another magic number", DLT_JUNIPER_ETHER, 0, "4d4744 00" MACS "0800", "",
	  "link_header" },
	{ "USB", DLT_USB_LINUX, 0, "", "", "no_tcp" },
	{ "a link type nobody reads", DLT_USER2, 0, "", "", "link_type" },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

Test(dissect_link, each_link_header_leads_to_the_segment_behind_it)
{
	expect_ways(rows, ROWS);
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
	static const struct way tags = {
		"three tags", DLT_EN10MB, 0, MACS "88a8 f064 8100 e0c8 8100 012c 0800", "", "none"
	};
	struct packet packet;
	struct bytes b;

	cr_assert_eq(follow(&tags, &packet, &b), SKIP_NONE);
	cr_expect_eq(packet.vlans, 2);
	cr_expect_eq(packet.vlan[0], 0x064);
	cr_expect_eq(packet.vlan[1], 0x0c8);
	bytes_free(b);
}

Test(dissect_link, a_known_link_type_is_one_with_a_row)
{
	cr_expect(link_type_known(DLT_EN10MB));
	cr_expect(link_type_known(DLT_DSA_TAG_EDSA));
	cr_expect_not(link_type_known(DLT_USB_LINUX));
	cr_expect_not(link_type_known(-1));
}
