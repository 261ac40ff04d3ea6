/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>

#include "dissect/dissect.h"
#include "tests/support.h"

#define CHECKSUM_AT 16

/* RFC 1071, word by word as the RFC has it. */
static uint32_t add(uint32_t sum, const uint8_t *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum += i % 2 == 0 ? (uint32_t)at[i] << 8 : at[i];
	return sum;
}

static uint16_t folded(uint32_t sum)
{
	while (sum > UINT16_MAX)
		sum = (sum >> 16) + (sum & UINT16_MAX);
	return (uint16_t)sum;
}

#define PAYLOAD_MAX 65000

/* Bytes that begin with one and grow by a step. */
static struct bytes row_of(uint8_t first, uint8_t step, size_t len)
{
	uint8_t row[PAYLOAD_MAX];

	for (size_t i = 0; i < len; i++)
		row[i] = (uint8_t)(first + i * step);
	return bytes_copy(row, len);
}

/* A segment with this payload in IP of a family, and the sum of its pseudo-header. */
static struct bytes segment_in(int family, struct bytes payload, uint32_t *pseudo)
{
	struct bytes b = tcp(TCP_ACK, "01010000", payload);

	*pseudo = 6 + (uint32_t)b.len;
	b = family == 4 ? ipv4(6, b) : ipv6(6, b);
	*pseudo = family == 4 ? add(*pseudo, b.at + 12, 8) : add(*pseudo, b.at + 8, 32);
	return b;
}

static enum checksum checksum_of(struct bytes b, uint32_t missing)
{
	struct frame frame = frame_of(DLT_RAW, b);
	struct packet p;
	enum skip why;

	frame.wire_len += missing;
	dissect(&frame, &p, &why);
	cr_assert_eq(why, SKIP_NONE);
	return packet_checksum(&p);
}

Test(dissect_checksum, it_is_right_wrong_or_left_to_the_card)
{
	static const size_t lens[] = { 0, 1, 2, 3, 4, 39, 40, 41, 60, 107, 108, 200 };

	for (size_t i = 0; i < 2 * sizeof(lens) / sizeof(lens[0]); i++) {
		int family = i % 2 == 0 ? 4 : 6;
		size_t header_len = family == 4 ? 20 : 40, at = header_len + CHECKSUM_AT;
		uint32_t pseudo, all;
		struct bytes b = segment_in(family, row_of(200, 7, lens[i / 2]), &pseudo);

		all = add(pseudo, b.at + header_len, b.len - header_len);
		put_u16(b, at, (uint16_t)~folded(all));
		cr_expect_eq(checksum_of(b, 0), CHECKSUM_RIGHT, "IPv%d, %zu", family, lens[i / 2]);
		for (size_t byte = header_len + 4; byte < b.len; byte++) {
			if (byte == header_len + 12)
				continue; /* the data offset */
			b.at[byte] ^= 0x10;
			cr_expect_eq(checksum_of(b, 0), CHECKSUM_WRONG, "IPv%d, byte %zu", family,
				     byte);
			b.at[byte] ^= 0x10;
		}
		put_u16(b, at, folded(pseudo));
		cr_expect_eq(checksum_of(b, 0), CHECKSUM_LEFT, "IPv%d, %zu", family, lens[i / 2]);
		bytes_free(b);
	}
}

Test(dissect_checksum, of_a_long_segment_of_the_largest_or_smallest_words_no_sum_is_lost)
{
	static const uint8_t bytes[] = { 0x00, 0x7f, 0x80, 0xff };

	for (size_t i = 0; i < 2 * sizeof(bytes); i++) {
		size_t len = PAYLOAD_MAX - i % 2, at = 20 + CHECKSUM_AT;
		uint32_t pseudo, all;
		struct bytes b = segment_in(4, row_of(bytes[i / 2], 0, len), &pseudo);

		all = add(pseudo, b.at + 20, b.len - 20);
		put_u16(b, at, (uint16_t)~folded(all));
		cr_expect_eq(checksum_of(b, 0), CHECKSUM_RIGHT, "0x%02x", bytes[i / 2]);
		b.at[b.len - 1] ^= 0x01;
		cr_expect_eq(checksum_of(b, 0), CHECKSUM_WRONG, "0x%02x", bytes[i / 2]);
		bytes_free(b);
	}
}

Test(dissect_checksum, of_what_was_cut_or_quoted_it_is_unknown)
{
	uint32_t pseudo;
	struct bytes b = segment_in(4, row_of(200, 7, 8), &pseudo), quoted;
	struct frame frame;
	struct packet p;
	enum skip why;

	put_u16(b, 2, (uint16_t)(b.len + 10));
	cr_expect_eq(checksum_of(b, 10), CHECKSUM_UNKNOWN);
	quoted = ipv4(1, bytes_join(hex("0303 0000 00000000"), b));
	frame = frame_of(DLT_RAW, quoted);
	cr_assert_eq(dissect(&frame, &p, &why), DISSECT_OK);
	cr_expect_eq(packet_checksum(&p), CHECKSUM_UNKNOWN);
	bytes_free(quoted);
}
