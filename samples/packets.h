/* SPDX-License-Identifier: BSD-3-Clause */
/* One segment as a frame of Ethernet, put together by libnet. */
#ifndef SAMPLES_PACKETS_H
#define SAMPLES_PACKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_MAX    1514
#define ETHERNET_LEN 14

struct libnet_context;

/* Linux' options: of a SYN (MSS, SACK permitted, timestamps, window scale), and of what follows. */
enum tcp_options { NO_OPTIONS, SYN_OPTIONS, TIMESTAMP_OPTION };

/* Every header field that a scenario can tell apart. Texts and payload stay the caller's. */
struct segment {
	bool to_server; /* chooses the Ethernet addresses */
	bool ipv6;
	const char *source, *destination; /* addresses as text */
	uint16_t source_port, destination_port;
	uint8_t ttl, tos;    /* IPv6: hop limit, traffic class */
	uint16_t ip_id;      /* IPv4 only */
	bool df;             /* IPv4 only */
	uint32_t flow_label; /* IPv6 only */
	uint8_t flags;       /* TH_SYN ... */
	uint32_t seq, ack;
	uint16_t window;
	enum tcp_options options;
	uint32_t sack[2];    /* with TIMESTAMP_OPTION; equal: none */
	uint32_t tsval, tsecr;
	const uint8_t *payload;
	uint16_t payload_len;
};

/* ICMP destination unreachable (type 3) about a segment, from a box on the path. IPv4 only. */
struct unreachable {
	const char *source; /* the box */
	uint8_t code, ttl;
	uint16_t ip_id;
	const struct segment *about; /* with the TTL it had left at the box */
};

/* NULL when libnet cannot start. The caller ends it with packets_close(). */
struct libnet_context *packets_open(void);
void packets_close(struct libnet_context *);

/* Writes the frame to out and returns its length, or 0 with libnet's message in packets_error(). */
size_t packets_segment(struct libnet_context *, const struct segment *, uint8_t out[FRAME_MAX]);
size_t packets_unreachable(struct libnet_context *, const struct unreachable *,
			   uint8_t out[FRAME_MAX]);
const char *packets_error(struct libnet_context *);

#endif
