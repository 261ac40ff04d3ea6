/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "dissect/packet.h"

TestSuite(dissect_address);

static const struct endpoint v4 = { { 4, { 192, 0, 2, 10 } }, 22 };
static const struct endpoint v6 = { { 6, { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } }, 2222 };
static const struct endpoint none = { { 0, { 0 } }, 0 };

static void expect_words(const struct endpoint *end, const char *wanted)
{
	char buffer[64];
	struct text t = text_in(buffer, sizeof(buffer));

	endpoint_add(&t, end);
	cr_expect_str_eq(buffer, wanted);
}

Test(dissect_address, endpoints_of_ipv6_are_in_brackets)
{
	expect_words(&v4, "192.0.2.10:22");
	expect_words(&v6, "[2001:db8::1]:2222");
	expect_words(&none, "unknown:0");
}

Test(dissect_address, family_address_and_port_make_an_endpoint)
{
	struct endpoint other = v4;

	cr_expect(endpoint_equal(&v4, &other));
	other.port = 23;
	cr_expect_not(endpoint_equal(&v4, &other));
	cr_expect(address_equal(&v4.ip, &other.ip));
	other.port = 22;
	other.ip.bytes[3] = 11;
	cr_expect_not(endpoint_equal(&v4, &other));
	other = v4;
	other.ip.family = 6;
	cr_expect_not(address_equal(&v4.ip, &other.ip));
}
