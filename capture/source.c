/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The bytes of an input as a stream, unpacked on the way: nothing is ever written to a file, and no
 * more is in memory than the unpacker needs.
 */
#define _GNU_SOURCE /* fopencookie() */
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/die.h"
#include "capture/descriptor.h"
#include "capture/inside.h"
#include "capture/unpack.h"

#define READ_AT_ONCE (64 * 1024) /* the usual 4 KiB would be 16 times the system calls */

struct source {
	struct descriptor descriptor;
	const struct compression *compression; /* NULL: none */
	struct unpack *unpack;                 /* NULL: none */
	uint64_t given;                        /* plain bytes, to the stream */
	size_t head_at, head_len;              /* what of head is not given yet */
	uint8_t head[DESCRIPTOR_FIRST];        /* the first plain bytes */
	char buffer[READ_AT_ONCE];             /* of the stream */
};

/* ---- reading ---- */

static size_t feed(void *source, uint8_t *out, size_t size)
{
	struct source *s = source;

	return descriptor_read(&s->descriptor, out, size);
}

static size_t read_plain(struct source *s, uint8_t *out, size_t size)
{
	return s->unpack != NULL ? unpack_read(s->unpack, out, size) : feed(s, out, size);
}

/* ---- the stream: what stdio asks of a file ---- */

static ssize_t give(void *cookie, char *out, size_t size)
{
	struct source *s = cookie;
	size_t left = s->head_len - s->head_at, len = left < size ? left : size;

	if (left == 0) {
		len = size != 0 ? read_plain(s, (uint8_t *)out, size) : 0;
	} else {
		memcpy(out, s->head + s->head_at, len);
		s->head_at += len;
	}
	s->given += len;
	return (ssize_t)len;
}

/* Only tells where it is, for ftello(). */
static int tell(void *cookie, off_t *offset, int whence)
{
	const struct source *s = cookie;

	if (whence != SEEK_CUR || *offset != 0)
		return -1;
	*offset = (off_t)s->given;
	return 0;
}

FILE *source_stream(struct source *s)
{
	/* A plain file needs nobody in between, and stdio is faster with its own files. */
	bool is_plain = s->unpack == NULL && s->descriptor.is_file;
	FILE *stream =
		is_plain ?
			descriptor_stream(&s->descriptor) :
			fopencookie(s, "rb", (cookie_io_functions_t){ .read = give, .seek = tell });

	if (stream == NULL)
		return NULL;
	setvbuf(stream, s->buffer, _IOFBF, sizeof(s->buffer));
	/* Nobody else reads it: to lock it for each field of each frame is a tenth of all the work. */
	__fsetlocking(stream, FSETLOCKING_BYCALLER);
	return stream;
}

/* ---- opening ---- */

static enum capture_added look_at_packed(struct source *s, char error[CAPTURE_ERROR_MAX])
{
	size_t len;
	const uint8_t *first = descriptor_first(&s->descriptor, &len);

	if (len == 0)
		return s->descriptor.fault != NULL ?
			       capture_refuse(error, CAPTURE_FAILED, "%s", s->descriptor.fault) :
			       capture_refuse(error, CAPTURE_UNKNOWN, "is empty");
	s->compression = compression_of(first, len);
	if (s->compression == NULL)
		return CAPTURE_ADDED;
	if (s->compression->unpacker == NULL)
		return capture_refuse(
			error, CAPTURE_FAILED,
			"is packed with %s, which is not read; try %s FILE | rstscope read -",
			s->compression->name, s->compression->command);
	s->unpack = unpack_new(s->compression, UNPACK_LIMITS, feed, s);
	return s->unpack != NULL ? CAPTURE_ADDED :
				   capture_refuse(error, CAPTURE_FAILED, "no memory to unpack it");
}

static enum capture_added look_at_plain(struct source *s, char error[CAPTURE_ERROR_MAX])
{
	size_t len;

	do {
		len = read_plain(s, s->head + s->head_len, sizeof(s->head) - s->head_len);
		s->head_len += len;
	} while (len > 0 && s->head_len < sizeof(s->head));
	if (source_fault(s) != NULL && s->head_len < sizeof(s->head))
		return capture_refuse(error, CAPTURE_FAILED, "cannot be read: %s", source_fault(s));
	if (s->head_len == 0)
		return capture_refuse(error, CAPTURE_UNKNOWN, "is empty, once unpacked");
	/* Each level could be a thousand times as long as the one before. */
	if (s->unpack != NULL && compression_of(s->head, s->head_len) != NULL)
		return capture_refuse(error, CAPTURE_FAILED, "is packed twice, with %s and %s",
				      s->compression->name,
				      compression_of(s->head, s->head_len)->name);
	return CAPTURE_ADDED;
}

struct source *source_open(const char *path, enum capture_added *why, char error[CAPTURE_ERROR_MAX])
{
	struct source *s = xcalloc(1, sizeof(*s));

	*why = descriptor_open(&s->descriptor, path, error);
	if (*why == CAPTURE_ADDED)
		*why = look_at_packed(s, error);
	if (*why == CAPTURE_ADDED)
		*why = look_at_plain(s, error);
	if (*why == CAPTURE_ADDED)
		return s;
	source_close(s);
	return NULL;
}

void source_close(struct source *s)
{
	if (s->unpack != NULL)
		unpack_free(s->unpack);
	descriptor_close(&s->descriptor);
	free(s);
}

/* ---- what is known ---- */

uint32_t source_magic(const struct source *s)
{
	struct cursor c = cursor_over(s->head, s->head_len);

	return cursor_u32(&c);
}

const char *source_compression(const struct source *s)
{
	return s->compression != NULL ? s->compression->name : NULL;
}

const char *source_fault(const struct source *s)
{
	if (s->descriptor.fault != NULL || s->unpack == NULL)
		return s->descriptor.fault;
	return unpack_fault(s->unpack);
}

uint64_t source_given(const struct source *s)
{
	return s->given;
}

bool source_is_file(const struct source *s)
{
	return s->descriptor.is_file;
}

struct source_id source_id(const struct source *s)
{
	return s->descriptor.id;
}
