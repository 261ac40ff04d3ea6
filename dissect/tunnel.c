/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tunnels: which number leads to which, what tells two of them apart, and those whose header is the
 * outer IP header alone.
 *
 * The same addresses inside may be another network's in each tunnel, so a packet keeps a number of
 * the way it came: a hash over each tunnel around it. What differs by direction stays out of it.
 */
#include "dissect/inside.h"

#include "base/siphash.h"

#define ADDRESS_LEN (1 + 16)

static const struct {
	uint8_t protocol;
	enum header next;
} by_protocol[] = {
#define IP_TUNNEL(protocol, next) { (protocol), HEADER_##next },
#define UDP_TUNNEL(port, next)
#define UDP_EITHER(port, next)
#include "dissect/tunnels.def"
#undef IP_TUNNEL
#undef UDP_TUNNEL
#undef UDP_EITHER
};

enum header tunnel_by_protocol(uint8_t protocol)
{
	for (size_t i = 0; i < sizeof(by_protocol) / sizeof(by_protocol[0]); i++)
		if (by_protocol[i].protocol == protocol)
			return by_protocol[i].next;
	return HEADER_none;
}

/* A switch: most datagrams are none of these, and a search through all rows was a tenth of their way. */
enum header tunnel_by_port(uint16_t src, uint16_t dst)
{
	switch (dst) {
#define IP_TUNNEL(protocol, next)
#define UDP_TUNNEL(port, next)                                                                     \
	case (port):                                                                               \
		return HEADER_##next;
#define UDP_EITHER UDP_TUNNEL
#include "dissect/tunnels.def"
#undef IP_TUNNEL
#undef UDP_TUNNEL
#undef UDP_EITHER
	default:
		break;
	}
	switch (src) {
#define IP_TUNNEL(protocol, next)
#define UDP_TUNNEL(port, next)
#define UDP_EITHER(port, next)                                                                     \
	case (port):                                                                               \
		return HEADER_##next;
#include "dissect/tunnels.def"
#undef IP_TUNNEL
#undef UDP_TUNNEL
#undef UDP_EITHER
	default:
		return HEADER_none;
	}
}

static void put_address(uint8_t *at, const struct address *address)
{
	at[0] = address->family;
	memcpy(at + 1, address->bytes, 16);
}

/* The key is public: who chooses addresses and tunnels cannot choose those of other people. */
static uint64_t mix(uint64_t tunnel, enum layer layer, uint32_t id, const struct ip *outer)
{
	static const struct siphash_key key = { { 0x7475, 0x6e6e } };
	const uint8_t kind = (uint8_t)layer;
	uint8_t end[2][ADDRESS_LEN], in[8 + 1 + 4 + 2 * ADDRESS_LEN];
	uint64_t out;
	int first;

	put_address(end[0], &outer->src);
	put_address(end[1], &outer->dst);
	first = memcmp(end[0], end[1], ADDRESS_LEN) <= 0 ? 0 : 1;
	memcpy(in, &tunnel, 8);
	memcpy(in + 8, &kind, 1);
	memcpy(in + 9, &id, 4);
	memcpy(in + 13, end[first], ADDRESS_LEN);
	memcpy(in + 13 + ADDRESS_LEN, end[!first], ADDRESS_LEN);
	out = siphash(key, in, sizeof(in));
	return out != 0 ? out : 1; /* 0 is for no tunnel */
}

enum skip tunnel_enter(struct walk *walk, enum layer layer, uint32_t id)
{
	enum skip why = walk_name(walk, layer);

	if (why == SKIP_NONE)
		walk->packet->tunnel = mix(walk->packet->tunnel, layer, id, &walk->ip);
	return why;
}

enum skip take_ipip(struct walk *walk)
{
	static const enum layer layers[2][2] = {
		{ LAYER_ipip, LAYER_ip6in4 },
		{ LAYER_ip4in6, LAYER_ip6in6 },
	};
	bool outer6 = walk->ip.src.family == 6, inner6 = walk->ip.protocol == 41;

	walk->next = HEADER_ip;
	return tunnel_enter(walk, layers[outer6][inner6], 0);
}

/* RFC 3378 section 3: version 3, reserved bits of zero. */
enum skip take_etherip(struct walk *walk)
{
	uint16_t version = cursor_u16(&walk->part.at);

	if (walk->part.at.short_read || version != 0x3000)
		return walk->part.at.short_read ? part_short(&walk->part, SKIP_not_tcp) :
						  SKIP_not_tcp;
	walk->next = HEADER_ethernet;
	return tunnel_enter(walk, LAYER_etherip, 0);
}

enum skip take_mpls_in_ip(struct walk *walk)
{
	walk->next = HEADER_mpls;
	return tunnel_enter(walk, LAYER_mpls_in_ip, 0);
}

/* ---- what cannot be looked into ---- */

enum skip take_esp(struct walk *walk)
{
	(void)walk;
	return SKIP_esp;
}

enum skip take_ipcomp(struct walk *walk)
{
	(void)walk;
	return SKIP_ipcomp;
}

/* RFC 3948 section 2: four bytes of zero before IKE, one byte 0xff keeps the NAT alive. */
enum skip take_nat_t(struct walk *walk)
{
	uint32_t spi = cursor_u32(&walk->part.at);

	if (walk->part.at.short_read)
		return part_short(&walk->part, SKIP_not_tcp);
	return spi != 0 ? SKIP_esp : SKIP_not_tcp;
}

/* https://www.wireguard.com/protocol/: a type from 1 to 4 and three reserved bytes of zero. */
enum skip take_wireguard(struct walk *walk)
{
	uint32_t type = cursor_u32(&walk->part.at);

	if (walk->part.at.short_read)
		return part_short(&walk->part, SKIP_not_tcp);
	return type == 0x01000000 || type == 0x02000000 || type == 0x03000000 ||
			       type == 0x04000000 ?
		       SKIP_wireguard :
		       SKIP_not_tcp;
}
