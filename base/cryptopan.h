/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Crypto-PAn: strings of bits mapped one to one, so that two which share their first n bits share
 * exactly as many in their images.
 * Xu, Fan, Ammar and Moon, "Prefix-Preserving IP Address Anonymization", ICNP 2002.
 */
#ifndef BASE_CRYPTOPAN_H
#define BASE_CRYPTOPAN_H

#include <nettle/aes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CRYPTOPAN_KEY_LEN 32
#define CRYPTOPAN_BITS_MAX 128

struct cryptopan {
	struct aes128_ctx aes;
	uint8_t pad[AES_BLOCK_SIZE];
};

/* As the authors' program has it: half of the key is AES's, the other is encrypted to the pad. */
void cryptopan_begin(struct cryptopan *, const uint8_t key[CRYPTOPAN_KEY_LEN]);

/*
 * Maps the first bits (<= CRYPTOPAN_BITS_MAX, a multiple of 8) of what at points to, in place. Where
 * stays(at, depth) is true of the bits before it, the bit at this depth keeps its value: the tree of
 * prefixes is not turned there, and the map is one to one as before. at is the original then.
 */
void cryptopan_map(const struct cryptopan *, uint8_t *at, size_t bits,
		   bool (*stays)(const uint8_t *at, size_t depth));

#endif
