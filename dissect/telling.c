/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Frames that are no packets of a connection and tell of its ends all the same: who has which
 * hardware address (ARP, RFC 826; neighbour discovery, RFC 4861), and pieces of a datagram, which
 * name no ports.
 */
#include "dissect/inside.h"

#define ETHERTYPE_IPV4 0x0800u
#define ETHERTYPE_ARP 0x0806u

enum {
	ND_ROUTER_SOLICITATION = 133,
	ND_ROUTER_ADVERTISEMENT = 134,
	ND_NEIGHBOR_SOLICITATION = 135,
	ND_NEIGHBOR_ADVERTISEMENT = 136,
	ND_REDIRECT = 137,
};

static struct address read_address(struct cursor *c, uint8_t family)
{
	struct address address = { .family = family };

	cursor_copy(c, address.bytes, family == 4 ? 4 : 16);
	return address;
}

/* RFC 826: sender and target, each with a hardware address before. */
static enum telling read_arp(struct cursor *c, struct address about[2])
{
	uint16_t protocol;
	uint8_t hardware_len, protocol_len;

	cursor_skip(c, 2); /* the hardware */
	protocol = cursor_u16(c);
	hardware_len = cursor_u8(c);
	protocol_len = cursor_u8(c);
	cursor_skip(c, 2); /* request or answer */
	if (protocol != ETHERTYPE_IPV4 || protocol_len != 4)
		return TELLING_NOTHING;
	cursor_skip(c, hardware_len);
	about[0] = read_address(c, 4);
	cursor_skip(c, hardware_len);
	about[1] = read_address(c, 4);
	return c->short_read ? TELLING_NOTHING : TELLING_NEIGHBOUR;
}

/* RFC 4861 section 4: who says it, and of whom. */
static enum telling read_nd(const struct ip *ip, struct cursor *c, struct address about[2])
{
	uint8_t type = cursor_u8(c);

	about[0] = ip->src;
	about[1] = ip->dst;
	cursor_skip(c, 7); /* code, checksum, flags */
	switch (type) {
	case ND_ROUTER_SOLICITATION:
	case ND_ROUTER_ADVERTISEMENT:
		break;
	case ND_REDIRECT:
		cursor_skip(c, 16); /* the better next hop; then for whom */
		about[1] = read_address(c, 6);
		break;
	case ND_NEIGHBOR_SOLICITATION:
	case ND_NEIGHBOR_ADVERTISEMENT:
		about[1] = read_address(c, 6);
		break;
	default:
		return TELLING_NOTHING;
	}
	return c->short_read ? TELLING_NOTHING : TELLING_NEIGHBOUR;
}

enum telling dissect_telling(const struct frame *frame, struct address about[2])
{
	struct packet packet;
	struct walk walk = walk_begin(frame, &packet);
	enum skip why = walk_until(&walk, HEADER_icmp);

	if (why == SKIP_not_ip && walk.number == ETHERTYPE_ARP)
		return read_arp(&walk.part.at, about);
	if (why == SKIP_fragment) {
		about[0] = walk.ip.src;
		about[1] = walk.ip.dst;
		return TELLING_FRAGMENT;
	}
	if (why == SKIP_NONE && walk.next == HEADER_icmp && walk.ip.src.family == 6)
		return read_nd(&walk.ip, &walk.part.at, about);
	return TELLING_NOTHING;
}
