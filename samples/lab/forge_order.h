/* SPDX-License-Identifier: BSD-3-Clause */
/* What the forger is told to do: a line `TO [key=value...]`, with the keys that order_help() lists. */
#ifndef SAMPLES_LAB_FORGE_ORDER_H
#define SAMPLES_LAB_FORGE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define ORDER_COPY INT64_C(-1)   /* as the claimed sender has it */
#define ORDER_KERNEL INT64_C(-2) /* left to the kernel */
#define ORDER_GUESS INT64_MIN

struct order {
	bool to[2];     /* who receives resets, by enum end */
	int64_t seq;    /* counted from what the receiver expects next, or ORDER_GUESS */
	int64_t count;  /* for each receiver; 1 at least */
	int64_t step;   /* by which the sequence number of each further one is higher */
	int64_t gap_us; /* between them */
	int64_t ack;    /* 1: RST and ACK, 0: RST alone */
	int64_t ttl;    /* or ORDER_COPY, as the next two */
	int64_t window; /* as on the wire */
	int64_t tos;
	int64_t ip_id;      /* or ORDER_COPY or ORDER_KERNEL */
	int64_t df;         /* 1: don't fragment */
	int64_t timestamps; /* 1: with the option */
	int64_t trigger;    /* payload bytes of the claimed senders to wait for; 0: do not wait */
};

/* Cuts a line into words and reads them. When it is no order, false, and why. */
bool order_read(char *line, struct order *, struct text *why);

/* A line for each key with what it may be. */
void order_help(struct text *);

#endif
