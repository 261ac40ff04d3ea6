/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the first byte of the frame to the first byte of IP: one header of fixed shape, whose
 * numbers are in link_types.def, then the VLAN tags that may follow an EtherType.
 *
 * Whether it is IPv4 or IPv6 is left to the version in the IP header itself.
 */
#include <pcap/dlt.h>

#include "dissect/inside.h"

/* What the values of a protocol field mean. */
enum field { FIELD_NONE, FIELD_ETHERTYPE, FIELD_FAMILY, FIELD_PPP };

struct link_type {
	int dlt;
	enum layer layer;
	uint8_t header_len, offset, width;
	enum field field;
};

static const struct link_type link_types[] = {
#define LINK(dlt, layer, header_len, offset, width, field)                                         \
	{ (dlt), LAYER_##layer, (header_len), (offset), (width), (field) },
#include "dissect/link_types.def"
#undef LINK
};

#define LINK_TYPES (sizeof(link_types) / sizeof(link_types[0]))

enum {
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_VLAN = 0x8100,
	ETHERTYPE_IPV6 = 0x86dd,
	ETHERTYPE_QINQ = 0x88a8,     /* IEEE 802.1ad */
	ETHERTYPE_QINQ_OLD = 0x9100, /* before 802.1ad, still in use */
	PPP_IPV4 = 0x0021,
	PPP_IPV6 = 0x0057,
};

/* AF_INET is 2 everywhere; AF_INET6 is each system's own. */
static bool is_ip_family(uint32_t family)
{
	/* DLT_NULL has the byte order of the machine that captured: the other is a huge number. */
	if (family > UINT16_MAX)
		family = family >> 24 | (family >> 8 & 0xff00) | (family << 8 & 0xff0000);
	switch (family) {
	case 2:
	case 10: /* Linux */
	case 23: /* Windows */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* macOS */
		return true;
	default:
		return false;
	}
}

static void push(struct packet *packet, enum layer layer)
{
	packet->layer[packet->layers++] = (uint8_t)layer;
}

/* Takes off VLAN tags until the EtherType is that of IP. */
static enum skip read_tags(struct part *part, uint32_t ethertype, struct packet *packet)
{
	while (ethertype != ETHERTYPE_IPV4 && ethertype != ETHERTYPE_IPV6) {
		bool customer = ethertype == ETHERTYPE_VLAN;
		uint16_t tci;

		if (!customer && ethertype != ETHERTYPE_QINQ && ethertype != ETHERTYPE_QINQ_OLD)
			return SKIP_not_ip;
		if (packet->layers == PACKET_LAYERS)
			return SKIP_link_header;
		tci = cursor_u16(&part->at);
		ethertype = cursor_u16(&part->at);
		if (part->at.short_read)
			return part_short(part, SKIP_link_header);
		push(packet, customer ? LAYER_vlan : LAYER_qinq);
		if (packet->vlans < PACKET_VLANS)
			packet->vlan[packet->vlans++] = tci & 0x0fff;
	}
	return SKIP_NONE;
}

static enum skip read_as(const struct link_type *type, struct part *part, struct packet *packet)
{
	struct cursor header = cursor_slice(&part->at, type->header_len);
	uint32_t value = 0;

	if (header.short_read)
		return part_short(part, SKIP_link_header);
	cursor_skip(&header, type->offset);
	for (int i = 0; i < type->width; i++)
		value = value << 8 | cursor_u8(&header);

	packet->layers = packet->vlans = 0;
	push(packet, type->layer);
	switch (type->field) {
	case FIELD_NONE:
		return SKIP_NONE;
	case FIELD_ETHERTYPE:
		return read_tags(part, value, packet);
	case FIELD_FAMILY:
		return is_ip_family(value) ? SKIP_NONE : SKIP_not_ip;
	case FIELD_PPP:
		return value == PPP_IPV4 || value == PPP_IPV6 ? SKIP_NONE : SKIP_not_ip;
	}
	return SKIP_link_type;
}

enum skip link_read(const struct frame *frame, struct part *part, struct packet *packet)
{
	const struct part whole = *part;
	enum skip why = SKIP_link_type;

	for (size_t i = 0; i < LINK_TYPES; i++) {
		if (link_types[i].dlt != frame->link_type)
			continue;
		*part = whole;
		why = read_as(&link_types[i], part, packet);
		if (why == SKIP_NONE)
			break;
	}
	return why;
}

bool link_type_known(int link_type)
{
	for (size_t i = 0; i < LINK_TYPES; i++)
		if (link_types[i].dlt == link_type)
			return true;
	return false;
}
