/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Overlays of data centres: VXLAN (RFC 7348) and its generic extension (draft-ietf-nvo3-vxlan-gpe),
 * Geneve (RFC 8926), and the service header that may follow (RFC 8300). The network identifier of
 * VXLAN is the same in both directions; that of Geneve is each sender's own where virtual switches
 * put the datapath or port there, and so tells no tunnels apart.
 */
#include "dissect/inside.h"

#define VXLAN_HAS_VNI 0x08
#define VXLAN_HAS_NEXT 0x04

enum skip by_next(struct walk *walk, uint32_t next)
{
	switch (next) {
	case 1: /* IPv4 */
	case 2: /* IPv6 */
		return walk_on(walk, HEADER_ip);
	case 3:
		return walk_on(walk, HEADER_ethernet);
	case 4:
		return walk_on(walk, HEADER_nsh);
	case 5:
		return walk_on(walk, HEADER_mpls);
	default:
		return SKIP_not_ip;
	}
}

static enum skip read_vxlan(struct walk *walk, enum layer layer)
{
	struct cursor *c = &walk->part.at;
	uint8_t flags = cursor_u8(c);
	uint8_t next;
	uint32_t vni;
	enum skip why;

	cursor_skip(c, 2);
	next = cursor_u8(c);
	vni = cursor_u32(c) >> 8;
	if (c->short_read)
		return part_short(&walk->part, SKIP_not_tcp);
	if ((flags & VXLAN_HAS_VNI) == 0)
		return SKIP_not_tcp; /* somebody else's port */
	why = tunnel_enter(walk, layer, vni);
	if (why != SKIP_NONE)
		return why;
	if (layer == LAYER_vxlan_gpe && (flags & VXLAN_HAS_NEXT) != 0)
		return by_next(walk, next);
	return walk_on(walk, HEADER_ethernet);
}

enum skip take_vxlan(struct walk *walk)
{
	return read_vxlan(walk, LAYER_vxlan);
}

enum skip take_vxlan_gpe(struct walk *walk)
{
	return read_vxlan(walk, LAYER_vxlan_gpe);
}

/* RFC 8926 section 3.4: version 0, options counted in words. */
enum skip take_geneve(struct walk *walk)
{
	struct cursor *c = &walk->part.at;
	uint8_t version_and_len = cursor_u8(c);
	uint16_t ethertype;
	enum skip why;

	cursor_skip(c, 1);
	ethertype = cursor_u16(c);
	cursor_skip(c, 4); /* VNI, reserved */
	if (!c->short_read && version_and_len >> 6 != 0)
		return SKIP_not_tcp;
	cursor_skip(c, (size_t)(version_and_len & 0x3f) * 4);
	if (c->short_read)
		return part_short(&walk->part, SKIP_not_tcp);
	why = tunnel_enter(walk, LAYER_geneve, 0);
	return why == SKIP_NONE ? by_ethertype(walk, ethertype) : why;
}

/* RFC 8300 section 2.2: the length counts words of the whole header. */
enum skip take_nsh(struct walk *walk)
{
	struct cursor *c = &walk->part.at;
	size_t len = (size_t)(cursor_u16(c) & 0x3f) * 4;
	enum skip why = walk_name(walk, LAYER_nsh);
	uint8_t next;

	cursor_skip(c, 1);
	next = cursor_u8(c);
	if (why != SKIP_NONE)
		return why;
	if (!c->short_read && len < 8)
		return SKIP_link_header;
	cursor_skip(c, len > 4 ? len - 4 : 0);
	if (c->short_read)
		return part_short(&walk->part, SKIP_link_header);
	return by_next(walk, next);
}
