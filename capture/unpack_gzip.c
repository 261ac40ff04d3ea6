/* SPDX-License-Identifier: BSD-3-Clause */
/* gzip, RFC 1952, through zlib. */
#define ZLIB_CONST /* input is const */
#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/die.h"
#include "capture/unpack.h"

#define WINDOW_BITS 15 /* of deflate, the largest: 32 KiB */
#define EXPECT_GZIP 16 /* added to these bits: no bare zlib data */

static void *begin(void)
{
	z_stream *z = xcalloc(1, sizeof(*z));

	if (inflateInit2(z, WINDOW_BITS + EXPECT_GZIP) == Z_OK)
		return z;
	free(z);
	return NULL;
}

static unsigned int at_most(size_t len)
{
	return len < UINT_MAX ? (unsigned int)len : UINT_MAX;
}

static enum unpack_result step(void *own, struct unpack_step *s, const char **words)
{
	z_stream *z = own;
	unsigned int in_len = at_most(s->in_len), out_len = at_most(s->out_len);
	int result;

	z->next_in = s->in;
	z->avail_in = in_len;
	z->next_out = s->out;
	z->avail_out = out_len;
	result = inflate(z, Z_NO_FLUSH);
	s->in = z->next_in;
	s->in_len -= in_len - z->avail_in;
	s->out = z->next_out;
	s->out_len -= out_len - z->avail_out;
	if (result == Z_STREAM_END)
		return inflateReset(z) == Z_OK ? UNPACK_END : UNPACK_BAD;
	if (result == Z_OK || result == Z_BUF_ERROR) /* which means: no progress now */
		return UNPACK_ON;
	*words = z->msg != NULL ? z->msg : zError(result);
	return UNPACK_BAD;
}

static void end(void *own)
{
	inflateEnd(own);
	free(own);
}

const struct unpacker unpacker_gzip = { begin, step, end };
