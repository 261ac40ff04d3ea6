/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissect/ssh_one.h"

#include <criterion/criterion.h>

#include "tests/support.h"

Test(dissect_ssh_one, padding_of_one_to_eight_bytes_stands_before_the_type)
{
	static const struct {
		const char *bytes;
		ssize_t used;
	} rows[] = {
		{ "00000005 000000 02 00000000", 12 },
		{ "00000007 00 02 0000 00000000", 12 },
		{ "00000008 0000000000000000 02 000000 00000000", 20 },
		{ "00000008 0000000000000000 02 000000 000000", 0 },
		{ "00000005 000000 02 00000000 ffff", 12 }, /* more follows */
		{ "00000004 00000000 02 000000", -1 },
		{ "00040000", 0 },
		{ "00040001", -1 },
		{ "5353482d", -1 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes b = hex(rows[i].bytes);
		uint8_t type = 0;

		cr_expect_eq(ssh_one_parse(b.at, b.len, &type), rows[i].used, "%s", rows[i].bytes);
		cr_expect(rows[i].used <= 0 || type == 2, "%s", rows[i].bytes);
		bytes_free(b);
	}
}

static void feed(struct bytes b)
{
	uint8_t type;

	cr_expect_eq(ssh_one_parse(b.at, b.len, &type), b.len < 12 ? 0 : 12, "%zu", b.len);
}

Test(dissect_ssh_one, a_packet_that_is_cut_anywhere_needs_more)
{
	struct bytes b = hex("00000005 000000 02 00000000");

	feed_every_cut(b, feed);
	bytes_free(b);
}
