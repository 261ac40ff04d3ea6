/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Headers that a capturing system wraps around a frame of another link type, with a length in them:
 * PPI, PKTAP of macOS, the logs of Linux netfilter and of pf. Not all are in network order.
 */
#include "dissect/inside.h"

static enum skip too_short(const struct walk *walk)
{
	return part_short(&walk->part, SKIP_link_header);
}

/* Goes on behind len bytes, the first `taken` of which were read. */
static enum skip open_at(struct walk *walk, uint32_t len, uint32_t taken, uint32_t link_type)
{
	cursor_skip(&walk->part.at, len >= taken ? len - taken : 0);
	if (walk->part.at.short_read)
		return too_short(walk);
	if (len < taken || link_type > INT32_MAX)
		return SKIP_link_header;
	walk->link_type = (int)link_type;
	return walk_on(walk, HEADER_link);
}

/* https://www.tcpdump.org/linktypes/LINKTYPE_PPI.html */
enum skip take_ppi(struct walk *walk)
{
	struct cursor *c = &walk->part.at;
	uint32_t len;

	cursor_skip(c, 2); /* version, flags */
	len = cursor_u16le(c);
	return open_at(walk, len, 8, cursor_u32le(c));
}

/* https://www.tcpdump.org/linktypes/LINKTYPE_PKTAP.html; type 1 is a packet. */
enum skip take_pktap(struct walk *walk)
{
	struct cursor *c = &walk->part.at;
	uint32_t len = cursor_u32le(c);
	uint32_t type = cursor_u32le(c);
	uint32_t link_type = cursor_u32le(c);

	if (!c->short_read && type != 1)
		return SKIP_not_ip;
	return open_at(walk, len, 12, link_type);
}

/*
 * pf writes its length without the padding, which is up to four bytes (OpenBSD: BPF_WORDALIGN).
 * The family is the next byte.
 */
enum skip take_pflog(struct walk *walk)
{
	struct cursor *c = &walk->part.at;
	uint32_t len = ((uint32_t)cursor_u8(c) + 3) / 4 * 4;
	uint8_t family = cursor_u8(c);

	if (!c->short_read && len < 4)
		return SKIP_link_header;
	cursor_skip(c, len >= 4 ? len - 2 : 0);
	return c->short_read ? too_short(walk) : by_family(walk, family);
}

/* ---- NFLOG ---- */

#define NFLOG_PAYLOAD 9
#define NFLOG_VALUES_MAX 64 /* linux/netfilter/nfnetlink_log.h knows some twenty, each once */

/*
 * https://www.tcpdump.org/linktypes/LINKTYPE_NFLOG.html: length and type of each value are in the
 * order of the machine that logged. Both are small, and its first value is one of some twenty.
 */
static bool is_big_endian(struct cursor values)
{
	cursor_skip(&values, 2);
	return cursor_u8(&values) == 0;
}

enum skip take_nflog(struct walk *walk)
{
	struct cursor *c = &walk->part.at;
	bool big;

	cursor_skip(c, 4); /* family, version, resource */
	big = is_big_endian(*c);
	for (int seen = 0; seen < NFLOG_VALUES_MAX && !c->short_read; seen++) {
		uint16_t len = big ? cursor_u16(c) : cursor_u16le(c);
		uint16_t type = big ? cursor_u16(c) : cursor_u16le(c);

		if (c->short_read)
			break;
		if (type == NFLOG_PAYLOAD)
			return walk_on(walk, HEADER_ip);
		if (len < 4)
			return SKIP_link_header;
		cursor_skip(c, (size_t)(len + 3) / 4 * 4 - 4);
	}
	return c->short_read ? too_short(walk) : SKIP_link_header;
}
