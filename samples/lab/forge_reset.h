/* SPDX-License-Identifier: BSD-3-Clause */
/* One forged reset: its fields, and how it leaves. */
#ifndef SAMPLES_LAB_FORGE_RESET_H
#define SAMPLES_LAB_FORGE_RESET_H

#include "samples/lab/forge_flow.h"
#include "samples/lab/forge_order.h"

struct libnet_context;

struct reset {
	const struct address *from, *to;
	uint32_t seq, step; /* step: to the next of several */
	uint32_t ack;       /* 0 unless acknowledges */
	bool acknowledges;
	uint16_t window;
	uint8_t ttl, tos;
	uint16_t ip_id; /* of IPv4; 0 without df: the kernel's */
	bool df, timestamps;
	uint32_t tsval, tsecr;
};

/*
 * What an order means for one receiver, now. It borrows the addresses of the flow. Returns NULL, or
 * why the order cannot be carried out.
 */
const char *reset_plan(const struct flow *, const struct order *, enum end to, struct reset *);

/* To the next of several: the sequence number and the identification go on. */
void reset_advance(struct reset *);

/* A way out for packets of a family; NULL on failure, and why. */
struct libnet_context *reset_open(int family, struct text *why);

void reset_close(struct libnet_context *);

/* Sends it by the routing table. Returns NULL, or why it has not left. */
const char *reset_send(struct libnet_context *, const struct reset *);

#endif
