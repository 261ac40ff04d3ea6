/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Zstandard, RFC 8878, through libzstd.
 *
 * A call that fails keeps nothing of what it had unpacked before. So each call gets at most one
 * block, and none while a block still waits for room: a bad block takes no good one with it.
 */
#include <stdlib.h>
#include <zstd.h>

#include "base/die.h"
#include "capture/unpack.h"

#define EXPECTS_FIRST 5    /* RFC 8878 section 3.1.1: magic number and descriptor */
#define BLOCK_HEADER_LEN 3 /* section 3.1.1.2; libzstd asks for it together with the block before */

struct zstd {
	ZSTD_DStream *stream;
	size_t expects; /* as libzstd said: a block and the next header */
	bool full;      /* there was no room for more */
};

static void *begin(void)
{
	struct zstd *zstd = xcalloc(1, sizeof(*zstd));

	zstd->expects = EXPECTS_FIRST;
	zstd->stream = ZSTD_createDStream();
	if (zstd->stream == NULL) {
		free(zstd);
		return NULL;
	}
	/* The memory is the window's, whose size the file chooses. */
	ZSTD_DCtx_setParameter(zstd->stream, ZSTD_d_windowLogMax, UNPACK_MEMORY_LOG);
	return zstd;
}

static size_t bite(const struct zstd *zstd, size_t in_len)
{
	size_t len =
		zstd->expects > BLOCK_HEADER_LEN ? zstd->expects - BLOCK_HEADER_LEN : zstd->expects;

	return zstd->full ? 0 : in_len < len ? in_len : len;
}

static enum unpack_result step(void *own, struct unpack_step *s, const char **words)
{
	struct zstd *zstd = own;
	ZSTD_outBuffer out = { s->out, s->out_len, 0 };
	ZSTD_inBuffer in;
	size_t expects;
	bool was_full;

	do {
		in = (ZSTD_inBuffer){ s->in, bite(zstd, s->in_len), 0 };
		expects = ZSTD_decompressStream(zstd->stream, &out, &in);
		was_full = zstd->full;
		zstd->full = out.pos == out.size;
	} while (was_full && out.pos == 0 && expects != 0 && !ZSTD_isError(expects));
	if (ZSTD_isError(expects)) {
		*words = ZSTD_getErrorName(expects);
		return UNPACK_BAD;
	}
	zstd->expects = expects != 0 ? expects : EXPECTS_FIRST;
	s->in += in.pos;
	s->in_len -= in.pos;
	s->out += out.pos;
	s->out_len -= out.pos;
	return expects == 0 ? UNPACK_END : UNPACK_ON;
}

static void end(void *own)
{
	struct zstd *zstd = own;

	ZSTD_freeDStream(zstd->stream);
	free(zstd);
}

const struct unpacker unpacker_zstd = { begin, step, end };
