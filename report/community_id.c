/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * SHA-1 over seed, addresses, protocol, a byte of padding and ports, all in network order; the end
 * whose address, then port, is the smaller number comes first, so direction does not matter.
 */
#include "report/community_id.h"

#include <sha1.h>
#include <string.h>

#define TCP_NUMBER 6 /* as IPv4's protocol and IPv6's next header have it */

_Static_assert(SHA1_DIGEST_LENGTH == COMMUNITY_ID_DIGEST, "the specification means this SHA-1");

static void put(SHA1_CTX *sha1, uint16_t number)
{
	const uint8_t bytes[2] = { (uint8_t)(number >> 8), (uint8_t)number };

	SHA1Update(sha1, bytes, sizeof(bytes));
}

static bool comes_first(const struct endpoint *a, const struct endpoint *b)
{
	int order = memcmp(a->ip.bytes, b->ip.bytes, sizeof(a->ip.bytes));

	return order < 0 || (order == 0 && a->port < b->port);
}

void community_id(char out[COMMUNITY_ID_SIZE], const struct endpoint *a, const struct endpoint *b,
		  uint16_t seed)
{
	const struct endpoint *first = comes_first(a, b) ? a : b, *second = first == a ? b : a;
	size_t len = first->ip.family == 4 ? 4 : 16;
	uint8_t digest[SHA1_DIGEST_LENGTH];
	SHA1_CTX sha1;

	SHA1Init(&sha1);
	put(&sha1, seed);
	SHA1Update(&sha1, first->ip.bytes, len);
	SHA1Update(&sha1, second->ip.bytes, len);
	put(&sha1, TCP_NUMBER << 8);
	put(&sha1, first->port);
	put(&sha1, second->port);
	SHA1Final(digest, &sha1);
	out[0] = '1';
	out[1] = ':';
	base64(out + 2, digest, sizeof(digest));
}
