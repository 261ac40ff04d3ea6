/* SPDX-License-Identifier: BSD-3-Clause */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <string.h>

#include "base/pseudonym.h"

static struct pseudonyms of_key(uint8_t first)
{
	uint8_t key[PSEUDONYM_KEY_LEN] = { first, 2, 3 };
	struct pseudonyms p;

	pseudonyms_begin(&p, key);
	return p;
}

static uint32_t mapped(const struct pseudonyms *p, uint32_t address)
{
	uint8_t at[4] = { (uint8_t)(address >> 24), (uint8_t)(address >> 16),
			  (uint8_t)(address >> 8), (uint8_t)address };

	pseudonym_ipv4(p, at);
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int common(uint32_t a, uint32_t b)
{
	return a == b ? 32 : __builtin_clz(a ^ b);
}

Test(base_pseudonym, addresses_share_as_long_a_prefix_as_before)
{
	struct pseudonyms p = of_key(1);
	uint32_t a = 0x12345678, b = 0x9abcdef0;

	for (int i = 0; i < 20000; i++) {
		a = a * 1664525 + 1013904223;
		b = i % 2 ? a ^ 1u << i % 32 : b * 22695477 + 1;
		cr_assert_eq(common(mapped(&p, a), mapped(&p, b)), common(a, b), "%08x %08x", a, b);
	}
}

Test(base_pseudonym, addresses_of_a_kind_stay_of_it_and_no_other_joins_them)
{
	static const struct {
		uint32_t prefix, mask;
	} kinds[] = {
		{ 0x0a000000, 0xff000000 }, { 0x64400000, 0xffc00000 }, { 0x7f000000, 0xff000000 },
		{ 0xa9fe0000, 0xffff0000 }, { 0xac100000, 0xfff00000 }, { 0xc0a80000, 0xffff0000 },
		{ 0xe0000000, 0xf0000000 },
	};

	for (uint8_t k = 0; k < 20; k++) {
		struct pseudonyms p = of_key(k);
		uint32_t a = k;

		for (int i = 0; i < 1000; i++) {
			a = a * 1664525 + 1013904223;
			for (size_t row = 0; row < sizeof(kinds) / sizeof(kinds[0]); row++) {
				uint32_t prefix = kinds[row].prefix, mask = kinds[row].mask;
				uint32_t inside = prefix | (a & ~mask);

				cr_assert_eq(mapped(&p, inside) & mask, prefix, "%08x", inside);
				cr_assert_eq((mapped(&p, a) & mask) == prefix, (a & mask) == prefix,
					     "%08x", a);
			}
		}
	}
}

Test(base_pseudonym, loopback_broadcast_and_none_name_nobody_and_stay)
{
	struct pseudonyms p = of_key(1);
	uint8_t loopback[16] = { [15] = 1 }, none[16] = { 0 }, all[MAC_LEN];

	cr_expect_eq(mapped(&p, 0x7f000001), 0x7f000001);
	cr_expect_eq(mapped(&p, 0xffffffff), 0xffffffff);
	cr_expect_eq(mapped(&p, 0), 0);
	pseudonym_ipv6(&p, loopback);
	cr_expect_eq(loopback[15], 1);
	cr_expect_eq(loopback[0], 0);
	pseudonym_ipv6(&p, none);
	cr_expect_eq(none[15], 0);
	memset(all, 255, sizeof(all));
	pseudonym_mac(&p, all);
	cr_expect_eq(all[0], 255);
}

Test(base_pseudonym, hosts_of_private_and_link_local_networks_are_replaced)
{
	struct pseudonyms p = of_key(1);
	uint8_t link[16], other[16];

	cr_expect_neq(mapped(&p, 0xc0a80105), 0xc0a80105);
	cr_expect_neq(mapped(&p, 0xa9fe0105), 0xa9fe0105);
	inet_pton(AF_INET6, "fe80::211:22ff:fe33:4455", link);
	memcpy(other, link, sizeof(other));
	pseudonym_ipv6(&p, other);
	cr_expect_arr_eq(other, link, 8);
	cr_expect_arr_neq(other + 8, link + 8, 8);
	inet_pton(AF_INET6, "ff02::1:ff33:4455", link);
	memcpy(other, link, sizeof(other));
	pseudonym_ipv6(&p, other);
	cr_expect_arr_eq(other, link, 2);
	cr_expect_arr_neq(other + 12, link + 12, 4);
}

Test(base_pseudonym, the_same_key_gives_the_same_names_and_another_others)
{
	struct pseudonyms p = of_key(1), again = of_key(1), q = of_key(9);
	char a[] = "bastion7.corp.example", b[] = "bastion7.corp.example",
	     c[] = "bastion7.corp.example";

	pseudonym_words(&p, a, sizeof(a) - 1);
	pseudonym_words(&again, b, sizeof(b) - 1);
	pseudonym_words(&q, c, sizeof(c) - 1);
	cr_expect_str_eq(a, b);
	cr_expect_str_neq(a, c);
	cr_expect_neq(mapped(&p, 0xc6336401), mapped(&q, 0xc6336401));
}

Test(base_pseudonym, words_keep_their_length_and_blanks_and_nothing_else)
{
	struct pseudonyms p = of_key(1);
	char a[] = "Ask Bob <bob@corp.example>\r\n", b[] = "Ask Bob <bob@corp.examplE>\r\n";

	pseudonym_words(&p, a, sizeof(a) - 1);
	pseudonym_words(&p, b, sizeof(b) - 1);
	cr_expect_eq(strspn(a, "abcdefghijklmnopqrstuvwxyz \r\n"), sizeof(a) - 1);
	cr_expect_eq(a[3], ' ');
	cr_expect_eq(a[sizeof(a) - 2], '\n');
	cr_expect_arr_neq(a, b, 3, "a letter at the end changes the beginning, too");
}

Test(base_pseudonym, no_text_is_too_short_or_too_long_for_another_one)
{
	struct pseudonyms p = of_key(1);
	char a[300], b[300];

	for (size_t len = 1; len < sizeof(a); len++) {
		memset(a, '#', sizeof(a));
		memset(b, '#', sizeof(b));
		pseudonym_words(&p, a, len);
		cr_assert_eq(memchr(a, '#', len), NULL, "%zu", len);
		cr_assert(len == sizeof(a) || a[len] == '#', "%zu", len);
		pseudonym_bytes(&p, b, len);
		cr_assert(len == sizeof(b) || b[len] == '#', "%zu", len);
		cr_assert(len < 4 || memcmp(b, "####", 4) != 0, "%zu", len);
	}
}

Test(base_pseudonym, macs_stay_groups_or_stations_and_are_marked_as_local)
{
	struct pseudonyms p = of_key(1);
	uint8_t station[MAC_LEN] = { 0x00, 0x11, 0x22, 0x33, 0x44, 0x55 };
	uint8_t group[MAC_LEN] = { 0x33, 0x33, 0xff, 0x33, 0x44, 0x55 };

	pseudonym_mac(&p, station);
	pseudonym_mac(&p, group);
	cr_expect_eq(station[0] & 3, 2);
	cr_expect_eq(group[0] & 3, 3);
	cr_expect_neq(station[5], 0x55);
	cr_expect_neq(group[5], 0x55);
}

Test(base_pseudonym, a_random_key_is_another_each_time)
{
	struct pseudonyms p, q;

	pseudonyms_begin_random(&p);
	pseudonyms_begin_random(&q);
	cr_expect_arr_neq(p.addresses.pad, q.addresses.pad, sizeof(p.addresses.pad));
}
