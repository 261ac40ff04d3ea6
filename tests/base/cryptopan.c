/* SPDX-License-Identifier: BSD-3-Clause */
#include <arpa/inet.h>
#include <criterion/criterion.h>

#include "base/cryptopan.h"

/* The key and the sample trace that the authors publish with their program. */
static const uint8_t key[CRYPTOPAN_KEY_LEN] = {
	21,  34,  23,  141, 51,  164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16,
	216, 152, 143, 131, 121, 121, 101, 39,  98, 87, 76, 45, 42, 132, 34,  2,
};

static bool never(const uint8_t *at, size_t depth)
{
	(void)at, (void)depth;
	return false;
}

static bool first_octet(const uint8_t *at, size_t depth)
{
	(void)at;
	return depth < 8;
}

Test(base_cryptopan, the_published_trace_is_mapped_as_published)
{
	static const char *const rows[][2] = {
		{ "128.11.68.132", "135.242.180.132" },   { "129.118.74.4", "134.136.186.123" },
		{ "130.132.252.244", "133.68.164.234" },  { "141.223.7.43", "141.167.8.160" },
		{ "141.233.145.108", "141.129.237.235" }, { "152.163.225.39", "151.140.114.167" },
		{ "156.29.3.236", "147.225.12.42" },      { "165.247.96.84", "162.9.99.234" },
		{ "166.107.77.190", "160.132.178.185" },  { "192.102.249.13", "252.138.62.131" },
	};
	struct cryptopan pan;

	cryptopan_begin(&pan, key);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t at[4];
		char text[INET_ADDRSTRLEN];

		inet_pton(AF_INET, rows[i][0], at);
		cryptopan_map(&pan, at, 32, never);
		cr_expect_str_eq(inet_ntop(AF_INET, at, text, sizeof(text)), rows[i][1], "%s",
				 rows[i][0]);
	}
}

Test(base_cryptopan, a_long_address_is_mapped_as_others_map_it)
{
	uint8_t at[16];
	char text[INET6_ADDRSTRLEN];
	struct cryptopan pan;

	cryptopan_begin(&pan, key);
	inet_pton(AF_INET6, "2001:db8::1", at);
	cryptopan_map(&pan, at, 128, never);
	cr_expect_str_eq(inet_ntop(AF_INET6, at, text, sizeof(text)),
			 "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e");
}

Test(base_cryptopan, bits_that_stay_do_not_change_what_follows)
{
	uint8_t mapped[4] = { 128, 11, 68, 132 }, kept[4] = { 128, 11, 68, 132 };
	struct cryptopan pan;

	cryptopan_begin(&pan, key);
	cryptopan_map(&pan, mapped, 32, never);
	cryptopan_map(&pan, kept, 32, first_octet);
	cr_expect_eq(kept[0], 128);
	cr_expect_arr_eq(kept + 1, mapped + 1, 3);
}
