/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The checksum of a segment: RFC 9293 section 3.1, over the pseudo-header of RFC 791 or RFC 8200.
 *
 * A host with offload shows its own segments before the card fills it in. Linux leaves the sum of the
 * pseudo-header there (CHECKSUM_PARTIAL), and puts it back when it joins what it received; that is
 * neither right nor wrong.
 *
 * RFC 1071: sums of 16 bits with carry are the same in either byte order, so words are added as they
 * stand in memory, and any number of them at once.
 */
#include "dissect/packet.h"

#include <string.h>
#ifdef __SSE2__ /* each amd64 has it */
#include <emmintrin.h>
#endif

#include "base/cursor.h"

#define CHECKSUM_AT 16 /* in the header */
#define PROTOCOL_TCP 6
#define BLOCK_LEN 64 /* what a loop costs is shared */

/* With the carry put back: modulo 2^64 - 1, of which 2^16 - 1 is a factor. */
static uint64_t plus(uint64_t sum, uint64_t word)
{
	sum += word;
	return sum + (sum < word);
}

static uint64_t add_word(uint64_t sum, const uint8_t bytes[8])
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return plus(sum, word);
}

#ifdef __SSE2__
/* Of eight words, sums of two; words count from -32768, as the machine multiplies such. */
static __m128i pairs(const uint8_t at[16])
{
	__m128i words =
		_mm_xor_si128(_mm_loadu_si128((const __m128i *)at), _mm_set1_epi16(INT16_MIN));

	return _mm_madd_epi16(words, _mm_set1_epi16(1));
}

/*
 * What consists of whole blocks: two thirds of the time that eight bytes and their carry take. No sum of
 * a frame's words leaves its 32 bits: it has 2^18 bytes at most, and of sixteen each sum adds two words.
 */
static uint64_t add_blocks(uint64_t sum, struct cursor *bytes)
{
	const uint64_t words = cursor_left(bytes) / BLOCK_LEN * (BLOCK_LEN / 2);
	__m128i one = _mm_setzero_si128(), other = one;
	int32_t part[4];

	while (cursor_left(bytes) >= BLOCK_LEN) {
		const uint8_t *at = cursor_bytes(bytes, BLOCK_LEN);

		one = _mm_add_epi32(one, _mm_add_epi32(pairs(at), pairs(at + 16)));
		other = _mm_add_epi32(other, _mm_add_epi32(pairs(at + 32), pairs(at + 48)));
	}
	_mm_storeu_si128((__m128i *)part, _mm_add_epi32(one, other));
	return plus(sum, words * -INT16_MIN +
				 (uint64_t)((int64_t)part[0] + part[1] + part[2] + part[3]));
}
#else
static uint64_t add_blocks(uint64_t sum, struct cursor *bytes)
{
	(void)bytes;
	return sum;
}
#endif

/* Less than eight bytes, one of which may be without its other half: that counts as zero. */
static uint64_t add_rest(uint64_t sum, struct cursor bytes)
{
	uint32_t four = 0;
	uint16_t two = 0, half = 0;

	if (cursor_left(&bytes) >= sizeof(four))
		cursor_copy(&bytes, &four, sizeof(four));
	if (cursor_left(&bytes) >= sizeof(two))
		cursor_copy(&bytes, &two, sizeof(two));
	if (cursor_left(&bytes) != 0)
		cursor_copy(&bytes, &half, 1);
	return plus(sum, (uint64_t)four + two + half);
}

static uint64_t add(uint64_t sum, struct cursor bytes)
{
	sum = add_blocks(sum, &bytes);
	while (cursor_left(&bytes) >= sizeof(sum))
		sum = add_word(sum, cursor_bytes(&bytes, sizeof(sum)));
	return add_rest(sum, bytes);
}

static uint16_t folded(uint64_t sum)
{
	while (sum > UINT16_MAX)
		sum = (sum >> 16) + (sum & UINT16_MAX);
	return (uint16_t)sum;
}

/* The 32 bits of IPv6 and the 16 of IPv4 sum up to the same, and what IPv4 has not is zero. */
static uint64_t pseudo_sum(const struct packet *p, uint32_t len)
{
	const uint8_t end[8] = { (uint8_t)(len >> 24), (uint8_t)(len >> 16), (uint8_t)(len >> 8),
				 (uint8_t)len, [7] = PROTOCOL_TCP };
	uint64_t sum = add_word(0, end);

	for (size_t at = 0; at < sizeof(p->src.ip.bytes); at += 8)
		sum = add_word(add_word(sum, p->src.ip.bytes + at), p->dst.ip.bytes + at);
	return sum;
}

enum checksum packet_checksum(const struct packet *p)
{
	const uint32_t len = p->tcp.header_len + p->tcp.payload_len;
	struct cursor all, field;
	uint64_t pseudo;
	uint16_t checksum;

	if (p->tcp.checksum != CHECKSUM_UNKNOWN)
		return (enum checksum)p->tcp.checksum;
	if (p->tcp.header_len == 0 || p->tcp.payload_len != p->tcp.payload_wire_len)
		return CHECKSUM_UNKNOWN;
	all = cursor_over(p->tcp.payload - p->tcp.header_len, len);
	field = all;
	cursor_skip(&field, CHECKSUM_AT);
	cursor_copy(&field, &checksum, sizeof(checksum));
	pseudo = pseudo_sum(p, len);
	if (folded(add(pseudo, all)) == UINT16_MAX)
		return CHECKSUM_RIGHT;
	return checksum == folded(pseudo) ? CHECKSUM_LEFT : CHECKSUM_WRONG;
}
