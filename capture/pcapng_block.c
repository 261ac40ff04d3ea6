/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pcapng as a file of blocks: [type, length, body, length again], section 3.1.
 *
 * Of a block that may hold a frame or an interface the beginning is kept, all other bytes are passed
 * over. So no length that a file claims costs memory, and none costs more time than the bytes that
 * are really there.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

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

static bool take(struct pcapng *p, uint8_t *out, size_t len)
{
	size_t got = fread(out, 1, len, p->stream);

	p->byte += got;
	return got == len;
}

static bool pass_over(struct pcapng *p, uint64_t len)
{
	uint8_t unused[4096];

	while (len > 0) {
		size_t part = len < sizeof(unused) ? (size_t)len : sizeof(unused);

		if (!take(p, unused, part))
			return false;
		len -= part;
	}
	return true;
}

static bool is_kept(uint32_t type)
{
	return type == BLOCK_PACKET || type == BLOCK_INTERFACE || type == BLOCK_SECTION ||
	       type == BLOCK_SIMPLE_PACKET || type == BLOCK_OLD_PACKET;
}

static enum read_result cut(const struct pcapng *p, const struct block *b, struct damage *damage)
{
	if (ferror(p->stream))
		return pcapng_damaged(damage, p->byte, "%s", strerror(errno));
	return pcapng_damaged(damage, p->byte,
			      "the file ends within the block that begins at byte %" PRIu64,
			      b->byte);
}

/* Section 4.1: the first bytes of a section's body say in which order its numbers are. */
static enum read_result take_byte_order(struct pcapng *p, struct block *b, struct damage *damage)
{
	struct cursor c;
	uint32_t order;

	if (!take(p, p->kept, BYTE_ORDER_LEN))
		return cut(p, b, damage);
	c = cursor_over(p->kept, BYTE_ORDER_LEN);
	order = cursor_u32(&c);
	if (order != BYTE_ORDER_BIG && order != BYTE_ORDER_LITTLE)
		return pcapng_damaged(damage, b->byte, "a section of no known byte order");
	p->little_endian = order == BYTE_ORDER_LITTLE;
	return READ_OK;
}

/* Of the body's bytes, `taken` are in p->kept already. */
static enum read_result take_body(struct pcapng *p, struct block *b, size_t taken,
				  struct damage *damage)
{
	size_t kept = !is_kept(b->type)       ? 0 :
		      b->body_len < BODY_KEPT ? (size_t)b->body_len :
						BODY_KEPT;
	bool is_whole = kept == b->body_len, taken_all;
	struct cursor trailer;
	uint32_t again;

	/* In one go if nothing comes between: this is the way of each frame. */
	taken_all = take(p, p->kept + taken, kept - taken + (is_whole ? TRAILER_LEN : 0));
	if (taken_all && !is_whole)
		taken_all =
			pass_over(p, b->body_len - kept) && take(p, p->kept + kept, TRAILER_LEN);
	if (!taken_all)
		return cut(p, b, damage);
	trailer = cursor_over(p->kept + kept, TRAILER_LEN);
	again = pcapng_u32(p, &trailer);
	if (again != b->len)
		return pcapng_damaged(damage, b->byte,
				      "a block whose length is %" PRIu32 " and then %" PRIu32,
				      b->len, again);
	b->body = cursor_over(p->kept, kept);
	return READ_OK;
}

enum read_result pcapng_take_block(struct pcapng *p, struct block *b, struct damage *damage)
{
	uint8_t header[HEADER_LEN];
	size_t got = fread(header, 1, sizeof(header), p->stream), taken = 0;
	struct cursor c = cursor_over(header, sizeof(header));

	if (got == 0 && !ferror(p->stream))
		return READ_END;
	b->byte = p->byte;
	p->byte += got;
	if (got < sizeof(header))
		return cut(p, b, damage);
	b->type = pcapng_u32(p, &c);
	if (b->type == BLOCK_SECTION) {
		enum read_result result = take_byte_order(p, b, damage);

		if (result != READ_OK)
			return result;
		taken = BYTE_ORDER_LEN;
	}
	b->len = pcapng_u32(p, &c);
	if (b->len < LEN_MIN + taken)
		return pcapng_damaged(damage, b->byte, "a block of length %" PRIu32, b->len);
	/* Section 3.1 wants multiples of 4. Some writers pad and do not count it; so does Wireshark. */
	b->body_len = ((uint64_t)b->len + 3) / 4 * 4 - LEN_MIN;
	return take_body(p, b, taken, damage);
}
