/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct text text_in(char *buffer, size_t size)
{
	assert(size > 4);
	buffer[0] = '\0';
	return (struct text){ .at = buffer, .size = size };
}

static void mark_as_cut(struct text *t)
{
	t->len = t->size - 1;
	memcpy(t->at + t->size - 4, "...", 4);
}

void text_add(struct text *t, const char *format, ...)
{
	size_t left = t->size - t->len;
	va_list args;
	int written;

	va_start(args, format);
	written = vsnprintf(t->at + t->len, left, format, args);
	va_end(args);
	if (written < 0)
		return;
	if ((size_t)written >= left)
		mark_as_cut(t);
	else
		t->len += (size_t)written;
}

void text_add_wire(struct text *t, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < len; i++) {
		if (at[i] == '\\')
			text_add(t, "\\\\");
		else if (at[i] >= 0x20 && at[i] <= 0x7e)
			text_add(t, "%c", at[i]);
		else
			text_add(t, "\\x%02x", at[i]);
	}
}
