/* SPDX-License-Identifier: BSD-3-Clause */
/* UDP (RFC 768), for the tunnels in it: tunnels.def knows their ports. */
#include "dissect/inside.h"

enum skip take_udp(struct walk *walk)
{
	struct cursor *c = &walk->part.at;
	uint16_t src = cursor_u16(c);
	uint16_t dst = cursor_u16(c);
	enum header tunnel = tunnel_by_port(src, dst);

	cursor_skip(c, 4); /* length, which IP has said; checksum */
	if (c->short_read)
		return part_short(&walk->part, SKIP_not_tcp);
	return tunnel != HEADER_none ? walk_on(walk, tunnel) : SKIP_not_tcp;
}
