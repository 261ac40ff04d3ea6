/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the files of this room share: each reads one header and leaves the rest to the next.
 *
 * Every *_read() returns SKIP_NONE or why the frame cannot be used.
 */
#ifndef DISSECT_INSIDE_H
#define DISSECT_INSIDE_H

#include "base/cursor.h"
#include "dissect/dissect.h"

/* The bytes that are still to be read, and how many more were sent behind them. */
struct part {
	struct cursor at;
	uint32_t missing; /* sent, but not captured: all of them after the end of the cursor */
};

/* What a header that ends too early means: the capture's fault, or the sender's. */
static inline enum skip part_short(const struct part *part, enum skip impossible)
{
	return part->missing != 0 ? SKIP_cut : impossible;
}

/* How many bytes were sent from here on. */
static inline uint64_t part_wire_len(const struct part *part)
{
	return (uint64_t)cursor_left(&part->at) + part->missing;
}

/* The IP header, its extensions taken off. */
struct ip {
	struct address src, dst;
	uint8_t ttl, tos;
	uint8_t protocol;    /* of what follows the last extension */
	bool has_id, df;     /* IPv4 */
	uint16_t id;
	bool later_fragment; /* of a datagram: holds no header of the next layer */
	bool has_len;        /* length 0 says nothing: segmentation offload, or a jumbogram */
	uint32_t len;        /* of what follows the first header, as that claims */
};

enum {
	IP_PROTOCOL_ICMP = 1,
	IP_PROTOCOL_TCP = 6,
	IP_PROTOCOL_ICMPV6 = 58,
};

/* Takes off the link header and its tags; fills layer[] and vlan[]. The part starts at IP then. */
enum skip link_read(const struct frame *, struct part *, struct packet *);

/* Takes off the IP headers and what follows the datagram. Never later_fragment on SKIP_NONE. */
enum skip ip_read(struct part *, struct ip *);
/* The same for the beginning of a datagram, whose length says nothing about the part. */
enum skip ip_read_quoted(struct part *, struct ip *);

/* Fills the ports and tcp. */
enum skip tcp_read(struct part *, struct packet *);
/* The same for the first bytes of a segment: ports, seq, and ack and flags if they are there. */
enum skip tcp_read_quoted(struct part *, struct packet *);

/* Makes the packet a PACKET_ICMP_ERROR about the segment it quotes. */
enum skip icmp_read(struct part *, const struct ip *outer, struct packet *);

#endif
