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

#define PSEUDO_MAX (16 + 16 + 8)
#define CHECKSUM_AT 16 /* in the header */
#define STEP 64

static uint64_t add(uint64_t sum, struct cursor bytes)
{
	uint32_t words[STEP / sizeof(uint32_t)];
	uint32_t rest = 0;

	while (cursor_left(&bytes) >= STEP) {
		cursor_copy(&bytes, words, STEP);
		for (size_t i = 0; i < STEP / sizeof(uint32_t); i++)
			sum += words[i];
	}
	while (cursor_left(&bytes) >= sizeof(rest)) {
		cursor_copy(&bytes, &rest, sizeof(rest));
		sum += rest;
	}
	rest = 0; /* what is missing counts as zero */
	cursor_copy(&bytes, &rest, cursor_left(&bytes));
	return sum + rest;
}

static uint16_t folded(uint64_t sum)
{
	while (sum > UINT16_MAX)
		sum = (sum >> 16) + (sum & UINT16_MAX);
	return (uint16_t)sum;
}

static uint64_t pseudo_sum(const struct packet *p, uint32_t len)
{
	const size_t address_len = p->src.ip.family == 4 ? 4 : 16;
	uint8_t pseudo[PSEUDO_MAX] = { 0 };

	memcpy(pseudo, p->src.ip.bytes, address_len);
	memcpy(pseudo + address_len, p->dst.ip.bytes, address_len);
	/* The 32 bits of IPv6 and the 16 of IPv4 sum up to the same, and so does the protocol. */
	for (int i = 0; i < 4; i++)
		pseudo[2 * address_len + (size_t)i] = (uint8_t)(len >> (24 - 8 * i));
	pseudo[2 * address_len + 7] = 6;
	return add(0, cursor_over(pseudo, 2 * address_len + 8));
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
