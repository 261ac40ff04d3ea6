/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an on-path forger knows of one connection: all that passed its interface, of both ends, and
 * nothing else.
 */
#ifndef SAMPLES_LAB_FORGE_FLOW_H
#define SAMPLES_LAB_FORGE_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum end { CLIENT, SERVER };

struct address {
	int family; /* AF_INET or AF_INET6; the same at both ends */
	uint8_t ip[16];
	uint16_t port;
};

/* What one end was seen to send since its last SYN. Resets do not count: they may be our own. */
struct half {
	bool seen; /* if not, nothing below holds */
	uint32_t next;
	bool acknowledges; /* if so, ack holds */
	uint32_t ack;
	bool syn_seen; /* if so, the next two hold */
	bool scaled;
	uint8_t window_scale; /* 14 at most */
	uint16_t window;      /* as on the wire */
	uint8_t ttl;          /* with which its packets leave this router */
	uint8_t tos;
	uint16_t ip_id; /* IPv4 only */
	bool timestamps;
	uint32_t tsval;
};

struct flow {
	struct address address[2];
	struct half half[2];
	uint64_t payload[2]; /* bytes that each end sent, as they passed, since we listen */
};

/*
 * Takes a packet that begins with its IP header. It is leaving if it goes out by the interface, which
 * is after this router has counted itself in the TTL. What is not of the connection is ignored.
 */
void flow_see(struct flow *, const uint8_t *ip, size_t len, bool leaving);

/* The sequence number which an end expects next; false if nothing has passed that tells. */
bool flow_expects(const struct flow *, enum end, uint32_t *seq);

/* The window an end announced last, in bytes; 0 if it cannot be known, a SYN being unseen. */
uint32_t flow_window(const struct flow *, enum end);

#endif
