/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A keyed hash for tables that every packet looks into: fast, and its collisions cannot be chosen by
 * who sends the packets.
 *
 * NH of UMAC (RFC 4418 section 5.2): of any two inputs that differ, a random key makes the sums equal
 * with a chance of 2^-32, which is proven, for whoever does not see the result; a multiplication by an
 * odd key then spreads them (Dietzfelbinger et al. 1997: chance 2/2^n for n bits). SipHash also stands
 * who sees the results. Here nobody does, and it takes ten times as long.
 */
#ifndef BASE_FLOW_HASH_H
#define BASE_FLOW_HASH_H

#include <stddef.h>
#include <stdint.h>

#define FLOW_HASH_WORDS 14

struct flow_hash_key {
	uint64_t spread; /* odd */
	uint32_t word[FLOW_HASH_WORDS];
};

/* A key of the kernel's random numbers; dies when there are none. */
struct flow_hash_key flow_hash_random_key(void);

/* The upper `bits` of the hash; 0 < bits <= 32. */
static inline uint32_t flow_hash(const struct flow_hash_key *key,
				 const uint32_t word[FLOW_HASH_WORDS], unsigned int bits)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < FLOW_HASH_WORDS; i += 2)
		sum += (uint64_t)(word[i] + key->word[i]) * (word[i + 1] + key->word[i + 1]);
	return (uint32_t)(sum * key->spread >> (64 - bits));
}

#endif
