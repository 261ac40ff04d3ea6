/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * 802.11 data frames (IEEE 802.11-2020 section 9.3.2) and the radio headers that adapters put
 * before them. Fields of 802.11 and radiotap are little-endian.
 */
#include "dissect/inside.h"

enum {
	WLAN_TO_DS = 0x01,
	WLAN_FROM_DS = 0x02,
	WLAN_MORE_FRAGMENTS = 0x04,
	WLAN_PROTECTED = 0x40,
	WLAN_ORDER = 0x80,
};

enum {
	SUBTYPE_NO_DATA = 0x40,
	SUBTYPE_QOS = 0x80,
};

#define WLAN_DATA 0x08 /* type 2, version 0: the low four bits of the first byte */
#define QOS_AMSDU 0x80
#define CIPHER_LONG 0x20 /* in the fourth byte: "extended IV" */
#define PRISM_LEN 144    /* the header has no length of its own that can be relied on */
#define AVS_MAGIC 0x80211000u
#define RADIOTAP_MORE 0x80000000u /* another word of bits follows */

/* ---- radio headers ---- */

enum {
	RADIOTAP_TSFT = 0x01,
	RADIOTAP_FLAGS = 0x02,
	RADIOTAP_DATA_PAD = 0x20,
};

/* https://www.radiotap.org: words that say which fields follow, each aligned to its own size. */
static bool radiotap_is_padded(struct cursor header)
{
	const size_t whole = cursor_left(&header);
	uint32_t first, word;

	cursor_skip(&header, 4);
	first = word = cursor_u32le(&header);
	while (!header.short_read && (word & RADIOTAP_MORE) != 0)
		word = cursor_u32le(&header);
	if ((first & RADIOTAP_FLAGS) == 0)
		return false;
	if ((first & RADIOTAP_TSFT) != 0) {
		size_t at = whole - cursor_left(&header);

		cursor_skip(&header, (8 - at % 8) % 8 + 8);
	}
	return (cursor_u8(&header) & RADIOTAP_DATA_PAD) != 0;
}

enum skip take_radiotap(struct walk *walk)
{
	struct cursor *c = &walk->part.at;
	struct cursor start = *c;
	uint8_t version = cursor_u8(&start);
	struct cursor header;
	uint16_t len;

	cursor_skip(&start, 1);
	len = cursor_u16le(&start);
	header = cursor_slice(c, len);
	if (start.short_read || header.short_read)
		return part_short(&walk->part, SKIP_link_header);
	if (version != 0 || len < 8)
		return SKIP_link_header;
	walk->padded = radiotap_is_padded(header);
	return walk_on(walk, HEADER_wlan);
}

static enum skip behind(struct walk *walk, size_t len)
{
	cursor_skip(&walk->part.at, len);
	if (walk->part.at.short_read)
		return part_short(&walk->part, SKIP_link_header);
	return walk_on(walk, HEADER_wlan);
}

enum skip take_avs(struct walk *walk)
{
	struct cursor start = walk->part.at;
	uint32_t len;

	cursor_skip(&start, 4);
	len = cursor_u32(&start);
	if (!start.short_read && len < 8)
		return SKIP_link_header;
	return behind(walk, start.short_read ? SIZE_MAX : len);
}

/* Drivers that went over to AVS kept the number of the Prism header. */
enum skip take_prism(struct walk *walk)
{
	struct cursor start = walk->part.at;

	if ((cursor_u32(&start) & 0xfffff000u) == AVS_MAGIC)
		return take_avs(walk);
	return behind(walk, PRISM_LEN);
}

/* ---- the frame ---- */

/* Section 9.2.3: a fourth address between access points, then QoS control, then HT control. */
static size_t addresses_len(uint8_t flags)
{
	const uint8_t both = WLAN_TO_DS | WLAN_FROM_DS;

	return (flags & both) == both ? 30 : 24;
}

static size_t header_len(uint8_t control, uint8_t flags)
{
	size_t len = addresses_len(flags);

	if ((control & SUBTYPE_QOS) != 0)
		len += (flags & WLAN_ORDER) != 0 ? 6 : 2;
	return len;
}

/* Section 9.3.2.2.2: addresses and length before LLC. The segment of the first frame is read. */
static enum skip read_amsdu(struct walk *walk)
{
	enum skip why = walk_name(walk, LAYER_amsdu);

	cursor_skip(&walk->part.at, 14);
	if (walk->part.at.short_read)
		return part_short(&walk->part, SKIP_link_header);
	return why == SKIP_NONE ? walk_on(walk, HEADER_llc) : why;
}

static bool is_llc(struct cursor body)
{
	return cursor_u32(&body) == 0xaaaa0300u && cursor_u16(&body) == 0;
}

/*
 * Some adapters decrypt and leave the bit as it was; of those, some leave the cipher's header, too:
 * four bytes of WEP, or eight when a bit says so (sections 12.3.2.2, 12.5.2.2). Ciphertext does not
 * look like LLC and SNAP but once in 2^48 frames.
 */
static bool is_decrypted(struct cursor *body)
{
	struct cursor behind = *body;
	uint32_t header = cursor_u32(&behind);

	if (is_llc(*body))
		return true;
	cursor_skip(&behind, (header & CIPHER_LONG) != 0 ? 4 : 0);
	if (!is_llc(behind))
		return false;
	*body = behind;
	return true;
}

/* What is behind the header of a data frame, whose bytes these are. */
static enum skip read_header(struct walk *walk, struct cursor header)
{
	uint8_t control = cursor_u8(&header);
	uint8_t flags = cursor_u8(&header);
	uint16_t sequence;

	if ((flags & WLAN_PROTECTED) != 0 && !is_decrypted(&walk->part.at))
		return SKIP_wlan_protected;
	cursor_skip(&header, 20);
	sequence = cursor_u16le(&header);
	if ((flags & WLAN_MORE_FRAGMENTS) != 0 || (sequence & 0x0f) != 0)
		return SKIP_wlan_fragment;
	if ((control & SUBTYPE_QOS) == 0)
		return walk_on(walk, HEADER_llc);
	cursor_skip(&header, addresses_len(flags) - 24);
	return (cursor_u8(&header) & QOS_AMSDU) != 0 ? read_amsdu(walk) : walk_on(walk, HEADER_llc);
}

enum skip take_wlan(struct walk *walk)
{
	struct cursor *c = &walk->part.at;
	struct cursor start = *c, header;
	uint8_t control = cursor_u8(&start);
	uint8_t flags = cursor_u8(&start);
	size_t len = header_len(control, flags);
	enum skip why = walk_name(walk, LAYER_wlan);

	if (start.short_read)
		return part_short(&walk->part, SKIP_link_header);
	if ((control & 0x0f) != WLAN_DATA || (control & SUBTYPE_NO_DATA) != 0)
		return SKIP_not_ip;
	header = cursor_slice(c, len);
	cursor_skip(c, walk->padded ? (4 - len % 4) % 4 : 0);
	if (c->short_read)
		return part_short(&walk->part, SKIP_link_header);
	return why == SKIP_NONE ? read_header(walk, header) : why;
}
