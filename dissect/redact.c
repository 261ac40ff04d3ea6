/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A frame without the names of its owners, in its own length up to where it can no longer be told what
 * the bytes mean: they are left out then. A protocol that nobody has thought of cannot tell anything.
 */
#include "dissect/redact.h"
#include "dissect/dissect.h"

/*
 * Numbers of the link types, which are the same in files and in libpcap but for those of raw IP:
 * https://www.tcpdump.org/linktypes.html
 */
enum {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_RAW = 12,
	LINK_RAW_OPENBSD = 14,
	LINK_RAW_FILE = 101,
	LINK_LOOP = 108,
	LINK_SLL = 113,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_SLL2 = 276,
};

#define ETHERNET_LEN 14
#define SLL_LEN 16
#define SLL2_LEN 20
#define SLL_ADDRESS_MAX 8

enum { TYPE_IP = 0x0800, TYPE_ARP = 0x0806, TYPE_IPV6 = 0x86dd, TYPE_ETHERNET = 0x6558 };
enum { TYPE_VLAN = 0x8100, TYPE_QINQ = 0x88a8, TYPE_QINQ_OLD = 0x9100 };

/* Service, customer, and one more for a mirror port. */
#define TAGS_MAX 3

enum redact_next redact_by_type(uint16_t type)
{
	switch (type) {
	case TYPE_IP:
	case TYPE_IPV6:
		return REDACT_IP;
	case TYPE_ARP:
		return REDACT_ARP;
	case TYPE_ETHERNET: /* Transparent Ethernet Bridging, of tunnels */
		return REDACT_ETHERNET;
	default:
		return REDACT_END;
	}
}

/* IEEE 802.1Q: tags name networks by number, and those stay. */
static enum redact_next behind_tags(struct redaction *r, uint16_t type)
{
	for (int i = 0; i < TAGS_MAX; i++) {
		struct cursor c = redact_here(r);

		if (type != TYPE_VLAN && type != TYPE_QINQ && type != TYPE_QINQ_OLD)
			break;
		if (!redact_has(r, 4))
			return REDACT_END;
		cursor_skip(&c, 2);
		type = cursor_u16(&c);
		r->at += 4;
	}
	return type != TYPE_ETHERNET ? redact_by_type(type) : REDACT_END;
}

static enum redact_next take_ethernet(struct redaction *r)
{
	struct cursor c = redact_here(r);

	if (!redact_has(r, ETHERNET_LEN))
		return REDACT_END;
	pseudonym_mac(r->names, r->out + r->at);
	pseudonym_mac(r->names, r->out + r->at + MAC_LEN);
	cursor_skip(&c, 2 * MAC_LEN);
	r->at += ETHERNET_LEN;
	return behind_tags(r, cursor_u16(&c));
}

/* The sender's address on the link: a MAC address, or of a tunnel its outer IP address, or longer. */
static void redact_sender(struct redaction *r, size_t at, size_t len)
{
	if (len == MAC_LEN) {
		pseudonym_mac(r->names, r->out + at);
		memset(r->out + at + MAC_LEN, 0, SLL_ADDRESS_MAX - MAC_LEN);
	} else if (len == 4) {
		pseudonym_ipv4(r->names, r->out + at);
		memset(r->out + at + 4, 0, SLL_ADDRESS_MAX - 4);
	} else {
		memset(r->out + at, 0, SLL_ADDRESS_MAX);
	}
}

static enum redact_next take_sll(struct redaction *r)
{
	struct cursor c = redact_here(r);
	size_t len;

	cursor_skip(&c, 4);
	len = cursor_u16(&c);
	cursor_skip(&c, SLL_ADDRESS_MAX);
	if (!redact_has(r, SLL_LEN))
		return REDACT_END;
	redact_sender(r, r->at + 6, len);
	r->at += SLL_LEN;
	return behind_tags(r, cursor_u16(&c));
}

static enum redact_next take_sll2(struct redaction *r)
{
	struct cursor c = redact_here(r);
	uint16_t type = cursor_u16(&c);

	cursor_skip(&c, 9);
	if (!redact_has(r, SLL2_LEN))
		return REDACT_END;
	redact_sender(r, r->at + 12, cursor_u8(&c));
	r->at += SLL2_LEN;
	return behind_tags(r, type);
}

static enum redact_next take_link(struct redaction *r, int link_type)
{
	switch (link_type) {
	case LINK_ETHERNET:
		return REDACT_ETHERNET;
	case LINK_SLL:
		return take_sll(r);
	case LINK_SLL2:
		return take_sll2(r);
	case LINK_NULL:
	case LINK_LOOP:
		r->at += redact_has(r, 4) ? 4 : 0;
		return r->at != 0 ? REDACT_IP : REDACT_END;
	case LINK_RAW:
	case LINK_RAW_OPENBSD:
	case LINK_RAW_FILE:
	case LINK_IPV4:
	case LINK_IPV6:
		return REDACT_IP;
	default:
		return REDACT_END;
	}
}

static enum redact_next take(struct redaction *r, enum redact_next what)
{
	static enum redact_next (*const steps[])(struct redaction *) = {
		[REDACT_ETHERNET] = take_ethernet, [REDACT_IP] = redact_ip,
		[REDACT_ARP] = redact_arp,         [REDACT_TCP] = redact_tcp,
		[REDACT_UDP] = redact_udp,         [REDACT_GRE] = redact_gre,
		[REDACT_ICMP] = redact_icmp,       [REDACT_ICMPV6] = redact_icmpv6,
		[REDACT_VXLAN] = redact_vxlan,     [REDACT_GENEVE] = redact_geneve,
	};

	return steps[what](r);
}

/* Each step takes a byte at least, or is the last. */
size_t dissect_redact(const struct pseudonyms *names, const struct frame *frame, bool clear,
		      uint8_t *out)
{
	struct redaction r = {
		.names = names,
		.old = frame->bytes,
		.out = out,
		.end = frame->len,
		.clear = clear,
	};
	enum redact_next next;

	if (frame->len == 0)
		return 0;
	memcpy(out, frame->bytes, frame->len);
	next = take_link(&r, frame->link_type);
	while (next != REDACT_END)
		next = take(&r, next);
	redact_mend(&r);
	memset(out + r.at, 0, frame->len - r.at);
	return r.at;
}
