/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where a frame begins: one header of fixed shape, whose numbers are in link_types.def, or one of
 * another shape that has a step of its own.
 *
 * Whether it is IPv4 or IPv6 is left to the version in the IP header itself.
 */
#include <pcap/dlt.h>

#include "dissect/inside.h"

struct link_type {
	int dlt;
	enum layer layer;
	uint8_t header_len, offset, width;
	enum skip (*choose)(struct walk *, uint32_t value);
};

/* What always follows, whatever the field says. */
#define ALWAYS(id)                                                                                 \
	static enum skip is_##id(struct walk *walk, uint32_t value)                                \
	{                                                                                          \
		(void)value;                                                                       \
		return walk_on(walk, HEADER_##id);                                                 \
	}
ALWAYS(ip)
ALWAYS(llc)
ALWAYS(mpls)
ALWAYS(token_ring)
ALWAYS(wlan)
ALWAYS(radiotap)
ALWAYS(prism)
ALWAYS(avs)
ALWAYS(ppi)
ALWAYS(pktap)
ALWAYS(nflog)
ALWAYS(pflog)
ALWAYS(juniper)
ALWAYS(erf)
#undef ALWAYS

#define LAYER_own LAYER_COUNT /* the step names itself */

static const struct link_type link_types[] = {
#define LINK(dlt, layer, header_len, offset, width, choose)                                        \
	{ (dlt), LAYER_##layer, (header_len), (offset), (width), choose },
#include "dissect/link_types.def"
#undef LINK
};

#define LINK_TYPES (sizeof(link_types) / sizeof(link_types[0]))

static const int without_tcp[] = {
#define NO_TCP(dlt) (dlt),
#include "dissect/links_without_tcp.def"
#undef NO_TCP
};

enum skip by_family(struct walk *walk, uint32_t family)
{
	/* DLT_NULL has the byte order of the machine that captured: the other is a huge number. */
	if (family > UINT16_MAX)
		family = family >> 24 | (family >> 8 & 0xff00) | (family << 8 & 0xff0000);
	switch (family) {
	case 2:  /* AF_INET is 2 everywhere; AF_INET6 is each system's own: */
	case 10: /* Linux */
	case 23: /* Windows */
	case 24: /* NetBSD, OpenBSD */
	case 26: /* Solaris */
	case 28: /* FreeBSD */
	case 30: /* macOS */
		return walk_on(walk, HEADER_ip);
	default:
		return SKIP_not_ip;
	}
}

enum skip by_nlpid(struct walk *walk, uint32_t value)
{
	switch (value) {
	case 0x03cc: /* unnumbered information, IPv4 */
	case 0x038e: /* IPv6 */
		return walk_on(walk, HEADER_ip);
	case 0x0380:   /* a SNAP header, */
	case 0x030080: /* or that behind one byte of padding */
		return walk_on(walk, HEADER_snap);
	default:
		return SKIP_not_ip;
	}
}

enum skip by_arcnet(struct walk *walk, uint32_t value)
{
	switch (value) {
	case 0xd400: /* IP in one piece */
	case 0xf0:   /* RFC 1051, which has no flag */
		return walk_on(walk, HEADER_ip);
	default:
		return SKIP_not_ip;
	}
}

static enum skip read_as(const struct link_type *type, struct walk *walk)
{
	struct cursor header = cursor_slice(&walk->part.at, type->header_len);
	enum skip why = type->layer != LAYER_own ? walk_name(walk, type->layer) : SKIP_NONE;
	uint32_t value = 0;

	if (header.short_read)
		return part_short(&walk->part, SKIP_link_header);
	if (why != SKIP_NONE)
		return why;
	cursor_skip(&header, type->offset);
	for (int i = 0; i < type->width; i++)
		value = value << 8 | cursor_u8(&header);
	return type->choose(walk, value);
}

static bool carries_no_tcp(int link_type)
{
	for (size_t i = 0; i < sizeof(without_tcp) / sizeof(without_tcp[0]); i++)
		if (without_tcp[i] == link_type)
			return true;
	return false;
}

enum skip take_link(struct walk *walk)
{
	const struct part whole = walk->part;
	const uint8_t layers = walk->packet->layers;
	enum skip why = SKIP_link_type;

	for (size_t i = 0; i < LINK_TYPES; i++) {
		enum skip one;

		if (link_types[i].dlt != walk->link_type)
			continue;
		walk->part = whole;
		walk->packet->layers = layers;
		one = read_as(&link_types[i], walk);
		if (one == SKIP_NONE)
			return SKIP_NONE;
		/* That it is not this shape tells less than what another shape found. */
		if (why == SKIP_link_type || why == SKIP_not_ip)
			why = one;
	}
	return why == SKIP_link_type && carries_no_tcp(walk->link_type) ? SKIP_no_tcp : why;
}

bool link_type_known(int link_type)
{
	for (size_t i = 0; i < LINK_TYPES; i++)
		if (link_types[i].dlt == link_type)
			return true;
	return false;
}

bool link_is_ethernet(int link_type)
{
	return link_type == DLT_EN10MB;
}

/* ---- captures of a Juniper router ---- */

/*
 * print-juniper.c of tcpdump: a magic number, flags, perhaps values about the interface, and then
 * the header that the link type says.
 */
#define JUNIPER_MAGIC 0x4d4743u
#define JUNIPER_HAS_VALUES 0x80
#define JUNIPER_NO_LINK_HEADER 0x02

enum skip take_juniper(struct walk *walk)
{
	struct cursor *c = &walk->part.at;
	uint32_t magic = (uint32_t)cursor_u16(c) << 8 | cursor_u8(c);
	uint8_t flags = cursor_u8(c);

	if ((flags & JUNIPER_HAS_VALUES) != 0)
		cursor_skip(c, cursor_u16(c));
	if (c->short_read)
		return part_short(&walk->part, SKIP_link_header);
	if (magic != JUNIPER_MAGIC)
		return SKIP_link_header;
	if ((flags & JUNIPER_NO_LINK_HEADER) != 0) {
		cursor_skip(c, 4); /* the protocol, in numbers of the router */
		return ip_may_begin(&walk->part) ? walk_on(walk, HEADER_ip) : SKIP_not_ip;
	}
	switch (walk->link_type) {
	case DLT_JUNIPER_PPP:
		walk->link_type = DLT_PPP;
		break;
	case DLT_JUNIPER_CHDLC:
		walk->link_type = DLT_C_HDLC;
		break;
	case DLT_JUNIPER_FRELAY:
		walk->link_type = DLT_FRELAY;
		break;
	default:
		walk->link_type = DLT_EN10MB;
		break;
	}
	return walk_on(walk, HEADER_link);
}

/* ---- a capture card's header ---- */

/* https://www.tcpdump.org/linktypes/LINKTYPE_ERF.html; it stands around a frame that was on a wire. */

#define ERF_MORE 0x80 /* of the type: extension headers follow, of eight bytes each */
#define ERF_TYPE 0x7f
#define ERF_EXTENSIONS_MAX 16

enum {
	ERF_HDLC = 1,
	ERF_ETHERNET = 2,
	ERF_HDLC_COLOR = 5,
	ERF_ETHERNET_COLOR = 11,
	ERF_HDLC_DSM = 15,
	ERF_ETHERNET_DSM = 16,
	ERF_IPV4 = 22,
	ERF_IPV6 = 23,
};

static enum skip behind_erf(struct walk *walk, uint8_t type)
{
	struct cursor *c = &walk->part.at;

	switch (type) {
	case ERF_ETHERNET:
	case ERF_ETHERNET_COLOR:
	case ERF_ETHERNET_DSM:
		cursor_skip(c, 2); /* offset and padding */
		return walk_on(walk, HEADER_ethernet);
	case ERF_HDLC:
	case ERF_HDLC_COLOR:
	case ERF_HDLC_DSM:
		walk->link_type = DLT_PPP_SERIAL; /* or Cisco HDLC: it knows both */
		return walk_on(walk, HEADER_link);
	case ERF_IPV4:
	case ERF_IPV6:
		return walk_on(walk, HEADER_ip);
	default:
		return SKIP_not_ip;
	}
}

enum skip take_erf(struct walk *walk)
{
	struct cursor *c = &walk->part.at;
	uint8_t type;
	bool more;

	cursor_skip(c, 8); /* time */
	type = cursor_u8(c);
	cursor_skip(c, 7); /* flags, lengths, losses */
	more = (type & ERF_MORE) != 0;
	for (int seen = 0; more && seen < ERF_EXTENSIONS_MAX; seen++) {
		more = (cursor_u8(c) & ERF_MORE) != 0;
		cursor_skip(c, 7);
	}
	if (c->short_read || more)
		return c->short_read ? part_short(&walk->part, SKIP_link_header) : SKIP_link_header;
	return behind_erf(walk, type & ERF_TYPE);
}
