/* SPDX-License-Identifier: BSD-3-Clause */
/* dissect/telling.c: of whom frames tell that are no packets of a connection. */
#include <criterion/criterion.h>
#include <pcap/dlt.h>
#include <string.h>

#include "dissect/dissect.h"
#include "tests/support.h"

#define ARP_HEX "0001 0800 06 04 0001 020000000001 c0000201 000000000000 c6336402"
#define TARGET_HEX "20010db8 00000000 00000000 00000099"

static enum telling told(struct bytes b, struct address about[2])
{
	struct frame frame = frame_of(DLT_EN10MB, b);
	enum telling telling = dissect_telling(&frame, about);

	bytes_free(b);
	return telling;
}

static void expect_about(const struct address *address, const char *expected)
{
	char buffer[64];
	struct text t = text_in(buffer, sizeof(buffer));

	address_add(&t, address);
	cr_expect_str_eq(buffer, expected);
}

Test(dissect_telling, arp_is_about_who_asks_and_who_is_asked_for)
{
	struct address about[2];

	cr_assert_eq(told(ethernet(0x0806, hex(ARP_HEX)), about), TELLING_NEIGHBOUR);
	expect_about(&about[0], "192.0.2.1");
	expect_about(&about[1], "198.51.100.2");
}

Test(dissect_telling, arp_behind_a_vlan_tag_is_arp)
{
	struct address about[2];

	cr_assert_eq(told(ethernet(0x8100, hex("0064 0806" ARP_HEX)), about), TELLING_NEIGHBOUR);
	expect_about(&about[1], "198.51.100.2");
}

Test(dissect_telling, arp_of_other_protocols_or_cut_tells_nothing)
{
	struct address about[2];

	cr_expect_eq(told(ethernet(0x0806, hex("0001 86dd 06 10 0001")), about), TELLING_NOTHING);
	cr_expect_eq(told(ethernet(0x0806, hex("0001 809b 06 04 0001 020000000001 c0000201"
					       "000000000000 c6336402")),
			  about),
		     TELLING_NOTHING, "AppleTalk");
	cr_expect_eq(
		told(ethernet(0x0806, hex("0001 0800 06 04 0001 020000000001 c0000201")), about),
		TELLING_NOTHING);
}

Test(dissect_telling, neighbour_discovery_is_about_its_target)
{
	struct address about[2];

	cr_assert_eq(told(ethernet(0x86dd, ipv6(58, hex("87 00 0000 00000000" TARGET_HEX))), about),
		     TELLING_NEIGHBOUR);
	expect_about(&about[0], "2001:db8::1");
	expect_about(&about[1], "2001:db8::99");
	cr_assert_eq(told(ethernet(0x86dd, ipv6(58, hex("88 00 0000 60000000" TARGET_HEX))), about),
		     TELLING_NEIGHBOUR);
	expect_about(&about[1], "2001:db8::99");
}

Test(dissect_telling, a_redirect_is_about_the_destination_it_is_for)
{
	struct address about[2];

	cr_assert_eq(told(ethernet(0x86dd,
				   ipv6(58, hex("89 00 0000 00000000"
						"fe800000 00000000 00000000 00000001" TARGET_HEX))),
			  about),
		     TELLING_NEIGHBOUR);
	expect_about(&about[1], "2001:db8::99");
}

Test(dissect_telling, a_router_that_announces_itself_is_whom_it_is_about)
{
	struct address about[2];

	cr_assert_eq(told(ethernet(0x86dd, ipv6(58, hex("86 00 0000 00000000"))), about),
		     TELLING_NEIGHBOUR);
	expect_about(&about[0], "2001:db8::1");
}

Test(dissect_telling, a_fragment_is_about_its_two_hosts)
{
	struct bytes b = ethernet(0x0800, ipv4(6, hex("0011223344556677")));
	struct address about[2];

	put_u16(b, 14 + 6, 0x2000); /* more fragments */
	cr_assert_eq(told(b, about), TELLING_FRAGMENT);
	expect_about(&about[0], "192.0.2.1");
	expect_about(&about[1], "198.51.100.2");
}

Test(dissect_telling, a_ping_a_segment_and_noise_tell_nothing)
{
	struct address about[2];

	cr_expect_eq(told(ethernet(0x86dd, ipv6(58, hex("80 00 0000 00010001"))), about),
		     TELLING_NOTHING);
	cr_expect_eq(told(ethernet(0x0800, ipv4(1, hex("87 00 0000 00000000" TARGET_HEX))), about),
		     TELLING_NOTHING);
	cr_expect_eq(told(ethernet(0x0800, ipv4(6, tcp(0x10, "", hex("")))), about),
		     TELLING_NOTHING);
	cr_expect_eq(told(ethernet(0x88cc, hex(ARP_HEX)), about), TELLING_NOTHING);
}

/* What is cut tells of nobody: half an address is another one. */
static void expect_sound_arp(struct bytes b)
{
	struct frame frame = frame_of(DLT_EN10MB, b);
	struct address about[2];

	cr_expect_eq(dissect_telling(&frame, about),
		     b.len == 14 + 28 ? TELLING_NEIGHBOUR : TELLING_NOTHING, "%zu bytes", b.len);
}

static void expect_no_read_beyond(struct bytes b)
{
	struct frame frame = frame_of(DLT_EN10MB, b);
	struct address about[2];

	cr_expect_leq(dissect_telling(&frame, about), TELLING_FRAGMENT);
}

Test(dissect_telling, any_cut_and_any_change_is_read_within_its_bytes)
{
	struct bytes arp = ethernet(0x0806, hex(ARP_HEX));
	struct bytes nd = ethernet(0x86dd, ipv6(58, hex("87 00 0000 00000000" TARGET_HEX)));

	feed_every_cut(arp, expect_sound_arp);
	feed_every_change(arp, arp.len, expect_no_read_beyond);
	feed_every_cut(nd, expect_no_read_beyond);
	feed_every_change(nd, nd.len, expect_no_read_beyond);
	bytes_free(arp);
	bytes_free(nd);
}
