/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissect/ssh_one.h"

#include "base/cursor.h"

#define LENGTH_MIN 5      /* type and CRC */
#define LENGTH_MAX 262144 /* the draft: larger packets are an error */
#define BLOCK_LEN 8

ssize_t ssh_one_parse(const uint8_t *bytes, size_t len, uint8_t *type)
{
	struct cursor c = cursor_over(bytes, len);
	uint32_t length = cursor_u32(&c);

	if (c.short_read)
		return 0;
	if (length < LENGTH_MIN || length > LENGTH_MAX)
		return -1;
	cursor_skip(&c, BLOCK_LEN - length % BLOCK_LEN); /* padding */
	*type = cursor_u8(&c);
	cursor_skip(&c, length - 1);
	return c.short_read ? 0 : (ssize_t)(len - cursor_left(&c));
}
