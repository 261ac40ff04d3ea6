/* SPDX-License-Identifier: BSD-3-Clause */
/* The body is walked once: a cookie, then lengths and lists by turns; four lists are hashed. */
#include "dissect/ssh_hassh.h"

#include "base/cursor.h"
#include "dissect/ssh.h"

#define LENGTH_LEN 4 /* RFC 4251 section 5: a string begins with a uint32 */

void ssh_hassh_begin(struct ssh_hassh *h, bool from_server)
{
	*h = (struct ssh_hassh){ .left = SSH_COOKIE_LEN, .from_server = from_server };
	MD5Init(&h->md5);
}

/* Lists by their place in KEXINIT: kex, host keys, then each kind for both directions. */
static bool is_hashed(const struct ssh_hassh *h)
{
	unsigned list = h->part - 1;

	if (h->part == 0 || h->in_length)
		return false;
	return list == 0 || (list >= 2 && list < 8 && list % 2 == h->from_server);
}

static void part_ends(struct ssh_hassh *h)
{
	if (h->in_length) {
		h->in_length = false;
		h->left = h->length;
		if (is_hashed(h) && h->part != 1)
			MD5Update(&h->md5, (const uint8_t *)";", 1);
	} else {
		h->part++;
		h->in_length = true;
		h->length = 0;
		h->left = LENGTH_LEN;
	}
}

static bool is_complete(const struct ssh_hassh *h)
{
	return h->part > SSH_KEXINIT_LISTS;
}

void ssh_hassh_add(struct ssh_hassh *h, const uint8_t *bytes, size_t len)
{
	struct cursor c = cursor_over(bytes, len);

	while (!is_complete(h)) {
		size_t take = cursor_left(&c) < h->left ? cursor_left(&c) : h->left;

		if (h->in_length) {
			for (size_t i = 0; i < take; i++)
				h->length = h->length << 8 | cursor_u8(&c);
		} else if (is_hashed(h)) {
			MD5Update(&h->md5, cursor_bytes(&c, take), take);
		} else {
			cursor_skip(&c, take);
		}
		h->left -= (uint32_t)take;
		if (h->left != 0)
			return;
		part_ends(h);
	}
}

bool ssh_hassh_end(struct ssh_hassh *h, uint8_t digest[SSH_HASSH_LEN])
{
	MD5Final(digest, &h->md5);
	return is_complete(h);
}
