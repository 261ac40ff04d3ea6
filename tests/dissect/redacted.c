/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE /* memmem() */
#include "tests/dissect/redacted.h"

#include <criterion/criterion.h>
#include <string.h>

#include "dissect/dissect.h"

struct pseudonyms redacted_names(void)
{
	uint8_t key[PSEUDONYM_KEY_LEN] = { 7 };
	struct pseudonyms p;

	pseudonyms_begin(&p, key);
	return p;
}

struct bytes redacted(int link_type, bool clear, struct bytes b)
{
	struct frame frame = frame_of(link_type, b);
	struct pseudonyms p = redacted_names();
	struct bytes out = bytes_copy(b.at, b.len);

	out.len = dissect_redact(&p, &frame, clear, out.at);
	cr_assert_leq(out.len, b.len);
	return out;
}

bool holds(struct bytes b, const void *what, size_t len)
{
	return b.len >= len && memmem(b.at, b.len, what, len) != NULL;
}

uint16_t sum_of(const uint8_t *at, size_t len, uint32_t sum)
{
	for (size_t i = 0; i < len; i++)
		sum += i % 2 == 0 ? (uint32_t)at[i] << 8 : at[i];
	while (sum > UINT16_MAX)
		sum = (sum >> 16) + (sum & UINT16_MAX);
	return (uint16_t)sum;
}

uint32_t pseudo4(struct bytes ip, uint8_t protocol)
{
	return sum_of(ip.at + 12, 8, (uint32_t)(ip.len - 20) + protocol);
}

struct bytes sealed(uint8_t protocol, size_t field, struct bytes inner)
{
	struct bytes ip = ipv4(protocol, inner);
	uint32_t pseudo = protocol == 1 ? 0 : pseudo4(ip, protocol);

	put_u16(ip, 20 + field, (uint16_t)~sum_of(ip.at + 20, ip.len - 20, pseudo));
	put_u16(ip, 10, (uint16_t)~sum_of(ip.at, 20, 0));
	return ip;
}

bool is_right4(struct bytes ip, uint8_t protocol)
{
	uint32_t pseudo = protocol == 1 ? 0 : pseudo4(ip, protocol);

	return sum_of(ip.at, 20, 0) == 0xffff && sum_of(ip.at + 20, ip.len - 20, pseudo) == 0xffff;
}

struct bytes solicitation(void)
{
	struct bytes ip = ipv6(58, hex("87 00 0000 00000000 20010db8000000000000000000000002"
				       "01 01 020000000001"));

	put_u16(ip, 42, (uint16_t)~sum_of(ip.at + 40, 32, sum_of(ip.at + 8, 32, 32 + 58)));
	return ip;
}
