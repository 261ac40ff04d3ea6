/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * L2TPv3 with Ethernet (RFC 3931, RFC 4719), the pseudowire of Linux and of routers.
 *
 * How long the cookie is, and whether four bytes of sublayer follow it, was agreed on elsewhere and stands
 * nowhere in the packet. So each length there can be is tried: one that is wrong would have to put
 * an EtherType of IP before an IP header whose version and length fit what was sent.
 */
#include "dissect/inside.h"

#define ADDRESSES_LEN 12 /* of Ethernet */
#define TAG_LEN 4

/* RFC 3931 section 4.1: cookie of 0, 4 or 8 bytes, and sublayer of 0 or 4 (section 4.6). */
#define BETWEEN_MAX 12
#define BETWEEN_STEP 4

static bool is_ethernet_with_ip(struct part part)
{
	uint16_t type;

	cursor_skip(&part.at, ADDRESSES_LEN);
	type = cursor_u16(&part.at);
	if (type == 0x8100) {
		cursor_skip(&part.at, TAG_LEN - 2);
		type = cursor_u16(&part.at);
	}
	if (part.at.short_read || (type != 0x0800 && type != 0x86dd))
		return false;
	return (part_peek(&part) >> 4 == 4) == (type == 0x0800) && ip_may_begin(&part);
}

/* RFC 3931 section 4.1.1.2: session 0 is for control. */
enum skip take_l2tpv3(struct walk *walk)
{
	const uint32_t session = cursor_u32(&walk->part.at);

	if (walk->part.at.short_read)
		return part_short(&walk->part, SKIP_not_tcp);
	if (session == 0)
		return SKIP_not_tcp;
	for (size_t between = 0; between <= BETWEEN_MAX; between += BETWEEN_STEP) {
		struct part part = walk->part;

		cursor_skip(&part.at, between);
		if (!is_ethernet_with_ip(part))
			continue;
		walk->part = part;
		walk->next = HEADER_ethernet;
		return tunnel_enter(walk, LAYER_l2tpv3, 0);
	}
	/* Another frame, or one that was cut before that could be told. */
	return part_short(&walk->part, SKIP_not_tcp);
}
