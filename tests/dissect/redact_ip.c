/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>

#include "tests/dissect/redacted.h"

Test(dissect_redact_ip, addresses_change_and_right_checksums_are_right_again)
{
	struct bytes ip = sealed(6, 16, tcp(0x14, "", bytes_copy("", 0)));
	struct bytes out = redacted(DLT_RAW, false, ip);

	cr_assert(is_right4(ip, 6));
	cr_expect_eq(out.len, ip.len);
	cr_expect(is_right4(out, 6));
	cr_expect_not(holds(out, CLIENT4, 4));
	cr_expect_not(holds(out, SERVER4, 4));
	cr_expect_arr_eq(out.at + 20, ip.at + 20, 16, "ports, numbers, flags and window stay");
	cr_expect_arr_eq(out.at, ip.at, 10, "identification and TTL stay");
	bytes_free(ip);
	bytes_free(out);
}

Test(dissect_redact_ip, clear_text_is_shown_without_names)
{
	static const char said[] = "SSH-2.0-OpenSSH_9.2p1 CORPNAME\r\n";
	struct bytes ip = sealed(6, 16, tcp(0x18, "", bytes_copy(said, sizeof(said) - 1)));
	struct bytes out = redacted(DLT_RAW, true, ip);

	cr_expect_eq(out.len, ip.len);
	cr_expect(holds(out, "SSH-2.0-OpenSSH_9.2p1 ", 22));
	cr_expect_not(holds(out, "CORPNAME", 8));
	cr_expect(is_right4(out, 6));
	bytes_free(out);
	bytes_free(ip);
}

Test(dissect_redact_ip, options_that_may_hold_addresses_go_and_others_stay)
{
	/* timestamps; MPTCP's ADD_ADDR of 192.0.2.1 */
	struct bytes ip = sealed(
		6, 16,
		tcp(0x10, "0101080a 0000000a 0000000b 1e083101 c0000201", bytes_copy("", 0)));
	struct bytes out = redacted(DLT_RAW, false, ip);

	cr_expect_arr_eq(out.at + 40, ip.at + 40, 12);
	cr_expect_not(holds(out, CLIENT4, 4));
	cr_expect(is_right4(out, 6));
	bytes_free(out);
	bytes_free(ip);
}

Test(dissect_redact_ip, other_protocols_of_ip_are_cut_behind_their_header)
{
	struct bytes dns =
		sealed(17, 6, hex("d000 0035 0014 0000 63 6f 72 70 2e 65 78 61 6d 70 6c 65"));
	struct bytes out = redacted(DLT_RAW, true, dns);

	cr_expect_eq(out.len, 28);
	cr_expect_not(holds(out, CLIENT4, 4));
	bytes_free(out);
	bytes_free(dns);
}

Test(dissect_redact_ip, ip_options_and_extensions_hold_no_addresses_any_more)
{
	struct bytes b = hex("46 00 0018 0001 0000 40 fe 0000 c0000201 c6336402 0704c000");
	struct bytes r6 = ipv6(43, hex("3b 02 00 01 00000000 20010db8000000000000000000000002"));
	struct bytes out = redacted(DLT_RAW, true, b), out6 = redacted(DLT_RAW, true, r6);

	cr_expect_arr_eq(out.at + 20, "\1\1\1\1", 4);
	cr_expect_eq(out6.len, 64);
	cr_expect_not(holds(out6, "\x20\x01\x0d\xb8", 4));
	bytes_free(b);
	bytes_free(r6);
	bytes_free(out);
	bytes_free(out6);
}
