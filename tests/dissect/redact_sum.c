/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>

#include "tests/dissect/redacted.h"

/* The checksum of out when it is moved as far as the one of ip is from the good one. */
static uint16_t wrong_by(struct bytes out, struct bytes ip, uint16_t good)
{
	uint32_t was = (uint32_t)ip.at[36] << 8 | ip.at[37];
	uint32_t now = (uint32_t)out.at[36] << 8 | out.at[37];

	return sum_of(NULL, 0, now + good + (uint16_t)~was);
}

Test(dissect_redact_sum, a_wrong_checksum_stays_as_wrong_as_it_was)
{
	struct bytes ip = sealed(6, 16, tcp(0x14, "", bytes_copy("", 0)));
	struct bytes out;
	uint16_t good = (uint16_t)(ip.at[36] << 8 | ip.at[37]);

	put_u16(ip, 36, good ^ 0x0100);
	out = redacted(DLT_RAW, false, ip);
	cr_expect_not(is_right4(out, 6));
	put_u16(out, 36, wrong_by(out, ip, good));
	cr_expect(is_right4(out, 6), "what it is wrong by is what it was wrong by");
	bytes_free(ip);
	bytes_free(out);
}

Test(dissect_redact_sum, a_checksum_that_is_left_to_a_card_stays_so)
{
	struct bytes ip = sealed(6, 16, tcp(0x10, "", bytes_copy("", 0)));
	struct bytes out;

	put_u16(ip, 36, sum_of(NULL, 0, pseudo4(ip, 6)));
	out = redacted(DLT_RAW, false, ip);
	cr_expect_eq(out.at[36] << 8 | out.at[37], sum_of(NULL, 0, pseudo4(out, 6)));
	cr_expect_neq(out.at[36] << 8 | out.at[37], ip.at[36] << 8 | ip.at[37]);
	bytes_free(ip);
	bytes_free(out);
}

Test(dissect_redact_sum, what_is_encrypted_is_cut_and_the_checksum_is_that_of_the_whole)
{
	static const char secret[] = "SSH-2.0-x looks clear and is not";
	struct bytes ip = sealed(6, 16, tcp(0x18, "", bytes_copy(secret, sizeof(secret))));
	struct bytes out = redacted(DLT_RAW, false, ip), whole;

	cr_expect_eq(out.len, 40);
	whole = bytes_join(bytes_copy(out.at, out.len), bytes_copy(secret, sizeof(secret)));
	cr_expect(is_right4(whole, 6));
	bytes_free(whole);
	bytes_free(out);
	bytes_free(ip);
}
