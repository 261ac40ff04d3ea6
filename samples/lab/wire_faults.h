/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What befalls a packet as it enters one direction of the wire, and the commands that say so. MS
 * and PERCENT are decimal, DIR is > (A to B), < (B to A) or = (both):
 *
 *   delay MS                 one way, both directions; what is on its way keeps its order
 *   loss DIR PERCENT         at random; 100 = nothing passes, 0 = mended
 *   duplicate DIR PERCENT    sends a packet twice
 *   reorder DIR PERCENT MS   holds a packet back for MS longer, others overtake it
 *   largest DIR BYTES        larger packets vanish without a word; 0 = no limit
 *   flip DIR MIN OFFSET      once: in the next TCP segment with at least MIN bytes of payload,
 *                            inverts the lowest bit of byte OFFSET; the checksum is mended
 */
#ifndef SAMPLES_LAB_WIRE_FAULTS_H
#define SAMPLES_LAB_WIRE_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One for each direction, so that what one does never moves the dice of the other. All zero: a
   perfect wire. While a flip is armed (flip_least > 0), flip_offset < flip_least. */
struct faults {
	int64_t delay;                   /* ns of every packet */
	double loss, duplicate, reorder; /* percent of the packets */
	int64_t hold;                    /* ns more of a reordered packet */
	size_t largest;                  /* bytes of a packet that still passes; 0 = no limit */
	size_t flip_least, flip_offset;  /* bytes of payload */
	uint64_t dice;
};

/* Obeys one command, which it cuts into words. Returns NULL, or what is wrong with the line; then
   nothing has changed. */
const char *faults_command(struct faults *const both[2], char *line);

/* Whether this packet vanishes: too large or out of luck. */
bool faults_swallow(struct faults *, size_t length);

/* Whether this packet is sent twice. */
bool faults_duplicate(struct faults *);

/* How many nanoseconds others may overtake this packet for; mostly 0. */
int64_t faults_hold(struct faults *);

/* Whether the packet was the one that a flip waited for. It is damaged then, and the flip spent. */
bool faults_flip(struct faults *, uint8_t *packet, size_t length);

#endif
