/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the files of this room share: the walk along a frame.
 *
 * A step take_NAME() (a row of headers.def) reads one header and says which one follows; a chooser
 * by_NUMBER() knows what the values of a protocol field mean. Both return SKIP_NONE or why the frame
 * cannot be used.
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

/* The next byte, which stays to be read; 0 when there is none. */
static inline uint8_t part_peek(const struct part *part)
{
	struct cursor copy = part->at;

	return cursor_u8(&copy);
}

/* The IP header, its extensions taken off. */
struct ip {
	struct address src, dst;
	uint8_t ttl, tos;
	uint8_t protocol; /* of what follows the last extension */
	bool has_id, df;  /* IPv4 */
	uint16_t id;
	bool is_fragment; /* a piece of a datagram, which this one alone does not make */
	bool more;        /* a fragment that is not the last */
	uint32_t offset;  /* of a fragment, in bytes */
	uint32_t group;   /* identification of the datagram that a fragment belongs to */
	bool has_len;     /* length 0 says nothing: segmentation offload, or a jumbogram */
	uint32_t len;     /* of what follows the first header, as that claims */
};

enum {
	IP_PROTOCOL_ICMP = 1,
	IP_PROTOCOL_TCP = 6,
	IP_PROTOCOL_UDP = 17,
	IP_PROTOCOL_ICMPV6 = 58,
};

/* Rows of headers.def. */
enum header {
	HEADER_none, /* nothing follows: the packet is complete */
#define HEADER(id) HEADER_##id,
#include "dissect/headers.def"
#undef HEADER
	HEADER_COUNT,
};

struct walk {
	struct part part;
	enum header next; /* what the part begins with */
	uint32_t number;  /* the value that said so, where a step serves several */
	int link_type;    /* for take_link() */
	bool padded;      /* for take_wlan(): its header is filled up to four bytes */
	struct ip ip;     /* the innermost so far; family 0: none */
	struct packet *packet;
};

#define HEADER(id) enum skip take_##id(struct walk *);
#include "dissect/headers.def"
#undef HEADER

/* The walk goes on with this header. */
static inline enum skip walk_on(struct walk *walk, enum header next)
{
	walk->next = next;
	return SKIP_NONE;
}

/* Names what stands around the packet: SKIP_too_deep when there is no room for it. */
enum skip walk_name(struct walk *, enum layer);

/* What the number in a header says of the next one. */
enum skip by_ethertype(struct walk *, uint32_t);
enum skip by_type_or_len(struct walk *, uint32_t); /* an EtherType, or a length before LLC */
enum skip by_ppp(struct walk *, uint32_t);         /* RFC 1661 section 2 */
enum skip by_family(struct walk *, uint32_t);      /* AF_INET and AF_INET6, of all systems */
enum skip by_nlpid(struct walk *, uint32_t);  /* RFC 2427 section 3, behind the control field */
enum skip by_arcnet(struct walk *, uint32_t); /* type, and flag of a split packet: RFC 1201 */
enum skip by_next(struct walk *, uint32_t);   /* of VXLAN-GPE and NSH: RFC 8300 section 2.2 */

/* Whether an IP header can stand here: version, and lengths that the part can hold. */
bool ip_may_begin(const struct part *);
/* Reads what a router quotes: its length says nothing about the part. */
enum skip ip_read_quoted(struct part *, struct ip *);

/*
 * Enters a tunnel: names it and makes the packet's tunnel number another one. The same in both
 * directions: the outer addresses count without order, and id is what both share (a VNI; 0: nothing).
 */
enum skip tunnel_enter(struct walk *, enum layer, uint32_t id);
/* What follows an IP or UDP header, by the rows of tunnels.def; HEADER_none when nothing we know. */
enum header tunnel_by_protocol(uint8_t protocol);
enum header tunnel_by_port(uint16_t src, uint16_t dst);

/* Without a header of its own around it. */
bool link_is_ethernet(int link_type);

/* A whole header, its options and what follows. */
enum skip tcp_read(struct part *, struct packet *);
/* Ports, seq, and ack and flags if they are there, of the first bytes of a segment. */
enum skip tcp_read_quoted(struct part *, struct packet *);

/*
 * plain.c: the usual frame in one step. False, and nothing said, when it has to be walked through. The
 * packet of one that is skipped is not filled.
 */
bool plain_read(const struct frame *, struct packet *, enum skip *why);

/* Before the first step; the packet is borrowed and filled on the way. */
struct walk walk_begin(const struct frame *, struct packet *);
/* The steps to the end, or until this header is next. */
enum skip walk_until(struct walk *, enum header stop);
/* The rest of a walk whose datagram is whole again. */
enum skip walk_through(struct walk *);

#endif
