/* SPDX-License-Identifier: BSD-3-Clause */
/* Bits of addresses, counted from the first of the first byte (RFC 4632, RFC 4291 section 2.3). */
#include "report/prefix.h"

#include <string.h>

static uint8_t bits_of(const struct address *ip)
{
	return ip->family == 4 ? 32 : 128;
}

struct prefix prefix_of(const struct address *ip, uint8_t len)
{
	struct prefix prefix = { *ip, len < bits_of(ip) ? len : bits_of(ip) };
	uint8_t *byte = prefix.ip.bytes + prefix.len / 8,
		*end = prefix.ip.bytes + sizeof(ip->bytes);
	unsigned kept = prefix.len % 8; /* bits of that byte */

	if (kept != 0)
		*byte++ &= (uint8_t)(0xff << (8 - kept));
	memset(byte, 0, (size_t)(end - byte));
	return prefix;
}

static bool holds(const struct prefix *wide, const struct prefix *other)
{
	struct prefix cut = prefix_of(&other->ip, wide->len);

	return other->len >= wide->len && prefix_equal(&cut, wide);
}

bool prefix_join(struct prefix *to, const struct prefix *from)
{
	uint8_t most = to->len < from->len ? to->len : from->len, len = 0;

	if (to->ip.family != from->ip.family)
		return false;
	if (holds(to, from)) /* soon that is so of nearly all */
		return true;
	while (len < most) {
		uint8_t differ = to->ip.bytes[len / 8] ^ from->ip.bytes[len / 8];

		if ((differ & (0x80 >> len % 8)) != 0)
			break;
		len++;
	}
	*to = prefix_of(&to->ip, len);
	return true;
}

bool prefix_equal(const struct prefix *a, const struct prefix *b)
{
	return a->len == b->len && address_equal(&a->ip, &b->ip);
}

void prefix_add(struct text *t, const struct prefix *prefix)
{
	if (prefix->len == 0) {
		text_add(t, "anywhere");
		return;
	}
	address_add(t, &prefix->ip);
	if (prefix->len < bits_of(&prefix->ip))
		text_add(t, "/%u", prefix->len);
}
