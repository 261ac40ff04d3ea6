/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The bit at depth n is turned or not by one bit of AES over the n bits before it, which are filled up
 * with the pad: so it depends on nothing but the prefix.
 */
#include "base/cryptopan.h"

#include <assert.h>
#include <string.h>

void cryptopan_begin(struct cryptopan *pan, const uint8_t key[CRYPTOPAN_KEY_LEN])
{
	aes128_set_encrypt_key(&pan->aes, key);
	aes128_encrypt(&pan->aes, AES_BLOCK_SIZE, pan->pad, key + AES128_KEY_SIZE);
}

void cryptopan_map(const struct cryptopan *pan, uint8_t *at, size_t bits,
		   bool (*stays)(const uint8_t *at, size_t depth))
{
	uint8_t in[AES_BLOCK_SIZE], out[AES_BLOCK_SIZE], turned[AES_BLOCK_SIZE] = { 0 };

	assert(bits <= CRYPTOPAN_BITS_MAX && bits % 8 == 0);
	memcpy(in, pan->pad, sizeof(in));
	for (size_t depth = 0; depth < bits; depth++) {
		uint8_t bit = (uint8_t)(0x80 >> depth % 8);

		if (!stays(at, depth)) {
			aes128_encrypt(&pan->aes, AES_BLOCK_SIZE, out, in);
			turned[depth / 8] |= (uint8_t)((out[0] >> 7) * bit);
		}
		in[depth / 8] = (uint8_t)((in[depth / 8] & ~bit) | (at[depth / 8] & bit));
	}
	for (size_t i = 0; i < bits / 8; i++)
		at[i] ^= turned[i];
}
