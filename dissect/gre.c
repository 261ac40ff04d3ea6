/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * GRE: RFC 2784 with the key and sequence number of RFC 2890, the source routes of RFC 1701, and
 * version 1, by which PPTP (RFC 2637) carries PPP.
 *
 * A key or a call may differ by direction, so neither tells tunnels apart; the subnet of NVGRE does.
 * ERSPAN is no tunnel but a mirror: what is in it was on some wire, not between the outer addresses, and
 * each direction may come from another switch in another session. So it keeps nothing apart.
 */
#include "dissect/inside.h"

enum {
	GRE_CHECKSUM = 0x8000,
	GRE_ROUTING = 0x4000,
	GRE_KEY = 0x2000,
	GRE_SEQUENCE = 0x1000,
	GRE_ACK = 0x0080, /* version 1 */
	GRE_VERSION = 0x0007,
};

enum {
	TYPE_ETHERNET = 0x6558,
	TYPE_PPP = 0x880b,
	TYPE_ERSPAN = 0x88be, /* types I and II */
	TYPE_ERSPAN_3 = 0x22eb,
	TYPE_WCCP = 0x883e, /* a cache's redirection */
};

/* RFC 1701: entries of family, offset, length and so many bytes; an empty one is the last. */
static void skip_routes(struct cursor *c)
{
	uint32_t family;
	uint8_t len;

	do {
		family = cursor_u16(c);
		cursor_skip(c, 1);
		len = cursor_u8(c);
		cursor_skip(c, len);
	} while (!c->short_read && (family != 0 || len != 0));
}

/* draft-foschiano-erspan: none without a sequence number, else 8 bytes, else 12 and 8 optional. */
static enum skip read_erspan(struct walk *walk, uint16_t type, bool numbered)
{
	struct cursor *c = &walk->part.at;

	if (type == TYPE_ERSPAN_3 || numbered)
		cursor_skip(c, 8); /* version, VLAN, session, index */
	if (type == TYPE_ERSPAN_3) {
		bool more;

		cursor_skip(c, 3);
		more = (cursor_u8(c) & 1) != 0;
		cursor_skip(c, more ? 8 : 0);
	}
	if (c->short_read)
		return part_short(&walk->part, SKIP_link_header);
	walk->next = HEADER_ethernet;
	return walk_name(walk, LAYER_erspan);
}

static enum skip read_pptp(struct walk *walk, uint16_t flags)
{
	struct cursor *c = &walk->part.at;

	cursor_skip(c, 4); /* length, call */
	cursor_skip(c, (flags & GRE_SEQUENCE) != 0 ? 4 : 0);
	cursor_skip(c, (flags & GRE_ACK) != 0 ? 4 : 0);
	if (c->short_read)
		return part_short(&walk->part, SKIP_link_header);
	if ((flags & GRE_SEQUENCE) == 0)
		return SKIP_not_tcp; /* RFC 2637 section 4.1: an acknowledgment alone */
	walk->next = HEADER_ppp;
	return tunnel_enter(walk, LAYER_pptp, 0);
}

/* RFC 7637 section 3.2: 24 bits of subnet and eight that vary. */
static enum skip enter(struct walk *walk, uint16_t flags, uint16_t type, uint32_t key)
{
	enum skip why;

	if (type == TYPE_ETHERNET && (flags & GRE_KEY) != 0)
		why = tunnel_enter(walk, LAYER_nvgre, key >> 8);
	else
		why = tunnel_enter(walk, LAYER_gre, 0);
	if (why != SKIP_NONE)
		return why;
	if (type == TYPE_WCCP) {
		if (!ip_may_begin(&walk->part)) /* version 2 has a header, version 1 none */
			cursor_skip(&walk->part.at, 4);
		return walk_on(walk, HEADER_ip);
	}
	return by_ethertype(walk, type);
}

enum skip take_gre(struct walk *walk)
{
	struct cursor *c = &walk->part.at;
	uint16_t flags = cursor_u16(c);
	uint16_t type = cursor_u16(c);
	uint32_t key = 0;

	if (!c->short_read && (flags & GRE_VERSION) == 1 && type == TYPE_PPP)
		return read_pptp(walk, flags);
	if (!c->short_read && (flags & GRE_VERSION) != 0)
		return SKIP_not_tcp;
	cursor_skip(c, (flags & (GRE_CHECKSUM | GRE_ROUTING)) != 0 ? 4 : 0);
	if ((flags & GRE_KEY) != 0)
		key = cursor_u32(c);
	cursor_skip(c, (flags & GRE_SEQUENCE) != 0 ? 4 : 0);
	if ((flags & GRE_ROUTING) != 0)
		skip_routes(c);
	if (c->short_read)
		return part_short(&walk->part, SKIP_link_header);
	if (type == TYPE_ERSPAN || type == TYPE_ERSPAN_3)
		return read_erspan(walk, type, (flags & GRE_SEQUENCE) != 0);
	return enter(walk, flags, type, key);
}
