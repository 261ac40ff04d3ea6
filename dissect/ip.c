/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * IPv4 (RFC 791) and IPv6 (RFC 8200) with the extension headers that may stand before TCP.
 *
 * The length in the IP header decides where the datagram ends: what the frame holds beyond it is
 * padding, and a datagram that claims more than was on the wire is a lie.
 */
#include "dissect/inside.h"

/* RFC 8200 section 4.1: each kind once, destination options twice, ESP ends the chain. */
#define EXTENSIONS_MAX 8

/*
 * A sender with segmentation offload shows its kernel's super-segments, and one of more than 64 KiB
 * has length 0. Linux never builds larger ones (GSO_MAX_SIZE); a frame's own length is a claim.
 */
#define SUPER_SEGMENT_MAX 0x80000

/* IPv6 extension headers; AH (RFC 4302) counts its length in other units. */
enum {
	EXTENSION_HOP_BY_HOP = 0,
	EXTENSION_ROUTING = 43,
	EXTENSION_FRAGMENT = 44,
	EXTENSION_AUTHENTICATION = 51,
	EXTENSION_DESTINATION = 60,
};

static void read_address(struct cursor *c, struct address *address, uint8_t family)
{
	*address = (struct address){ .family = family };
	cursor_copy(c, address->bytes, family == 4 ? 4 : 16);
}

static enum skip read_ipv4(struct part *part, struct ip *ip)
{
	struct cursor *c = &part->at;
	size_t header_len = (size_t)(cursor_u8(c) & 0x0f) * 4;
	uint16_t total_len, fragment;

	ip->tos = cursor_u8(c);
	total_len = cursor_u16(c);
	ip->id = cursor_u16(c);
	fragment = cursor_u16(c);
	ip->ttl = cursor_u8(c);
	ip->protocol = cursor_u8(c);
	cursor_skip(c, 2); /* the checksum: offload leaves it to the card */
	read_address(c, &ip->src, 4);
	read_address(c, &ip->dst, 4);
	if (c->short_read)
		return part_short(part, SKIP_ip_header);
	if (header_len < 20) /* RFC 791 section 3.1: five words at least */
		return SKIP_ip_header;
	if (total_len != 0 && total_len < header_len)
		return SKIP_ip_header;
	cursor_skip(c, header_len - 20);
	if (c->short_read)
		return part_short(part, SKIP_ip_header);

	ip->has_id = true;
	ip->df = (fragment & 0x4000) != 0;
	ip->more = (fragment & 0x2000) != 0;
	ip->offset = (fragment & 0x1fffu) * 8;
	ip->is_fragment = ip->more || ip->offset != 0;
	ip->group = ip->id;
	ip->has_len = total_len != 0;
	ip->len = ip->has_len ? total_len - (uint32_t)header_len : 0;
	return SKIP_NONE;
}

static enum skip read_ipv6(struct part *part, struct ip *ip)
{
	struct cursor *c = &part->at;
	uint32_t first = cursor_u32(c);

	ip->tos = (uint8_t)(first >> 20);
	ip->len = cursor_u16(c);
	ip->has_len = ip->len != 0;
	ip->protocol = cursor_u8(c);
	ip->ttl = cursor_u8(c);
	read_address(c, &ip->src, 6);
	read_address(c, &ip->dst, 6);
	return c->short_read ? part_short(part, SKIP_ip_header) : SKIP_NONE;
}

static enum skip read_fixed(struct part *part, struct ip *ip)
{
	struct cursor version = part->at; /* a copy: the header is read from its first byte */

	*ip = (struct ip){ 0 };
	switch (cursor_u8(&version) >> 4) {
	case 4:
		return read_ipv4(part, ip);
	case 6:
		return read_ipv6(part, ip);
	default:
		return version.short_read ? part_short(part, SKIP_ip_header) : SKIP_ip_header;
	}
}

/* Makes the part end where the datagram does. */
static enum skip narrow(struct part *part, const struct ip *ip)
{
	size_t left = cursor_left(&part->at);

	if (!ip->has_len)
		return part_wire_len(part) <= SUPER_SEGMENT_MAX ? SKIP_NONE : SKIP_ip_header;
	if (ip->len > part_wire_len(part))
		return SKIP_ip_header;
	if (ip->len <= left)
		*part = (struct part){ .at = cursor_slice(&part->at, ip->len) };
	else
		part->missing = ip->len - (uint32_t)left;
	return SKIP_NONE;
}

/* IPv4 (RFC 4302) knows authentication only; the other numbers mean something else there. */
static bool is_extension(const struct ip *ip)
{
	switch (ip->protocol) {
	case EXTENSION_AUTHENTICATION:
		return true;
	case EXTENSION_HOP_BY_HOP:
	case EXTENSION_ROUTING:
	case EXTENSION_FRAGMENT:
	case EXTENSION_DESTINATION:
		return ip->src.family == 6;
	default:
		return false;
	}
}

/* RFC 8200 sections 4.3 to 4.6, RFC 4302 section 2. */
static enum skip read_extension(struct part *part, struct ip *ip)
{
	struct cursor *c = &part->at;
	uint8_t kind = ip->protocol;
	uint8_t len;

	ip->protocol = cursor_u8(c);
	len = cursor_u8(c);
	if (kind == EXTENSION_FRAGMENT) {
		uint16_t fragment = cursor_u16(c);

		ip->offset = fragment & 0xfff8;
		ip->more = (fragment & 1) != 0;
		ip->is_fragment = ip->more || ip->offset != 0; /* RFC 6946: or an atomic one */
		ip->group = cursor_u32(c);
	} else if (kind == EXTENSION_AUTHENTICATION) {
		cursor_skip(c, ((size_t)len + 2) * 4 - 2);
	} else {
		cursor_skip(c, ((size_t)len + 1) * 8 - 2);
	}
	return c->short_read ? part_short(part, SKIP_ip_header) : SKIP_NONE;
}

/* Up to the header of the next layer, or to the bytes of a fragment. */
static enum skip read_extensions(struct part *part, struct ip *ip)
{
	enum skip why = SKIP_NONE;
	int seen = 0;

	while (why == SKIP_NONE && !ip->is_fragment && is_extension(ip))
		why = seen++ < EXTENSIONS_MAX ? read_extension(part, ip) : SKIP_ip_header;
	return why;
}

/* Of a datagram in pieces a router quotes the first, which has what is asked for. */
enum skip ip_read_quoted(struct part *part, struct ip *ip)
{
	enum skip why = read_fixed(part, ip);

	ip->is_fragment = ip->offset != 0;
	if (why == SKIP_NONE)
		why = read_extensions(part, ip);
	if (why == SKIP_NONE && ip->is_fragment && ip->offset == 0) {
		ip->is_fragment = false;
		why = read_extensions(part, ip);
	}
	return why == SKIP_NONE && ip->is_fragment ? SKIP_icmp_quote : why;
}

bool ip_may_begin(const struct part *part)
{
	struct part copy = *part;
	enum skip why;
	struct ip ip;

	why = read_fixed(&copy, &ip);
	if (why == SKIP_NONE)
		why = narrow(&copy, &ip);
	return why == SKIP_NONE || why == SKIP_cut;
}

/* ---- what follows ---- */

static void keep(const struct ip *ip, struct packet *packet)
{
	packet->src.ip = ip->src;
	packet->dst.ip = ip->dst;
	packet->ttl = ip->ttl;
	packet->tos = ip->tos;
	packet->has_ip_id = ip->has_id;
	packet->ip_id = ip->id;
	packet->df = ip->df;
}

static enum skip go_on(struct walk *walk)
{
	const struct ip *ip = &walk->ip;
	enum header next;

	keep(ip, walk->packet);
	if (ip->protocol == IP_PROTOCOL_TCP)
		return walk_on(walk, HEADER_tcp);
	if (ip->protocol == IP_PROTOCOL_UDP)
		return walk_on(walk, HEADER_udp);
	if (ip->protocol == (ip->src.family == 4 ? IP_PROTOCOL_ICMP : IP_PROTOCOL_ICMPV6))
		return walk_on(walk, HEADER_icmp);
	next = tunnel_by_protocol(ip->protocol);
	return next != HEADER_none ? walk_on(walk, next) : SKIP_not_tcp;
}

enum skip take_ip(struct walk *walk)
{
	enum skip why = read_fixed(&walk->part, &walk->ip);

	if (why == SKIP_NONE)
		why = narrow(&walk->part, &walk->ip);
	if (why == SKIP_NONE)
		why = read_extensions(&walk->part, &walk->ip);
	if (why == SKIP_NONE && walk->ip.is_fragment)
		return SKIP_fragment;
	return why == SKIP_NONE ? go_on(walk) : why;
}

/* The fragment header of IPv6 stands before other extensions, which all pieces share. */
enum skip take_ip_rest(struct walk *walk)
{
	enum skip why = read_extensions(&walk->part, &walk->ip);

	if (why == SKIP_NONE && walk->ip.is_fragment)
		return SKIP_ip_header; /* RFC 8200 section 4.1: one fragment header at most */
	return why == SKIP_NONE ? go_on(walk) : why;
}
