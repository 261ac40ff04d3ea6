/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A reader of fields that cannot leave its bytes: in network order, and little-endian for file
 * formats that are.
 *
 * A read past the end yields 0 and sets short_read, which stays set: read a whole header, then
 * ask once. This is the only place where bytes of a frame are touched by address.
 *
 * Invariant: at <= end. The cursor borrows the bytes; they must outlive it.
 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct cursor {
	const uint8_t *at;
	const uint8_t *end;
	bool short_read;
};

static inline struct cursor cursor_over(const void *bytes, size_t len)
{
	static const uint8_t none[1];
	const uint8_t *at = len != 0 ? bytes : none;

	return (struct cursor){ .at = at, .end = at + len };
}

static inline size_t cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->at);
}

/* The next len bytes, or NULL (and short_read) when there are fewer. */
static inline const uint8_t *cursor_bytes(struct cursor *c, size_t len)
{
	const uint8_t *at = c->at;

	if (cursor_left(c) < len) {
		c->short_read = true;
		c->at = c->end;
		return NULL;
	}
	c->at += len;
	return at;
}

static inline void cursor_skip(struct cursor *c, size_t len)
{
	(void)cursor_bytes(c, len);
}

/* Copies len bytes to out; a short read fills out with zeros. */
static inline void cursor_copy(struct cursor *c, void *out, size_t len)
{
	const uint8_t *bytes = cursor_bytes(c, len);

	if (bytes != NULL)
		memcpy(out, bytes, len);
	else
		memset(out, 0, len);
}

/* A cursor over the next len bytes; when there are fewer, over what is left (and short_read). */
static inline struct cursor cursor_slice(struct cursor *c, size_t len)
{
	size_t left = cursor_left(c);
	size_t take = len < left ? len : left;
	struct cursor slice = cursor_over(c->at, take);

	c->at += take;
	if (take < len) {
		c->short_read = true;
		slice.short_read = true;
	}
	return slice;
}

static inline uint8_t cursor_u8(struct cursor *c)
{
	const uint8_t *b = cursor_bytes(c, 1);

	return b != NULL ? b[0] : 0;
}

/* Of bytes that cursor_bytes() gave: where a header of fixed shape was asked for as a whole. */
static inline uint16_t bytes_u16(const uint8_t b[2])
{
	return (uint16_t)((unsigned)b[0] << 8 | b[1]);
}

static inline uint32_t bytes_u32(const uint8_t b[4])
{
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static inline uint16_t cursor_u16(struct cursor *c)
{
	const uint8_t *b = cursor_bytes(c, 2);

	return b != NULL ? bytes_u16(b) : 0;
}

static inline uint32_t cursor_u32(struct cursor *c)
{
	const uint8_t *b = cursor_bytes(c, 4);

	return b != NULL ? bytes_u32(b) : 0;
}

static inline uint16_t cursor_u16le(struct cursor *c)
{
	const uint8_t *b = cursor_bytes(c, 2);

	return b != NULL ? (uint16_t)((unsigned)b[1] << 8 | b[0]) : 0;
}

static inline uint32_t cursor_u32le(struct cursor *c)
{
	const uint8_t *b = cursor_bytes(c, 4);

	if (b == NULL)
		return 0;
	return (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
}

#endif
