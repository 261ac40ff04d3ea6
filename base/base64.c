/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/base64.h"

#include <stdint.h>

#include "base/cursor.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Three bytes are four digits; of a shorter group what has no byte is '='. */
void base64(char *out, const void *bytes, size_t len)
{
	struct cursor c = cursor_over(bytes, len);
	size_t at = 0, left;

	while ((left = cursor_left(&c)) > 0) {
		uint32_t group = (uint32_t)cursor_u8(&c) << 16;

		group |= left > 1 ? (uint32_t)cursor_u8(&c) << 8 : 0;
		group |= left > 2 ? cursor_u8(&c) : 0;
		out[at++] = digits[group >> 18];
		out[at++] = digits[group >> 12 & 63];
		out[at++] = left > 1 ? digits[group >> 6 & 63] : '=';
		out[at++] = left > 2 ? digits[group & 63] : '=';
	}
	out[at] = '\0';
}
