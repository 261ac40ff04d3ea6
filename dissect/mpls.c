/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * MPLS (RFC 3032): a stack of labels, of which none says what they carry. RFC 4928 section 3: the
 * first four bits behind the stack are 4 or 6 for IP and 0 for a pseudo-wire's control word; a
 * pseudo-wire without one begins with an Ethernet address.
 */
#include "dissect/inside.h"

/* Services stack three or four; segment routing (RFC 8491) up to ten. */
#define LABELS_MAX 16

/* RFC 4385 section 3, section 5. */
#define NIBBLE_CONTROL_WORD 0
#define NIBBLE_CHANNEL 1

enum skip take_mpls(struct walk *walk)
{
	enum skip why = walk_name(walk, LAYER_mpls);
	uint32_t entry;
	int labels = 0;

	if (why != SKIP_NONE)
		return why;
	do {
		entry = cursor_u32(&walk->part.at);
		if (walk->part.at.short_read)
			return part_short(&walk->part, SKIP_link_header);
		if (++labels > LABELS_MAX)
			return SKIP_too_deep;
	} while ((entry & 0x100) == 0);

	/* An address may begin like IP, so that has to fit, too. */
	if (ip_may_begin(&walk->part))
		return walk_on(walk, HEADER_ip);
	if (part_peek(&walk->part) >> 4 == NIBBLE_CHANNEL)
		return SKIP_not_ip;
	if (part_peek(&walk->part) >> 4 == NIBBLE_CONTROL_WORD)
		cursor_skip(&walk->part.at, 4);
	return walk_on(walk, HEADER_ethernet);
}
