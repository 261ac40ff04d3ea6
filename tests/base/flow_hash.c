/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "base/flow_hash.h"

#define BITS 10
#define PLACES (1 << BITS)

Test(base_flow_hash, every_bit_of_every_word_counts)
{
	struct flow_hash_key key = flow_hash_random_key();
	uint32_t word[FLOW_HASH_WORDS] = { 0 };
	uint32_t before = flow_hash(&key, word, 32);
	unsigned int same = 0;

	for (int i = 0; i < FLOW_HASH_WORDS; i++) {
		for (int bit = 0; bit < 32; bit++) {
			word[i] ^= UINT32_C(1) << bit;
			same += flow_hash(&key, word, 32) == before;
			word[i] ^= UINT32_C(1) << bit;
		}
	}
	cr_expect_lt(same, 2, "by chance one of 2^23 times");
}

Test(base_flow_hash, the_same_words_have_the_same_place_and_another_key_another)
{
	struct flow_hash_key one = flow_hash_random_key(), other = flow_hash_random_key();
	const uint32_t word[FLOW_HASH_WORDS] = { 1, 2, 3 };

	cr_expect_eq(flow_hash(&one, word, 32), flow_hash(&one, word, 32));
	cr_expect_neq(flow_hash(&one, word, 32), flow_hash(&other, word, 32));
	cr_expect_eq(one.spread & 1, 1);
}

/* A tenth of the keys may be unlucky with one progression; whoever scans does not know the key. */
#define KEYS 64
#define UNLUCKY_MOST (KEYS / 4)

static bool is_spread(int shift)
{
	unsigned int load[PLACES] = { 0 }, empty = 0, most = 0;
	struct flow_hash_key key = flow_hash_random_key();

	for (uint32_t i = 0; i < 8 * PLACES; i++) {
		const uint32_t word[FLOW_HASH_WORDS] = { 0xc0000201, 0, 0, 0, i << shift };

		load[flow_hash(&key, word, BITS)]++;
	}
	for (uint32_t i = 0; i < PLACES; i++) {
		empty += load[i] == 0;
		most = load[i] > most ? load[i] : most;
	}
	return empty < PLACES / 2 && most < 8 * 16;
}

/* What a scan looks like: one number counts, in the low bits or in the high ones. */
Test(base_flow_hash, numbers_in_a_row_spread_over_all_places)
{
	for (int shift = 0; shift <= 16; shift += 16) {
		int unlucky = 0;

		for (int i = 0; i < KEYS; i++)
			unlucky += !is_spread(shift);
		cr_expect_leq(unlucky, UNLUCKY_MOST, "with %d of %d keys", unlucky, KEYS);
	}
}
