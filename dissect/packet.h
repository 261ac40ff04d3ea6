/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the dissect room hands on: one packet, flat.
 *
 * Either a TCP segment, or an ICMP error with the TCP segment it quotes. In both cases src, dst and
 * tcp.seq are those of the segment, so that one lookup finds the connection. Of a quoted segment
 * tcp.ack and tcp.flags are set when the quote is long enough (RFC 792 asks for 8 bytes of TCP
 * only), else zero; options and payload are always zero.
 *
 * Lifetime: on the caller's stack; payload points into the frame, or into the datagram that was put
 * together from fragments, and dies with the next frame.
 * Invariants: payload_len <= payload_wire_len; layers <= PACKET_LAYERS; sacks <= PACKET_SACKS.
 */
#ifndef DISSECT_PACKET_H
#define DISSECT_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "capture/frame.h"

#define DSCP 0xfc /* RFC 2474: the TOS byte without the two ECN bits */

#define PACKET_LAYERS 8 /* encapsulations worth naming; deeper ones are not followed */
#define PACKET_VLANS 2  /* 802.1ad: one service and one customer tag; deeper tags are skipped */
#define PACKET_SACKS 4  /* RFC 2018 section 3: what fits into 40 bytes of options */

/* Rows of layers.def. */
enum layer {
#define LAYER(id, words) LAYER_##id,
#include "dissect/layers.def"
#undef LAYER
	LAYER_COUNT,
};

/* The row's id, e.g. "sll2", as JSON has it. Never NULL. */
const char *layer_name(uint8_t layer);

struct address {
	uint8_t family;    /* 4 or 6; 0 = none */
	uint8_t bytes[16]; /* network order; IPv4 uses the first four, the rest is zero */
};

struct endpoint {
	struct address ip;
	uint16_t port;
};

/* Here, as each packet is asked for its side a few times. */
static inline bool address_equal(const struct address *a, const struct address *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

static inline bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && address_equal(&a->ip, &b->ip);
}

/* "192.0.2.1" and "192.0.2.1:22"; IPv6 in brackets before a port (RFC 5952 section 6). */
void address_add(struct text *, const struct address *);
void endpoint_add(struct text *, const struct endpoint *);

enum {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_PSH = 0x08,
	TCP_ACK = 0x10,
	TCP_URG = 0x20,
	TCP_ECE = 0x40,
	TCP_CWR = 0x80,
};

enum packet_kind { PACKET_SEGMENT, PACKET_ICMP_ERROR };

/* RIGHT or WRONG as sent; LEFT: the sender's host left it to its card, behind where it was captured. */
enum checksum { CHECKSUM_UNKNOWN, CHECKSUM_RIGHT, CHECKSUM_LEFT, CHECKSUM_WRONG };

struct segment {
	uint32_t seq, ack;
	uint8_t flags;
	uint8_t checksum;    /* for packet_checksum() */
	uint8_t header_len;  /* 0: of the header only what stands here is there */
	uint16_t window;     /* as in the header, not scaled */
	bool has_options;    /* at least one option that is not padding */
	bool has_mss, has_wscale, has_timestamps, sack_permitted, has_mptcp;
	uint16_t mss;
	uint8_t wscale;
	uint32_t tsval, tsecr;
	uint8_t sacks;
	uint32_t sack[PACKET_SACKS][2];
	const uint8_t *payload;
	uint32_t payload_len;      /* bytes captured */
	uint32_t payload_wire_len; /* bytes sent, by the IP header's length */
};

struct icmp_error {
	struct address from; /* who says so */
	uint8_t type, code;
};

struct packet {
	enum packet_kind kind;
	struct mark mark;
	int64_t time_ns;
	uint8_t layers;
	uint8_t layer[PACKET_LAYERS]; /* enum layer, outermost first, without IP and TCP */
	uint8_t vlans;
	uint16_t vlan[PACKET_VLANS];  /* 12-bit identifiers, outermost first */
	uint64_t tunnel;              /* 0: none; else tells tunnels apart, both ways the same */
	bool cut;                     /* the capture kept less than was sent */
	struct endpoint src, dst;
	/* The innermost IP header (for an ICMP error: the one around the ICMP). */
	uint8_t ttl;                  /* or the IPv6 hop limit */
	uint8_t tos;                  /* TOS byte or IPv6 traffic class: DSCP and ECN */
	bool has_ip_id;               /* IPv4 only; a fragment header of IPv6 does not count */
	uint16_t ip_id;
	bool df;
	struct segment tcp;
	struct icmp_error icmp;       /* PACKET_ICMP_ERROR only */
};

/* What may stand before SSH: rows of ssh_preludes.def. */
enum prelude_kind {
	PRELUDE_none,
#define PRELUDE(id, words, answered) PRELUDE_##id,
#include "dissect/ssh_preludes.def"
#undef PRELUDE
	PRELUDE_KINDS,
};

/* The row's id, as JSON has it, and its words; "" for PRELUDE_none. */
const char *prelude_name(enum prelude_kind);
const char *prelude_words(enum prelude_kind);

/* Looks at all bytes; unknown when not all were captured. */
enum checksum packet_checksum(const struct packet *);

/* The words for numbers of the wire that later rooms keep; "" when unknown, never NULL. */
const char *ssh_message_name(uint8_t number);    /* without SSH_MSG_ */
/* The same for numbers 30 to 49, which mean what the key exchange method says. */
const char *ssh_kex_message_name(const void *method, size_t len, uint8_t number);
const char *ssh_disconnect_name(uint32_t code);  /* without SSH_DISCONNECT_ */

#endif
