/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * LZ4 frames through liblz4, whose blocks of at most 4 MiB are all the memory it needs.
 *
 * A call that fails keeps nothing of what it had unpacked before. So each call gets at most one
 * block, and none while a block still waits for room: a bad block takes no good one with it.
 */
#include <lz4frame.h>
#include <stdlib.h>

#include "base/die.h"
#include "capture/unpack.h"

#define EXPECTS_FIRST 7 /* the shortest header of a frame */
#define BLOCK_LENGTH_LEN                                                                           \
	4 /* of the next block; liblz4 asks for it together with the block before */

struct lz4 {
	LZ4F_dctx *context;
	size_t expects; /* as liblz4 said: a block and the next length */
	bool full;      /* there was no room for more */
};

static void *begin(void)
{
	struct lz4 *lz4 = xcalloc(1, sizeof(*lz4));

	lz4->expects = EXPECTS_FIRST;
	if (!LZ4F_isError(LZ4F_createDecompressionContext(&lz4->context, LZ4F_VERSION)))
		return lz4;
	free(lz4);
	return NULL;
}

static size_t bite(const struct lz4 *lz4, size_t in_len)
{
	size_t len =
		lz4->expects > BLOCK_LENGTH_LEN ? lz4->expects - BLOCK_LENGTH_LEN : lz4->expects;

	return lz4->full ? 0 : in_len < len ? in_len : len;
}

static enum unpack_result step(void *own, struct unpack_step *s, const char **words)
{
	struct lz4 *lz4 = own;
	size_t expects, used, made;
	bool was_full;

	do {
		used = bite(lz4, s->in_len);
		made = s->out_len;
		expects = LZ4F_decompress(lz4->context, s->out, &made, s->in, &used, NULL);
		was_full = lz4->full;
		lz4->full = made == s->out_len;
	} while (was_full && made == 0 && expects != 0 && !LZ4F_isError(expects));
	if (LZ4F_isError(expects)) {
		*words = LZ4F_getErrorName(expects);
		return UNPACK_BAD;
	}
	lz4->expects = expects != 0 ? expects : EXPECTS_FIRST;
	s->in += used;
	s->in_len -= used;
	s->out += made;
	s->out_len -= made;
	return expects == 0 ? UNPACK_END : UNPACK_ON;
}

static void end(void *own)
{
	struct lz4 *lz4 = own;

	LZ4F_freeDecompressionContext(lz4->context);
	free(lz4);
}

const struct unpacker unpacker_lz4 = { begin, step, end };
