/* SPDX-License-Identifier: BSD-3-Clause */
/* PPP (RFC 1661, RFC 1662) and PPP over Ethernet (RFC 2516). */
#include "dissect/inside.h"

enum skip by_ppp(struct walk *walk, uint32_t protocol)
{
	switch (protocol) {
	case 0x0021: /* IPv4 */
	case 0x0057: /* IPv6 */
		return walk_on(walk, HEADER_ip);
	case 0x0281: /* RFC 3032 section 4.3 */
	case 0x0283:
		return walk_on(walk, HEADER_mpls);
	case 0x0053: /* RFC 1968 */
	case 0x00fd: /* RFC 1962; RFC 3078 */
		return SKIP_ppp_packed;
	default:
		return SKIP_not_ip;
	}
}

/* RFC 1661 section 6.5: the last byte of the number is odd, its others are even. */
static uint32_t read_protocol(struct cursor *c)
{
	uint32_t protocol = cursor_u8(c);

	return (protocol & 1) != 0 ? protocol : protocol << 8 | cursor_u8(c);
}

enum skip take_ppp(struct walk *walk)
{
	struct cursor *c = &walk->part.at;
	enum skip why = walk_name(walk, LAYER_ppp);
	uint32_t protocol;

	if (why != SKIP_NONE)
		return why;
	if (part_peek(&walk->part) == 0xff) /* address and control, if they are not left out */
		cursor_skip(c, 2);
	protocol = read_protocol(c);
	if (c->short_read)
		return part_short(&walk->part, SKIP_link_header);
	return by_ppp(walk, protocol);
}

enum skip take_pppoe(struct walk *walk)
{
	struct cursor *c = &walk->part.at;
	enum skip why = walk_name(walk, LAYER_pppoe);
	uint16_t version_and_code = cursor_u16(c);
	uint32_t protocol;

	if (why != SKIP_NONE)
		return why;
	cursor_skip(c, 4); /* session, length */
	protocol = read_protocol(c);
	if (c->short_read)
		return part_short(&walk->part, SKIP_link_header);
	return version_and_code == 0x1100 ? by_ppp(walk, protocol) : SKIP_not_ip;
}
