/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pcapng as a file of blocks: [type, length, body, length again], section 3.1.
 *
 * Of a block that may hold a frame or an interface the beginning is kept, all other bytes are passed
 * over. So no length that a file claims costs memory, and none costs more time than the bytes that
 * are really there.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/die.h"
#include "capture/pcapng.h"

#define HEADER_LEN 8
#define TRAILER_LEN 4
#define LEN_MIN (HEADER_LEN + TRAILER_LEN)
#define BYTE_ORDER_LEN 4
#define BYTE_ORDER_BIG 0x1a2b3c4du
#define BYTE_ORDER_LITTLE 0x4d3c2b1au

enum read_result pcapng_damaged(struct damage *damage, uint64_t byte, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(damage->words, sizeof(damage->words), format, args);
	va_end(args);
	damage->byte = byte;
	return READ_DAMAGED;
}

static bool is_kept(uint32_t type)
{
	return type == BLOCK_PACKET || type == BLOCK_INTERFACE || type == BLOCK_SECTION ||
	       type == BLOCK_SIMPLE_PACKET || type == BLOCK_OLD_PACKET;
}

static enum read_result cut(const struct pcapng *p, const struct block *b, struct damage *damage)
{
	return pcapng_damaged(damage, source_given(p->source),
			      "the file ends within the block that begins at byte %" PRIu64,
			      b->byte);
}

/* Section 4.1: the first bytes of a section's body say in which order its numbers are. */
static enum read_result take_byte_order(struct pcapng *p, struct block *b, struct damage *damage)
{
	const uint8_t *begin = source_peek(p->source, HEADER_LEN + BYTE_ORDER_LEN);
	struct cursor c;
	uint32_t order;

	if (begin == NULL)
		return cut(p, b, damage);
	c = cursor_over(begin, HEADER_LEN + BYTE_ORDER_LEN);
	cursor_skip(&c, HEADER_LEN);
	order = cursor_u32(&c);
	if (order != BYTE_ORDER_BIG && order != BYTE_ORDER_LITTLE)
		return pcapng_damaged(damage, b->byte, "a section of no known byte order");
	p->little_endian = order == BYTE_ORDER_LITTLE;
	return READ_OK;
}

/* The whole block where it lies: the way of each frame. NULL: it is cut. */
static const uint8_t *take_whole(struct pcapng *p, struct block *b)
{
	const uint8_t *whole =
		source_take(p->source, HEADER_LEN + (size_t)b->body_len + TRAILER_LEN);

	if (whole == NULL)
		return NULL;
	b->body = cursor_over(whole, HEADER_LEN + (size_t)b->body_len);
	cursor_skip(&b->body, HEADER_LEN);
	return whole;
}

/* The beginning of a block that is longer than any frame: all else is passed over. */
static bool take_beginning(struct pcapng *p, struct block *b)
{
	size_t kept = !is_kept(b->type)       ? 0 :
		      b->body_len < BODY_KEPT ? (size_t)b->body_len :
						BODY_KEPT;
	const uint8_t *begin = source_take(p->source, HEADER_LEN + kept);

	if (begin == NULL)
		return false;
	if (kept != 0) {
		if (p->kept == NULL)
			p->kept = xmalloc(BODY_KEPT);
		memcpy(p->kept, begin + HEADER_LEN, kept);
	}
	b->body = cursor_over(p->kept, kept);
	return source_pass_over(p->source, b->body_len - kept);
}

static enum read_result check_trailer(const struct pcapng *p, const struct block *b,
				      struct cursor *trailer, struct damage *damage)
{
	uint32_t again = pcapng_u32(p, trailer);

	if (again == b->len)
		return READ_OK;
	return pcapng_damaged(damage, b->byte,
			      "a block whose length is %" PRIu32 " and then %" PRIu32, b->len,
			      again);
}

static enum read_result take_body(struct pcapng *p, struct block *b, struct damage *damage)
{
	const uint8_t *bytes;
	struct cursor trailer;

	if (b->body_len <= BODY_KEPT) {
		bytes = take_whole(p, b);
		if (bytes == NULL)
			return cut(p, b, damage);
		trailer = cursor_over(bytes, HEADER_LEN + (size_t)b->body_len + TRAILER_LEN);
		cursor_skip(&trailer, HEADER_LEN + (size_t)b->body_len);
		return check_trailer(p, b, &trailer, damage);
	}
	bytes = take_beginning(p, b) ? source_take(p->source, TRAILER_LEN) : NULL;
	if (bytes == NULL)
		return cut(p, b, damage);
	trailer = cursor_over(bytes, TRAILER_LEN);
	return check_trailer(p, b, &trailer, damage);
}

enum read_result pcapng_take_block(struct pcapng *p, struct block *b, struct damage *damage)
{
	const uint8_t *header = source_peek(p->source, HEADER_LEN);
	struct cursor c;

	b->byte = source_byte(p->source);
	if (header == NULL)
		return source_left(p->source) == 0 ? READ_END : cut(p, b, damage);
	c = cursor_over(header, HEADER_LEN);
	b->type = pcapng_u32(p, &c);
	if (b->type == BLOCK_SECTION) {
		enum read_result result = take_byte_order(p, b, damage);

		if (result != READ_OK)
			return result;
		/* More was asked for, which may have moved it. */
		c = cursor_over(source_peek(p->source, HEADER_LEN), HEADER_LEN);
		cursor_skip(&c, 4);
	}
	b->len = pcapng_u32(p, &c);
	if (b->len < LEN_MIN + (b->type == BLOCK_SECTION ? BYTE_ORDER_LEN : 0))
		return pcapng_damaged(damage, b->byte, "a block of length %" PRIu32, b->len);
	/* Section 3.1 wants multiples of 4. Some writers pad and do not count it; so does Wireshark. */
	b->body_len = ((uint64_t)b->len + 3) / 4 * 4 - LEN_MIN;
	return take_body(p, b, damage);
}
