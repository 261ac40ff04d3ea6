/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/text.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct text text_in(char *buffer, size_t size)
{
	assert(size > 4);
	buffer[0] = '\0';
	return (struct text){ .at = buffer, .size = size };
}

void text_add_bytes(struct text *t, const char *bytes, size_t len)
{
	size_t room = t->size - 1 - t->len;
	bool cut = len > room;

	if (cut)
		len = room;
	memcpy(t->at + t->len, bytes, len);
	t->len += len;
	t->at[t->len] = '\0';
	if (cut)
		memcpy(t->at + t->size - 4, "...", 4);
}

void text_add_digits(struct text *t, uint64_t value, unsigned digits)
{
	char buffer[20]; /* of 2^64 - 1 */
	size_t first = sizeof(buffer);

	assert(digits <= sizeof(buffer));
	do {
		buffer[--first] = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	while (first > sizeof(buffer) - digits)
		buffer[--first] = '0';
	text_add_bytes(t, buffer + first, sizeof(buffer) - first);
}

/* How many bytes in a row are written as they are. */
static size_t plain_len(const uint8_t *at, size_t len)
{
	size_t plain = 0;

	while (plain < len && at[plain] >= 0x20 && at[plain] <= 0x7e && at[plain] != '\\')
		plain++;
	return plain;
}

static void add_escape(struct text *t, uint8_t byte)
{
	static const char digits[] = "0123456789abcdef";

	if (byte == '\\')
		text_add_bytes(t, "\\\\", 2);
	else
		text_add_bytes(t, (char[]){ '\\', 'x', digits[byte >> 4], digits[byte & 15] }, 4);
}

void text_add_wire(struct text *t, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	while (len > 0) {
		size_t run = plain_len(at, len);

		if (run != 0)
			text_add_bytes(t, (const char *)at, run);
		else
			add_escape(t, at[0]);
		run += run == 0;
		at += run;
		len -= run;
	}
}
