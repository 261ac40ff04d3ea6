/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * IP and TCP: addresses are replaced wherever they stand, in options and extensions, too, whose contents
 * go; the payload is cut but for SSH's clear text. Ports, TTLs, identifications, sequence numbers and
 * lengths stay: they are the evidence.
 */
#include "dissect/inside.h"
#include "dissect/redact.h"
#include "dissect/ssh_redact.h"

#define IPV4_LEN 20
#define IPV6_LEN 40
#define TCP_LEN 20
#define QUOTE_LEN 8 /* RFC 792: what an ICMP error quotes of a segment at least */

/* RFC 791 section 3.1: an option of one byte that says nothing. The same in TCP. */
#define OPTION_NONE 1

enum redact_next redact_by_protocol(const struct redaction *r)
{
	switch (r->protocol) {
	case IP_PROTOCOL_TCP:
		return REDACT_TCP;
	case IP_PROTOCOL_UDP:
		return r->quoted ? REDACT_END : REDACT_UDP;
	case IP_PROTOCOL_ICMP:
		return r->quoted ? REDACT_END : REDACT_ICMP;
	case IP_PROTOCOL_ICMPV6:
		return r->quoted ? REDACT_END : REDACT_ICMPV6;
	case 4: /* RFC 2003 */
	case 41:
		return REDACT_IP;
	case 47:
		return REDACT_GRE;
	default:
		return REDACT_END;
	}
}

/* What lies behind the datagram is padding, or anything. A length of 0: segmentation offload. */
static void end_at(struct redaction *r, size_t len)
{
	if (len != 0 && len < r->end - r->at)
		r->end = r->at + len;
}

static enum redact_next take_ipv4(struct redaction *r)
{
	struct cursor c = redact_here(r);
	size_t header = (size_t)(cursor_u8(&c) & 0x0f) * 4, total;
	uint16_t fragment;

	cursor_skip(&c, 1);
	total = cursor_u16(&c);
	cursor_skip(&c, 2);
	fragment = cursor_u16(&c);
	cursor_skip(&c, 1);
	r->protocol = cursor_u8(&c);
	if (header < IPV4_LEN || !redact_has(r, header) || !redact_covers(r, 10, header, false))
		return REDACT_END;
	end_at(r, total > header ? total : header);
	r->len = (uint32_t)(total > header ? total - header : r->end - r->at - header);
	r->addresses = r->at + 12;
	r->addresses_len = 8;
	pseudonym_ipv4(r->names, r->out + r->addresses);
	pseudonym_ipv4(r->names, r->out + r->addresses + 4);
	memset(r->out + r->at + IPV4_LEN, OPTION_NONE, header - IPV4_LEN);
	r->at += header;
	return (fragment & 0x1fff) == 0 ? redact_by_protocol(r) : REDACT_END;
}

/* ---- IPv6 ---- */

enum { HOP_BY_HOP = 0, ROUTING = 43, FRAGMENT = 44, DESTINATION = 60 };

#define EXTENSIONS_MAX 8

/* Its contents are zeros then: padding, and a route of no segments. False: nothing more is shown. */
static bool take_extension(struct redaction *r)
{
	struct cursor c = redact_here(r);
	uint8_t next = cursor_u8(&c), units = cursor_u8(&c);
	uint16_t offset = cursor_u16(&c);
	size_t len = r->protocol == FRAGMENT ? 8 : 8 + (size_t)units * 8;

	if (!redact_has(r, len))
		return false;
	if (r->protocol != FRAGMENT)
		memset(r->out + r->at + 2, 0, len - 2);
	else if ((offset & 0xfff8) != 0)
		next = 59; /* no next header: it is in another frame */
	r->at += len;
	r->len -= r->len >= len ? (uint32_t)len : 0;
	r->protocol = next;
	return true;
}

static bool is_extension(uint8_t protocol)
{
	return protocol == HOP_BY_HOP || protocol == ROUTING || protocol == FRAGMENT ||
	       protocol == DESTINATION;
}

static enum redact_next take_ipv6(struct redaction *r)
{
	struct cursor c = redact_here(r);

	cursor_skip(&c, 4);
	r->len = cursor_u16(&c);
	r->protocol = cursor_u8(&c);
	if (!redact_has(r, IPV6_LEN))
		return REDACT_END;
	end_at(r, r->len != 0 ? r->len + IPV6_LEN : 0);
	r->addresses = r->at + 8;
	r->addresses_len = 32;
	pseudonym_ipv6(r->names, r->out + r->addresses);
	pseudonym_ipv6(r->names, r->out + r->addresses + 16);
	r->at += IPV6_LEN;
	for (int i = 0; i < EXTENSIONS_MAX && is_extension(r->protocol); i++)
		if (!take_extension(r))
			return REDACT_END;
	return redact_by_protocol(r);
}

enum redact_next redact_ip(struct redaction *r)
{
	struct cursor c = redact_here(r);

	switch (cursor_u8(&c) >> 4) {
	case 4:
		return take_ipv4(r);
	case 6:
		return take_ipv6(r);
	default:
		return REDACT_END;
	}
}

/* ---- TCP ---- */

/* RFC 9293 section 3.2, RFC 7323, RFC 2018. Others may hold addresses, as MPTCP's ADD_ADDR does. */
static bool option_stays(uint8_t kind)
{
	return kind <= 5 || kind == 8;
}

static void redact_options(struct redaction *r, size_t from, size_t to)
{
	struct cursor c = cursor_over(r->old + from, to - from);

	while (cursor_left(&c) != 0) {
		size_t at = to - cursor_left(&c), len;
		uint8_t kind = cursor_u8(&c);

		if (kind == OPTION_NONE)
			continue;
		len = cursor_u8(&c);
		if (kind == 0 || len < 2 || len > to - at) { /* the end, or nobody reads on */
			memset(r->out + at, 0, to - at);
			return;
		}
		if (!option_stays(kind))
			memset(r->out + at, OPTION_NONE, len);
		cursor_skip(&c, len - 2);
	}
}

enum redact_next redact_tcp(struct redaction *r)
{
	struct cursor c = redact_here(r);
	size_t header;

	cursor_skip(&c, 12);
	header = (size_t)(cursor_u8(&c) >> 4) * 4;
	if (!redact_covers(r, 16, SIZE_MAX, true))
		return REDACT_END;
	if (!redact_has(r, TCP_LEN) || header < TCP_LEN) {
		r->at += redact_has(r, QUOTE_LEN) ? QUOTE_LEN : 0;
		return REDACT_END;
	}
	if (!redact_has(r, header))
		header = TCP_LEN;
	redact_options(r, r->at + TCP_LEN, r->at + header);
	r->at += header;
	if (r->clear && !r->quoted)
		r->at += ssh_redact_payload(r->names, r->out + r->at, r->end - r->at);
	return REDACT_END;
}
