/* SPDX-License-Identifier: BSD-3-Clause */
/* xz through liblzma, which goes on by itself with what was appended, and its padding. */
#include <lzma.h>
#include <stdlib.h>

#include "base/die.h"
#include "capture/unpack.h"

static void *begin(void)
{
	lzma_stream *xz = xcalloc(1, sizeof(*xz));

	*xz = (lzma_stream)LZMA_STREAM_INIT;
	/* The memory is the dictionary's, whose size the file chooses. */
	if (lzma_stream_decoder(xz, UNPACK_MEMORY_MAX, LZMA_CONCATENATED) == LZMA_OK)
		return xz;
	free(xz);
	return NULL;
}

static const char *words_of(lzma_ret result)
{
	switch (result) {
	case LZMA_MEM_ERROR:
		return "out of memory";
	case LZMA_MEMLIMIT_ERROR:
		return "it wants more memory than it may have";
	case LZMA_FORMAT_ERROR:
		return "not xz";
	case LZMA_OPTIONS_ERROR:
		return "options that are not known";
	default:
		return "corrupt";
	}
}

static enum unpack_result step(void *own, struct unpack_step *s, const char **words)
{
	lzma_stream *xz = own;
	lzma_ret result;

	xz->next_in = s->in;
	xz->avail_in = s->in_len;
	xz->next_out = s->out;
	xz->avail_out = s->out_len;
	result = lzma_code(xz, s->last ? LZMA_FINISH : LZMA_RUN);
	s->in = xz->next_in;
	s->in_len = xz->avail_in;
	s->out = xz->next_out;
	s->out_len = xz->avail_out;
	if (result == LZMA_STREAM_END)
		return UNPACK_END;
	if (result == LZMA_OK || result == LZMA_BUF_ERROR) /* which means: no progress */
		return UNPACK_ON;
	*words = words_of(result);
	return UNPACK_BAD;
}

static void end(void *own)
{
	lzma_end(own);
	free(own);
}

const struct unpacker unpacker_xz = { begin, step, end };
