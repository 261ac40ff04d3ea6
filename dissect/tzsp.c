/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * TZSP: frames that an access point or a small router saw, mirrored over UDP. No standard; shapes are
 * those of packet-tzsp.c of Wireshark.
 *
 * It is no tunnel of the traffic inside, and keeps no equal addresses apart: as ERSPAN in gre.c.
 */
#include "dissect/inside.h"

#define TZSP_VERSION 1
#define TZSP_FIELDS_MAX 32 /* signal, channel, times, sensor: some twenty are known */

enum { TZSP_RECEIVED = 0, TZSP_TO_SEND = 1 };
enum { TZSP_ETHERNET = 1, TZSP_WLAN = 18, TZSP_PRISM = 119, TZSP_AVS = 127 };
enum { TZSP_PADDING = 0, TZSP_END = 1 };

/* Tag, length, value; the first two tags have neither. False when there is no end. */
static bool skip_fields(struct cursor *c)
{
	for (int seen = 0; seen < TZSP_FIELDS_MAX && !c->short_read; seen++) {
		uint8_t tag = cursor_u8(c);

		if (tag == TZSP_END)
			return !c->short_read;
		if (tag != TZSP_PADDING)
			cursor_skip(c, cursor_u8(c));
	}
	return false;
}

static enum header header_of(uint16_t inside)
{
	switch (inside) {
	case TZSP_ETHERNET:
		return HEADER_ethernet;
	case TZSP_WLAN:
		return HEADER_wlan;
	case TZSP_PRISM:
		return HEADER_prism;
	case TZSP_AVS:
		return HEADER_avs;
	default:
		return HEADER_none;
	}
}

enum skip take_tzsp(struct walk *walk)
{
	struct cursor *c = &walk->part.at;
	uint8_t version = cursor_u8(c);
	uint8_t type = cursor_u8(c);
	enum header next = header_of(cursor_u16(c));

	if (c->short_read || version != TZSP_VERSION ||
	    (type != TZSP_RECEIVED && type != TZSP_TO_SEND) || next == HEADER_none ||
	    !skip_fields(c))
		return c->short_read ? part_short(&walk->part, SKIP_not_tcp) : SKIP_not_tcp;
	walk->next = next;
	walk->padded = false;
	return walk_name(walk, LAYER_tzsp);
}
