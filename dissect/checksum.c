/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The checksum of a segment: RFC 9293 section 3.1, over the pseudo-header of RFC 791 or RFC 8200.
 *
 * A host with offload shows its own segments before the card fills it in. Linux leaves the sum of the
 * pseudo-header there (CHECKSUM_PARTIAL), and puts it back when it joins what it received; that is
 * neither right nor wrong.
 *
 * RFC 1071: sums of 16 bits with carry are the same in either byte order, so words are added as they
 * stand in memory.
 */
#include "dissect/packet.h"

#include <string.h>

#include "base/cursor.h"

#define CHECKSUM_AT 16 /* in the header */
#define PROTOCOL_TCP 6
#define STEP 64 /* bytes: what a loop costs is shared */

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

static uint64_t add(uint64_t sum, struct cursor bytes)
{
	uint64_t other = 0; /* of two sums neither waits for the other's carry */
	uint8_t rest[8] = { 0 };

	while (cursor_left(&bytes) >= STEP) {
		const uint8_t *at = cursor_bytes(&bytes, STEP);

		sum = add_word(add_word(add_word(add_word(sum, at), at + 16), at + 32), at + 48);
		other = add_word(add_word(add_word(add_word(other, at + 8), at + 24), at + 40),
				 at + 56);
	}
	sum = plus(sum, other);
	while (cursor_left(&bytes) >= sizeof(rest))
		sum = add_word(sum, cursor_bytes(&bytes, sizeof(rest)));
	/* What is missing counts as zero. */
	cursor_copy(&bytes, rest, cursor_left(&bytes));
	return add_word(sum, rest);
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
