/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * SipHash-1-3: a keyed hash whose collisions cannot be chosen by who sends the packets.
 * Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012.
 */
#ifndef BASE_SIPHASH_H
#define BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash_key {
	uint64_t k[2];
};

/* A key of the kernel's random numbers; dies when there are none. */
struct siphash_key siphash_random_key(void);

uint64_t siphash(struct siphash_key, const void *bytes, size_t len);

#endif
