/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ICMP errors (RFC 792, RFC 4443) that quote the beginning of a TCP segment: someone on the path,
 * or the other host, tells the sender of that segment that it did not arrive.
 *
 * Anybody can send one; whether the quote is true is for those who know the connection.
 */
#include "dissect/inside.h"

static bool is_error(uint8_t family, uint8_t type)
{
	if (family == 6)
		return type >= 1 && type <= 4; /* RFC 4443 section 3 */
	/* Unreachable, source quench (RFC 6633: dead, yet seen), time exceeded, bad parameter. */
	return type == 3 || type == 4 || type == 11 || type == 12;
}

enum skip take_icmp(struct walk *walk)
{
	struct part *part = &walk->part;
	const struct ip *outer = &walk->ip;
	struct packet *packet = walk->packet;
	struct cursor *c = &part->at;
	enum skip why;
	struct ip ip;

	packet->kind = PACKET_ICMP_ERROR;
	packet->cut = part->missing != 0;
	packet->icmp.from = outer->src;
	packet->icmp.type = cursor_u8(c);
	packet->icmp.code = cursor_u8(c);
	if (c->short_read)
		return part_short(part, SKIP_icmp_quote);
	if (!is_error(outer->src.family, packet->icmp.type))
		return SKIP_icmp_quote;
	cursor_skip(c, 6); /* checksum; unused, or the MTU of the next hop */

	why = ip_read_quoted(part, &ip);
	if (why == SKIP_cut)
		return SKIP_cut;
	if (why != SKIP_NONE || ip.protocol != IP_PROTOCOL_TCP ||
	    ip.src.family != outer->src.family)
		return SKIP_icmp_quote;
	packet->src.ip = ip.src;
	packet->dst.ip = ip.dst;
	walk->next = HEADER_none;
	return tcp_read_quoted(part, packet);
}
