/* SPDX-License-Identifier: BSD-3-Clause */
/* One direction of the wire: what it takes from one device it gives to the other, later. */
#ifndef SAMPLES_LAB_WIRE_LANE_H
#define SAMPLES_LAB_WIRE_LANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "samples/lab/wire_faults.h"

#define NS_PER_S INT64_C(1000000000)
#define QUEUE_LENGTH 16384 /* packets on their way: 24 MB of full ones */

/* The queue is a ring, sorted by due; equal ones stay in the order they came. */
struct lane {
	int from, to; /* TUN devices that do not block; borrowed */
	struct faults faults;
	int64_t newest; /* due of the last packet that was not held back */
	struct packet *queue[QUEUE_LENGTH];
	size_t head, count;
	uint64_t passed, dropped, duplicated, flipped;
};

/* Takes a few of the packets that wait in the device, and lets the faults befall them. Returns
   false, with errno, if the device is gone; one that is down is not. */
bool lane_take(struct lane *);

/* Delivers a few of the packets that are due. Returns false, with errno, if the device is gone. */
bool lane_deliver(struct lane *);

/* Nanoseconds until a packet is due: 0 if one is, at most NS_PER_S. */
int64_t lane_wait(const struct lane *);

#endif
