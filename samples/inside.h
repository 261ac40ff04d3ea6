/* SPDX-License-Identifier: BSD-3-Clause */
/* What engine.c (when, and what payload) and hosts.c (which header fields) share. */
#ifndef SAMPLES_INSIDE_H
#define SAMPLES_INSIDE_H

#include <stdio.h>

#include "samples/dice.h"
#include "samples/packets.h"
#include "samples/scenario.h"

#define SEGMENTS_MAX 256  /* of one side of one connection; a scenario is short */
#define PAYLOAD_MAX  1448 /* an MTU of 1500 less IPv4, TCP and the timestamp option */

/* A segment that a host has sent. segment.payload points into the data beside it. */
struct sent {
	struct segment segment;
	uint32_t end;    /* the sequence number after it */
	int64_t time_us; /* when it passed the capture point */
	bool lost;
	uint8_t data[PAYLOAD_MAX];
};

/* One side of one connection. next is the sequence number that follows all it has sent. */
struct half {
	uint32_t isn, next;
	uint16_t ip_id;
	uint32_t clock_offset, flow_label;
	bool marked; /* sets the DSCP of interactive SSH */
	struct sent *sent;
	size_t count;
};

struct play {
	const struct scenario *scenario;
	struct half half[CONNECTIONS_MAX][2];
	struct dice dice;
	struct host_key host_key;
	int64_t now_us; /* of the last segment */
	bool capturing;
	struct libnet_context *net;
	FILE *out;
};

/* One way from the capture point to who made the segment, and the routers between. */
int64_t maker_away_us(const struct scenario *, const struct step *);
uint8_t maker_hops(const struct scenario *, const struct step *);

/* A new connection's random starts, as Linux draws them. */
void host_start(struct play *, struct half *, enum end);

/*
 * All header fields of a step's segment that passes the capture point now; payload and flags are
 * set already. BY_SOCKET goes on where the host's socket is, the others look at what they answer.
 */
void host_fill(struct play *, const struct step *, struct segment *);

/* The oldest segment of the step's side that, for all it has heard, may be missing. Never NULL. */
const struct sent *host_unacknowledged(struct play *, const struct step *);

/* The segment that a reset or an ICMP error answers: of the other side. Never NULL. */
const struct sent *host_trigger(struct play *, const struct step *);

#endif
