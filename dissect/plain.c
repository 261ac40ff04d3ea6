/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The way of nearly all frames in one step: Ethernet without tags, IPv4 without options or pieces or
 * IPv6 without extensions, and TCP, or UDP that is no tunnel.
 *
 * A walk (dissect.c) finds the same of such a frame, as tests/dissect/plain.c holds; here no header is
 * copied, and a datagram of UDP is known before any of the packet is filled. Whatever looks different,
 * be it only cut or damaged, is left to the walk, which knows the words for it.
 */
#include "dissect/inside.h"

#define ETHERNET_LEN 14
#define TYPE_AT 12
#define IPV4_LEN 20
#define IPV4_PLAIN 0x45   /* version, and a header of five words */
#define IPV4_PIECE 0x3fff /* more fragments, offset */
#define IPV6_LEN 40

enum { TYPE_IPV4 = 0x0800, TYPE_IPV6 = 0x86dd };

/* The IP header, where it lies. */
struct plain {
	const uint8_t *ip;
	bool is_v6;
	uint8_t protocol;
	uint32_t len; /* of what follows it */
};

static bool plain_ipv4(struct cursor *c, struct plain *plain)
{
	const uint8_t *ip = cursor_bytes(c, IPV4_LEN);

	if (ip == NULL || ip[0] != IPV4_PLAIN || (bytes_u16(ip + 6) & IPV4_PIECE) != 0 ||
	    bytes_u16(ip + 2) <= IPV4_LEN)
		return false;
	*plain = (struct plain){ ip, false, ip[9], bytes_u16(ip + 2) - (uint32_t)IPV4_LEN };
	return true;
}

static bool plain_ipv6(struct cursor *c, struct plain *plain)
{
	const uint8_t *ip = cursor_bytes(c, IPV6_LEN);

	if (ip == NULL || ip[0] >> 4 != 6 || bytes_u16(ip + 4) == 0)
		return false;
	*plain = (struct plain){ ip, true, ip[6], bytes_u16(ip + 4) };
	return true;
}

static bool is_plain(struct cursor *c, struct plain *plain)
{
	const uint8_t *ethernet = cursor_bytes(c, ETHERNET_LEN);

	if (ethernet == NULL)
		return false;
	switch (bytes_u16(ethernet + TYPE_AT)) {
	case TYPE_IPV4:
		return plain_ipv4(c, plain);
	case TYPE_IPV6:
		return plain_ipv6(c, plain);
	default:
		return false;
	}
}

static void fill(const struct frame *frame, const struct plain *plain, struct packet *packet)
{
	const uint8_t *ip = plain->ip;

	*packet = (struct packet){
		.mark = { .number = frame->number, .input = frame->input },
		.time_ns = frame->time_ns,
		.layers = 1,
		.layer = { LAYER_ethernet },
	};
	if (plain->is_v6) {
		packet->src.ip.family = packet->dst.ip.family = 6;
		memcpy(packet->src.ip.bytes, ip + 8, 16);
		memcpy(packet->dst.ip.bytes, ip + 24, 16);
		packet->tos = (uint8_t)(bytes_u16(ip) >> 4);
		packet->ttl = ip[7];
	} else {
		packet->src.ip.family = packet->dst.ip.family = 4;
		memcpy(packet->src.ip.bytes, ip + 12, 4);
		memcpy(packet->dst.ip.bytes, ip + 16, 4);
		packet->tos = ip[1];
		packet->ttl = ip[8];
		packet->has_ip_id = true;
		packet->ip_id = bytes_u16(ip + 4);
		packet->df = (ip[6] & 0x40) != 0;
	}
}

static bool is_plain_udp(struct cursor c)
{
	const uint8_t *udp = cursor_bytes(&c, 8);

	return udp != NULL && tunnel_by_port(bytes_u16(udp), bytes_u16(udp + 2)) == HEADER_none;
}

bool plain_read(const struct frame *frame, struct packet *packet, enum skip *why)
{
	struct part part = { .at = cursor_over(frame->bytes, frame->len) };
	struct plain plain;

	if (!link_is_ethernet(frame->link_type) || !is_plain(&part.at, &plain) ||
	    plain.len > cursor_left(&part.at))
		return false;
	part.at = cursor_slice(&part.at, plain.len); /* what is behind it is padding */
	if (plain.protocol == IP_PROTOCOL_UDP) {
		*why = SKIP_not_tcp;
		return is_plain_udp(part.at);
	}
	if (plain.protocol != IP_PROTOCOL_TCP)
		return false;
	fill(frame, &plain, packet);
	*why = tcp_read(&part, packet);
	return *why == SKIP_NONE;
}
