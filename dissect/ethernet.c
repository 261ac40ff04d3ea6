/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ethernet and what is told by EtherTypes: tags, which end with the next EtherType or hold an
 * Ethernet frame of their own, and 802.2 LLC where a length stands in the EtherType's place.
 */
#include "dissect/inside.h"

/* IEEE 802.3 section 3.2.6: from 0x0600 on it is an EtherType. The header of LLC fits at least. */
#define LENGTH_MIN 3
#define LENGTH_MAX 1500

static const struct {
	uint16_t number;
	enum header next;
} ethertypes[] = {
#define ETHERTYPE(number, next) { (number), HEADER_##next },
#define TAG(number, layer, len, next) { (number), HEADER_tag },
#include "dissect/ethertypes.def"
#undef ETHERTYPE
#undef TAG
};

enum tag_end { TAG_ethertype, TAG_ethernet };

static const struct tag {
	uint16_t number;
	enum layer layer;
	uint8_t len;
	enum tag_end end;
} tags[] = {
#define ETHERTYPE(number, next)
#define TAG(number, layer, len, end) { (number), LAYER_##layer, (len), TAG_##end },
#include "dissect/ethertypes.def"
#undef ETHERTYPE
#undef TAG
};

enum skip by_ethertype(struct walk *walk, uint32_t ethertype)
{
	walk->number = ethertype;
	for (size_t i = 0; i < sizeof(ethertypes) / sizeof(ethertypes[0]); i++)
		if (ethertypes[i].number == ethertype)
			return walk_on(walk, ethertypes[i].next);
	return SKIP_not_ip;
}

enum skip by_type_or_len(struct walk *walk, uint32_t value)
{
	if (value >= LENGTH_MIN && value <= LENGTH_MAX)
		return walk_on(walk, HEADER_llc);
	return by_ethertype(walk, value);
}

/* The EtherType at the end of a header; what cannot be there makes the frame impossible. */
static enum skip read_ethertype(struct walk *walk)
{
	uint32_t ethertype = cursor_u16(&walk->part.at);

	if (walk->part.at.short_read)
		return part_short(&walk->part, SKIP_link_header);
	return by_type_or_len(walk, ethertype);
}

enum skip take_ethernet(struct walk *walk)
{
	enum skip why = walk_name(walk, LAYER_ethernet);

	cursor_skip(&walk->part.at, 12);
	return why == SKIP_NONE ? read_ethertype(walk) : why;
}

/* IEEE 802.1Q section 9.6. */
enum skip take_vlan(struct walk *walk)
{
	struct packet *packet = walk->packet;
	enum skip why = walk_name(walk, walk->number == 0x8100 ? LAYER_vlan : LAYER_qinq);
	uint16_t tci = cursor_u16(&walk->part.at);

	if (why != SKIP_NONE)
		return why;
	if (!walk->part.at.short_read && packet->vlans < PACKET_VLANS)
		packet->vlan[packet->vlans++] = tci & 0x0fff;
	return read_ethertype(walk);
}

enum skip take_tag(struct walk *walk)
{
	const struct tag *tag = tags;
	enum skip why;

	while (tag->number != walk->number)
		tag++; /* by_ethertype() found it in the same rows */
	why = walk_name(walk, tag->layer);
	cursor_skip(&walk->part.at, tag->len);
	if (why != SKIP_NONE)
		return why;
	return tag->end == TAG_ethernet ? walk_on(walk, HEADER_ethernet) : read_ethertype(walk);
}

/* IEEE 802.1AE section 9.3: integrity alone leaves the frame readable. */
enum skip take_macsec(struct walk *walk)
{
	struct cursor *c = &walk->part.at;
	uint8_t tci = cursor_u8(c);
	enum skip why = walk_name(walk, LAYER_macsec);

	if (why != SKIP_NONE)
		return why;
	cursor_skip(c, 5); /* short length, packet number */
	if ((tci & 0x20) != 0)
		cursor_skip(c, 8); /* secure channel */
	if (c->short_read)
		return part_short(&walk->part, SKIP_link_header);
	return (tci & 0x0c) != 0 ? SKIP_macsec : read_ethertype(walk);
}

/* ---- IEEE 802.2 ---- */

enum skip take_llc(struct walk *walk)
{
	uint32_t dsap = cursor_u8(&walk->part.at);
	uint32_t ssap = cursor_u8(&walk->part.at);
	uint32_t control = cursor_u8(&walk->part.at);
	uint32_t nlpid;

	if (walk->part.at.short_read)
		return part_short(&walk->part, SKIP_link_header);
	if (control != 0x03) /* unnumbered information */
		return SKIP_not_ip;
	if (dsap == 0xaa && ssap == 0xaa)
		return walk_on(walk, HEADER_snap);
	if (dsap == 0x06 && ssap == 0x06) /* RFC 948 section 2 */
		return walk_on(walk, HEADER_ip);
	if (dsap != 0xfe || ssap != 0xfe)
		return SKIP_not_ip;
	nlpid = cursor_u8(&walk->part.at); /* RFC 2684 section 5.1 */
	if (walk->part.at.short_read)
		return part_short(&walk->part, SKIP_link_header);
	return by_nlpid(walk, control << 8 | nlpid);
}

/* RFC 1042; RFC 2684 section 5.2 for bridged frames. */
enum skip take_snap(struct walk *walk)
{
	struct cursor *c = &walk->part.at;
	uint32_t oui = (uint32_t)cursor_u8(c) << 16 | cursor_u16(c);
	uint32_t type = cursor_u16(c);

	if (c->short_read)
		return part_short(&walk->part, SKIP_link_header);
	if (oui == 0x0080c2 && (type == 1 || type == 7)) { /* Ethernet, with FCS or without */
		if (walk->packet->layer[walk->packet->layers - 1] == LAYER_atm)
			cursor_skip(c, 2); /* a pad that only AAL5 has */
		return walk_on(walk, HEADER_ethernet);
	}
	if (oui != 0 && oui != 0x0000f8) /* IEEE 802.1H: a bridge's mark for tunnelled types */
		return SKIP_not_ip;
	return by_ethertype(walk, type);
}

/* IEEE 802.5: the first bit of the source address says that a route follows. */
enum skip take_token_ring(struct walk *walk)
{
	struct cursor *c = &walk->part.at;
	bool routed;

	cursor_skip(c, 8); /* access control, frame control, destination */
	routed = (part_peek(&walk->part) & 0x80) != 0;
	cursor_skip(c, 6);
	if (routed) {
		uint8_t len = part_peek(&walk->part) & 0x1f;

		if (len < 2 && cursor_left(c) != 0)
			return SKIP_link_header;
		cursor_skip(c, len);
	}
	if (c->short_read)
		return part_short(&walk->part, SKIP_link_header);
	return walk_on(walk, HEADER_llc);
}
