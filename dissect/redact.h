/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the files that redact a frame share. Each step take_NAME() changes one header in r->out, moves on
 * behind it and says what follows. What no step has taken is not shown.
 */
#ifndef DISSECT_REDACT_H
#define DISSECT_REDACT_H

#include "base/cursor.h"
#include "base/pseudonym.h"

enum redact_next {
	REDACT_END, /* nothing that may be shown follows */
	REDACT_ETHERNET,
	REDACT_IP,
	REDACT_ARP,
	REDACT_TCP,
	REDACT_UDP,
	REDACT_GRE,
	REDACT_ICMP,
	REDACT_ICMPV6,
	REDACT_VXLAN,
	REDACT_GENEVE,
};

/* Headers with a checksum, one in another; a frame of more is cut there. */
#define REDACT_SUMS_MAX 16

/* A checksum to be mended when all is changed. */
struct redact_sum {
	size_t field;    /* where it is */
	size_t from, to; /* what it covers; SIZE_MAX: all that follows */
	bool pseudo;     /* it covers addresses of the IP header around it as well: */
	size_t addresses, addresses_len;
	uint32_t rest; /* of the pseudo-header: the length and the protocol, added */
};

/* Invariants: at <= end <= what was captured; old and out have equal lengths. */
struct redaction {
	const struct pseudonyms *names;
	const uint8_t *old;
	uint8_t *out;
	size_t at, end; /* the next header; end of the datagram it belongs to */
	bool clear;     /* the payload may be SSH's clear text */
	bool quoted;    /* within an ICMP error */
	/* Of the innermost IP header. */
	size_t addresses, addresses_len;
	uint8_t protocol;
	uint32_t len; /* of what follows it, as it claims */
	size_t sums;
	struct redact_sum sum[REDACT_SUMS_MAX];
};

/* What is left of the original from here. */
static inline struct cursor redact_here(const struct redaction *r)
{
	return cursor_over(r->old + r->at, r->end - r->at);
}

static inline bool redact_has(const struct redaction *r, size_t len)
{
	return r->end - r->at >= len;
}

/* redact.c: what an EtherType says. */
enum redact_next redact_by_type(uint16_t type);

/* redact_ip.c, redact_tunnel.c, redact_icmp.c */
enum redact_next redact_ip(struct redaction *);
enum redact_next redact_by_protocol(const struct redaction *);
enum redact_next redact_tcp(struct redaction *);
enum redact_next redact_udp(struct redaction *);
enum redact_next redact_gre(struct redaction *);
enum redact_next redact_vxlan(struct redaction *);
enum redact_next redact_geneve(struct redaction *);
enum redact_next redact_icmp(struct redaction *);
enum redact_next redact_icmpv6(struct redaction *);
enum redact_next redact_arp(struct redaction *);

/*
 * redact_sum.c: remembers a checksum at this distance from r->at, which covers so many bytes from there
 * (SIZE_MAX: all). False when there are too many. redact_mend() changes all of them; r->at ends what is
 * shown.
 */
bool redact_covers(struct redaction *, size_t field, size_t len, bool pseudo);
void redact_mend(struct redaction *);

#endif
