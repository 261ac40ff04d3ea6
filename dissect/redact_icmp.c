/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is said of addresses: ICMP errors with the packet they quote, and who has which address on a
 * link, by ARP and by neighbour discovery.
 */
#include "dissect/redact.h"

#define ICMP_LEN 8

enum {
	ICMP_UNREACHABLE = 3,
	ICMP_QUENCH = 4,
	ICMP_REDIRECT = 5,
	ICMP_EXCEEDED = 11,
	ICMP_PARAMETER = 12
};

/* What an error holds between its header and the packet it is about is a number, or a gateway. */
static enum redact_next quote(struct redaction *r)
{
	r->at += ICMP_LEN;
	r->quoted = true;
	return REDACT_IP;
}

enum redact_next redact_icmp(struct redaction *r)
{
	struct cursor c = redact_here(r);
	uint8_t type = cursor_u8(&c);

	if (!redact_has(r, ICMP_LEN) || !redact_covers(r, 2, SIZE_MAX, false))
		return REDACT_END;
	switch (type) {
	case ICMP_REDIRECT:
		pseudonym_ipv4(r->names, r->out + r->at + 4);
		return quote(r);
	case ICMP_UNREACHABLE:
	case ICMP_QUENCH:
	case ICMP_EXCEEDED:
	case ICMP_PARAMETER:
		return quote(r);
	default:
		r->at += 4; /* RFC 792: type, code, checksum; the rest is as the type has it */
		return REDACT_END;
	}
}

/* ---- neighbour discovery: RFC 4861 section 4 ---- */

enum { ROUTER_SOLICITATION = 133, ROUTER_ADVERTISEMENT, SOLICITATION, ADVERTISEMENT, REDIRECT };
enum { OPTION_SOURCE = 1, OPTION_TARGET = 2, OPTION_PREFIX = 3, OPTION_MTU = 5 };

/* How long each is before its options, and how many addresses it ends with. */
static const struct {
	uint8_t len, addresses;
} discovery[] = {
	[ROUTER_SOLICITATION - ROUTER_SOLICITATION] = { 8, 0 },
	[ROUTER_ADVERTISEMENT - ROUTER_SOLICITATION] = { 16, 0 },
	[SOLICITATION - ROUTER_SOLICITATION] = { 24, 1 },
	[ADVERTISEMENT - ROUTER_SOLICITATION] = { 24, 1 },
	[REDIRECT - ROUTER_SOLICITATION] = { 40, 2 },
};

static void redact_option(struct redaction *r, uint8_t kind, size_t len)
{
	uint8_t *at = r->out + r->at;

	if ((kind == OPTION_SOURCE || kind == OPTION_TARGET) && len == 8)
		pseudonym_mac(r->names, at + 2);
	else if (kind == OPTION_PREFIX && len == 32)
		pseudonym_ipv6(r->names, at + 16);
	else if (kind != OPTION_MTU)
		memset(at + 2, 0, len - 2);
}

static enum redact_next take_discovery(struct redaction *r, uint8_t type)
{
	size_t len = discovery[type - ROUTER_SOLICITATION].len;
	size_t addresses = discovery[type - ROUTER_SOLICITATION].addresses;

	if (!redact_has(r, len))
		return REDACT_END;
	r->at += len;
	for (size_t i = 1; i <= addresses; i++)
		pseudonym_ipv6(r->names, r->out + r->at - 16 * i);
	while (redact_has(r, 8)) {
		struct cursor c = redact_here(r);
		uint8_t kind = cursor_u8(&c);

		len = (size_t)cursor_u8(&c) * 8;
		if (len == 0 || !redact_has(r, len))
			break;
		redact_option(r, kind, len);
		r->at += len;
	}
	return REDACT_END;
}

enum redact_next redact_icmpv6(struct redaction *r)
{
	struct cursor c = redact_here(r);
	uint8_t type = cursor_u8(&c);

	if (!redact_has(r, ICMP_LEN) || !redact_covers(r, 2, SIZE_MAX, true))
		return REDACT_END;
	if (type >= 1 && type <= 4) /* RFC 4443 section 3: the errors */
		return quote(r);
	if (type >= ROUTER_SOLICITATION && type <= REDIRECT)
		return take_discovery(r, type);
	r->at += 4;
	return REDACT_END;
}

/* ---- ARP: RFC 826 ---- */

#define ARP_LEN 28

enum redact_next redact_arp(struct redaction *r)
{
	struct cursor c = redact_here(r);
	uint8_t *at = r->out + r->at;

	/* Ethernet, IPv4, and their lengths */
	if (cursor_u32(&c) != 0x00010800 || cursor_u16(&c) != 0x0604 || !redact_has(r, ARP_LEN))
		return REDACT_END;
	pseudonym_mac(r->names, at + 8);
	pseudonym_ipv4(r->names, at + 14);
	pseudonym_mac(r->names, at + 18);
	pseudonym_ipv4(r->names, at + 24);
	r->at += ARP_LEN;
	return REDACT_END;
}
