/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "base/siphash.h"
#include "tests/support.h"

/* Bytes 00, 01, 02, ... */
static struct bytes counting(size_t len)
{
	uint8_t bytes[64];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)i;
	return bytes_copy(bytes, len);
}

/* The reference implementation's answers with one and three rounds, key 00 01 .. 0f. */
Test(base_siphash, known_answers_are_given)
{
	static const struct {
		size_t len;
		uint64_t hash;
	} rows[] = {
		{ 0, UINT64_C(0xabac0158050fc4dc) },  { 1, UINT64_C(0xc9f49bf37d57ca93) },
		{ 7, UINT64_C(0xd3927d989bb11140) },  { 8, UINT64_C(0x369095118d299a8e) },
		{ 9, UINT64_C(0x25a48eb36c063de4) },  { 15, UINT64_C(0xd320d86d2a519956) },
		{ 16, UINT64_C(0xcc4fdd1a7d908b66) }, { 37, UINT64_C(0xb6101c2da3c33057) },
		{ 63, UINT64_C(0x9d199062b7bbb3a8) },
	};
	struct siphash_key key = { { UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908) } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes b = counting(rows[i].len);

		cr_expect_eq(siphash(key, b.at, b.len), rows[i].hash, "%zu bytes", b.len);
		bytes_free(b);
	}
}

Test(base_siphash, another_key_gives_another_hash)
{
	struct siphash_key a = siphash_random_key(), b = siphash_random_key();

	cr_expect(a.k[0] != b.k[0] || a.k[1] != b.k[1]);
	cr_expect_neq(siphash(a, "flow", 4), siphash(b, "flow", 4));
}
