/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "report/prefix.h"

static const struct address ten = { 4, { 10, 1, 200, 7 } };
static const struct address six = { 6, { 0x20, 0x01, 0x0d, 0xb8, 0, 1, 0xff, 0xff, 0xff } };

static void expect(const struct prefix *prefix, const char *wanted)
{
	char buffer[64];
	struct text t = text_in(buffer, sizeof(buffer));

	prefix_add(&t, prefix);
	cr_expect_str_eq(buffer, wanted, "%s", buffer);
}

Test(report_prefix, a_network_is_the_first_bits_of_an_address)
{
	static const struct {
		uint8_t len;
		const char *wanted;
	} rows[] = { { 255, "10.1.200.7" },   { 32, "10.1.200.7" },    { 31, "10.1.200.6/31" },
		     { 24, "10.1.200.0/24" }, { 18, "10.1.192.0/18" }, { 17, "10.1.128.0/17" },
		     { 16, "10.1.0.0/16" },   { 1, "0.0.0.0/1" },      { 0, "anywhere" } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct prefix prefix = prefix_of(&ten, rows[i].len);

		expect(&prefix, rows[i].wanted);
	}
}

Test(report_prefix, networks_of_ipv6_are_longer)
{
	struct prefix prefix = prefix_of(&six, 48);

	expect(&prefix, "2001:db8:1::/48");
	prefix = prefix_of(&six, 64);
	expect(&prefix, "2001:db8:1:ffff::/64");
	prefix = prefix_of(&six, 255);
	expect(&prefix, "2001:db8:1:ffff:ff00::");
}

Test(report_prefix, joined_networks_are_what_both_begin_with)
{
	static const struct address near = { 4, { 10, 1, 129, 0 } },
				    far = { 4, { 138, 1, 200, 7 } };
	struct prefix prefix = prefix_of(&ten, 255), other = prefix_of(&near, 255);

	cr_expect(prefix_join(&prefix, &other));
	expect(&prefix, "10.1.128.0/17");
	other = prefix_of(&ten, 8);
	cr_expect(prefix_join(&prefix, &other), "a wider one that holds it");
	expect(&prefix, "10.0.0.0/8");
	other = prefix_of(&far, 255);
	cr_expect(prefix_join(&prefix, &other));
	expect(&prefix, "anywhere");
}

Test(report_prefix, the_families_of_addresses_have_nothing_in_common)
{
	struct prefix prefix = prefix_of(&ten, 255), other = prefix_of(&six, 0);

	cr_expect_not(prefix_join(&prefix, &other));
	expect(&prefix, "10.1.200.7");
	prefix = prefix_of(&ten, 0);
	cr_expect_not(prefix_equal(&prefix, &other));
}
