/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tunnels from a subscriber into a network, in UDP: GTP-U of mobile networks (3GPP TS 29.281),
 * Teredo (RFC 4380), L2TP (RFC 2661).
 *
 * Their identifiers are chosen by the receiver, one for each direction, and tell no tunnels apart.
 */
#include "dissect/inside.h"

#define GTP_G_PDU 0xff       /* a packet of the subscriber; all else is signalling */
#define GTP_EXTENSIONS_MAX 8 /* TS 29.281 section 5.2.1 knows ten, each once */

static enum skip not_ours(const struct walk *walk)
{
	return walk->part.at.short_read ? part_short(&walk->part, SKIP_not_tcp) : SKIP_not_tcp;
}

/* TS 29.281 section 5.2.1: a length in words, content, the type of the next one. */
static bool skip_extensions(struct cursor *c, uint8_t next)
{
	for (int seen = 0; next != 0 && seen < GTP_EXTENSIONS_MAX; seen++) {
		size_t len = (size_t)cursor_u8(c) * 4;

		if (len == 0)
			return false;
		cursor_skip(c, len - 2);
		next = cursor_u8(c);
	}
	return next == 0;
}

static bool is_ip_version(int nibble)
{
	return nibble == 4 || nibble == 6;
}

/* TS 29.281 section 5.1. */
enum skip take_gtp(struct walk *walk)
{
	struct cursor *c = &walk->part.at;
	uint8_t flags = cursor_u8(c);
	uint8_t type = cursor_u8(c);
	enum skip why;

	cursor_skip(c, 6); /* length, tunnel endpoint */
	if (c->short_read || (flags & 0xf0) != 0x30 || type != GTP_G_PDU)
		return not_ours(walk); /* version 1, not the charging protocol */
	if ((flags & 0x07) != 0) {
		uint8_t next;

		cursor_skip(c, 3); /* sequence number, N-PDU number */
		next = cursor_u8(c);
		if (!skip_extensions(c, (flags & 0x04) != 0 ? next : 0) || c->short_read)
			return not_ours(walk);
	}
	why = tunnel_enter(walk, LAYER_gtp, 0);
	if (why != SKIP_NONE)
		return why;
	/* Or Ethernet, or PPP: the control plane said so, elsewhere. */
	return cursor_left(c) == 0 || is_ip_version(part_peek(&walk->part) >> 4) ?
		       walk_on(walk, HEADER_ip) :
		       SKIP_not_ip;
}

/* RFC 4380 section 5.1.1: authentication, then the origin, then IPv6; each may be missing. */
enum skip take_teredo(struct walk *walk)
{
	struct cursor *c = &walk->part.at;
	struct cursor mark = *c;
	uint16_t indication = cursor_u16(&mark);

	if (indication == 0x0001) {
		size_t id_len, value_len;

		cursor_skip(c, 2);
		id_len = cursor_u8(c);
		value_len = cursor_u8(c);
		cursor_skip(c, id_len + value_len + 9); /* and nonce, confirmation */
		mark = *c;
		indication = cursor_u16(&mark);
	}
	if (indication == 0x0000)
		cursor_skip(c, 8);
	if (c->short_read || part_peek(&walk->part) >> 4 != 6)
		return not_ours(walk);
	walk->next = HEADER_ip;
	return tunnel_enter(walk, LAYER_teredo, 0);
}

enum {
	L2TP_CONTROL = 0x8000,
	L2TP_LENGTH = 0x4000,
	L2TP_SEQUENCE = 0x0800,
	L2TP_OFFSET = 0x0200,
	L2TP_VERSION = 0x000f,
};

/* RFC 2661 section 3.1. */
enum skip take_l2tp(struct walk *walk)
{
	struct cursor *c = &walk->part.at;
	uint16_t flags = cursor_u16(c);

	if (!c->short_read && (flags & (L2TP_CONTROL | L2TP_VERSION)) == 3) {
		cursor_skip(c, 2); /* RFC 3931 section 4.1.2.1: reserved */
		return walk_on(walk, HEADER_l2tpv3);
	}
	if (c->short_read || (flags & L2TP_CONTROL) != 0 || (flags & L2TP_VERSION) != 2)
		return not_ours(walk);
	cursor_skip(c, (flags & L2TP_LENGTH) != 0 ? 2 : 0);
	cursor_skip(c, 4); /* tunnel, session */
	cursor_skip(c, (flags & L2TP_SEQUENCE) != 0 ? 4 : 0);
	if ((flags & L2TP_OFFSET) != 0)
		cursor_skip(c, cursor_u16(c));
	if (c->short_read)
		return not_ours(walk);
	walk->next = HEADER_ppp;
	return tunnel_enter(walk, LAYER_l2tp, 0);
}
