/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>

#include "tests/dissect/redacted.h"

Test(dissect_redact_tunnel, a_tunnel_is_replaced_inside_and_outside)
{
	struct bytes inner = ethernet(0x0800, sealed(6, 16, tcp(0x04, "", bytes_copy("", 0))));
	struct bytes udp = bytes_join(hex("c000 12b5 0000 0000 08000000 00006400"), inner);
	struct bytes ip, out, one;

	put_u16(udp, 4, (uint16_t)udp.len);
	ip = sealed(17, 6, udp);
	out = redacted(DLT_RAW, false, ip);
	cr_expect_eq(out.len, ip.len);
	cr_expect(is_right4(out, 17), "the outer checksum covers what was changed inside");
	one = bytes_copy(out.at + out.len - 40, 40);
	cr_expect(is_right4(one, 6));
	cr_expect_not(holds(out, CLIENT4, 4));
	cr_expect_not(holds(out, CLIENT_MAC, 6));
	bytes_free(one);
	bytes_free(out);
	bytes_free(ip);
}
