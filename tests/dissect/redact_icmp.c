/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>

#include "tests/dissect/redacted.h"

Test(dissect_redact_icmp, a_quote_in_an_icmp_error_says_the_same_as_its_frame)
{
	struct bytes quoted = sealed(6, 16, tcp(0x18, "", bytes_copy("SSH-2.", 6)));
	struct bytes alone = redacted(DLT_RAW, false, quoted);
	struct bytes ip = sealed(1, 2, bytes_join(hex("030d 0000 00000000"), quoted));
	struct bytes out = redacted(DLT_RAW, true, ip);

	cr_expect_eq(out.len, 20 + 8 + 40, "the quoted payload is cut");
	cr_expect_arr_eq(out.at + 28, alone.at, 40);
	cr_expect_eq(sum_of(out.at, 20, 0), 0xffff);
	cr_expect_eq(sum_of(out.at + 20, 48, sum_of((const uint8_t *)"SSH-2.", 6, 0)), 0xffff);
	bytes_free(out);
	bytes_free(ip);
	bytes_free(alone);
}

Test(dissect_redact_icmp, arp_names_the_same_addresses_as_ip)
{
	struct bytes b = ethernet(0x0806, hex("0001 0800 06 04 0001 020000000001 c0000201"
					      "000000000000 c6336402 4c45414b"));
	struct bytes ip = sealed(6, 16, tcp(0x10, "", bytes_copy("", 0)));
	struct bytes out = redacted(DLT_EN10MB, true, b), segment = redacted(DLT_RAW, true, ip);

	cr_expect_eq(out.len, 42);
	cr_expect_arr_eq(out.at + 28, segment.at + 12, 4);
	cr_expect_arr_eq(out.at + 38, segment.at + 16, 4);
	cr_expect_arr_eq(out.at + 22, out.at + 6, 6, "the sender is who sent the frame");
	cr_expect_arr_eq(out.at + 32, "\0\0\0\0\0\0", 6, "nobody is nobody");
	bytes_free(segment);
	bytes_free(ip);
	bytes_free(out);
	bytes_free(b);
}

Test(dissect_redact_icmp, neighbour_discovery_names_the_same_addresses_as_ip)
{
	struct bytes ip = solicitation(), out = redacted(DLT_RAW, true, ip);

	cr_expect_eq(out.len, ip.len);
	cr_expect_arr_eq(out.at + 48, out.at + 24, 16, "the target is the destination here");
	cr_expect_arr_neq(out.at + 48, ip.at + 48, 16);
	cr_expect_not(holds(out, CLIENT_MAC, 6));
	cr_expect_eq(sum_of(out.at + 40, 32, sum_of(out.at + 8, 32, 32 + 58)), 0xffff);
	bytes_free(out);
	bytes_free(ip);
}
