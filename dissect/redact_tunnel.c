/* SPDX-License-Identifier: BSD-3-Clause */
/* UDP, and the tunnels that clouds and switches put around a connection; of others nothing is shown. */
#include "dissect/inside.h"
#include "dissect/redact.h"

#define UDP_LEN 8

enum redact_next redact_udp(struct redaction *r)
{
	struct cursor c = redact_here(r);
	uint16_t src = cursor_u16(&c), dst = cursor_u16(&c);

	if (!redact_has(r, UDP_LEN) || !redact_covers(r, 6, SIZE_MAX, true))
		return REDACT_END;
	r->at += UDP_LEN;
	switch (tunnel_by_port(src, dst)) {
	case HEADER_vxlan:
		return REDACT_VXLAN;
	case HEADER_geneve:
		return REDACT_GENEVE;
	case HEADER_gre:
		return REDACT_GRE;
	default:
		return REDACT_END;
	}
}

/* RFC 7348 section 5 */
enum redact_next redact_vxlan(struct redaction *r)
{
	if (!redact_has(r, 8))
		return REDACT_END;
	r->at += 8;
	return REDACT_ETHERNET;
}

/* RFC 8926 section 3.4. Options are anybody's: zeros are an option of a reserved class, and empty. */
enum redact_next redact_geneve(struct redaction *r)
{
	struct cursor c = redact_here(r);
	size_t options = (size_t)(cursor_u8(&c) & 0x3f) * 4;
	uint16_t type;

	cursor_skip(&c, 1);
	type = cursor_u16(&c);
	if (!redact_has(r, 8 + options))
		return REDACT_END;
	memset(r->out + r->at + 8, 0, options);
	r->at += 8 + options;
	return redact_by_type(type);
}

#define GRE_CHECKSUM 0x8000
#define GRE_KEY 0x2000
#define GRE_SEQUENCE 0x1000
#define GRE_KNOWN (GRE_CHECKSUM | GRE_KEY | GRE_SEQUENCE)

/* Of mirrored traffic; type II has a sequence number and a header of its own. */
#define ERSPAN 0x88be
#define ERSPAN_LEN 8

/* RFC 2784, RFC 2890: version 0, no routing. */
enum redact_next redact_gre(struct redaction *r)
{
	struct cursor c = redact_here(r);
	uint16_t flags = cursor_u16(&c), type = cursor_u16(&c);
	size_t len = 4;

	for (unsigned flag = GRE_SEQUENCE; flag <= GRE_CHECKSUM; flag <<= 1)
		len += (flags & flag & GRE_KNOWN) != 0 ? 4 : 0;
	if (type == ERSPAN && (flags & GRE_SEQUENCE) != 0)
		len += ERSPAN_LEN;
	if ((flags & ~GRE_KNOWN) != 0 || !redact_has(r, len))
		return REDACT_END;
	if ((flags & GRE_CHECKSUM) != 0 && !redact_covers(r, 4, SIZE_MAX, false))
		return REDACT_END;
	r->at += len;
	return type == ERSPAN ? REDACT_ETHERNET : redact_by_type(type);
}
