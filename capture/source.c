/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The bytes of an input, unpacked on the way, many at a time: nothing is ever written to a file, and
 * no more is in memory than the unpacker and one block need.
 *
 * Frames are read where they lie in the block. To ask stdio for each field of each frame, and to copy
 * it from its buffer to another, costs more than all that is then done with the frame.
 */
#define _GNU_SOURCE /* fopencookie() */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/die.h"
#include "capture/ahead.h"
#include "capture/descriptor.h"
#include "capture/inside.h"
#include "capture/unpack.h"

/* Twice the longest take: so what is moved to the front is never more than what is then read. */
#define ROOM ((size_t)2 * SOURCE_TAKE_MAX)

/* Most files of a month's rotated captures are read before a thread would have begun. */
#define AHEAD_AFTER ((uint64_t)4 * 1024 * 1024)

_Static_assert(AHEAD_HEADROOM >= SOURCE_TAKE_MAX, "what is left fits in front of a block");

struct source {
	struct waiting waiting; /* in room, or in a block that was read ahead */
	struct descriptor descriptor;
	const struct compression *compression; /* NULL: none */
	struct unpack *unpack;                 /* NULL: none */
	uint64_t given;                        /* plain bytes, put to the room so far */
	uint8_t *room;                         /* ROOM */
	struct ahead *ahead;                   /* NULL: nothing is read ahead */
	bool asked_ahead, ended;
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

/* Reads until so many bytes wait, and no further: a pipe may have more only much later. */
static void fill_room(struct source *s, size_t wanted)
{
	size_t len = source_left(s), got;

	memmove(s->room, s->waiting.at, len);
	do {
		got = read_plain(s, s->room + len, ROOM - len);
		len += got;
		s->given += got;
	} while (got > 0 && len < wanted);
	s->waiting = (struct waiting){ s->room, s->room + len };
	s->ended = got == 0;
}

/* What was left goes in front of the next block. */
static void fill_ahead(struct source *s, size_t wanted)
{
	while (!s->ended && source_left(s) < wanted) {
		size_t left = source_left(s), len;
		uint8_t *block = ahead_next(s->ahead, &len);

		s->ended = block == NULL;
		if (s->ended)
			break;
		s->waiting.at = memcpy(block - left, s->waiting.at, left);
		s->waiting.end = block + len;
		s->given += len;
	}
}

static size_t unpack_for_thread(void *source, uint8_t *out, size_t size)
{
	return read_plain(source, out, size);
}

/*
 * Unpacking takes longer than what is then done with the frames; reading what is not packed is a copy,
 * which costs less than to have its bytes in the cache of another core. A pipe is not read ahead: who
 * waits for it has to hear Ctrl-C.
 */
static bool is_worth_a_thread(const struct source *s)
{
	return s->unpack != NULL && s->descriptor.is_file && s->given >= AHEAD_AFTER;
}

const uint8_t *source_fill(struct source *s, size_t wanted)
{
	assert(wanted <= SOURCE_TAKE_MAX);
	if (!s->asked_ahead && is_worth_a_thread(s)) {
		s->asked_ahead = true;
		s->ahead = ahead_new(unpack_for_thread, s);
	}
	if (s->ahead != NULL)
		fill_ahead(s, wanted);
	else
		fill_room(s, wanted);
	return source_left(s) >= wanted ? s->waiting.at : NULL;
}

bool source_pass_over(struct source *s, uint64_t len)
{
	while (len > 0) {
		size_t left = source_left(s), part = len < left ? (size_t)len : left;

		s->waiting.at += part;
		len -= part;
		if (len > 0 && source_fill(s, 1) == NULL)
			return false;
	}
	return true;
}

uint64_t source_byte(const struct source *s)
{
	return s->given - source_left(s);
}

/* ---- as a stream: what stdio asks of a file ---- */

static ssize_t give(void *cookie, char *out, size_t size)
{
	struct source *s = cookie;
	size_t len;

	if (source_left(s) == 0 && (size == 0 || source_fill(s, 1) == NULL))
		return 0;
	len = source_left(s) < size ? source_left(s) : size;
	memcpy(out, source_take(s, len), len);
	return (ssize_t)len;
}

/* Only tells where it is, for ftello(). */
static int tell(void *cookie, off_t *offset, int whence)
{
	if (whence != SEEK_CUR || *offset != 0)
		return -1;
	*offset = (off_t)source_byte(cookie);
	return 0;
}

FILE *source_stream(struct source *s)
{
	return fopencookie(s, "rb", (cookie_io_functions_t){ .read = give, .seek = tell });
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
	bool is_short = source_peek(s, DESCRIPTOR_FIRST) == NULL;
	const struct compression *twice;

	if (is_short && source_fault(s) != NULL)
		return capture_refuse(error, CAPTURE_FAILED, "cannot be read: %s", source_fault(s));
	if (source_left(s) == 0)
		return capture_refuse(error, CAPTURE_UNKNOWN, "is empty, once unpacked");
	/* Each level could be a thousand times as long as the one before. */
	twice = s->unpack != NULL ? compression_of(s->waiting.at, source_left(s)) : NULL;
	if (twice != NULL)
		return capture_refuse(error, CAPTURE_FAILED, "is packed twice, with %s and %s",
				      s->compression->name, twice->name);
	return CAPTURE_ADDED;
}

struct source *source_open(const char *path, enum capture_added *why, char error[CAPTURE_ERROR_MAX])
{
	struct source *s = xcalloc(1, sizeof(*s));

	s->room = xmalloc(ROOM);
	s->waiting = (struct waiting){ s->room, s->room };
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
	if (s->ahead != NULL)
		ahead_free(s->ahead);
	if (s->unpack != NULL)
		unpack_free(s->unpack);
	descriptor_close(&s->descriptor);
	free(s->room);
	free(s);
}

/* ---- what is known ---- */

uint32_t source_magic(const struct source *s)
{
	struct cursor c = cursor_over(s->waiting.at, source_left(s));

	return cursor_u32(&c);
}

const char *source_compression(const struct source *s)
{
	return s->compression != NULL ? s->compression->name : NULL;
}

const char *source_fault(const struct source *s)
{
	if (s->ahead != NULL && !s->ended)
		return NULL; /* what has become of it the thread knows */
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

uint64_t source_at(const struct source *s)
{
	return descriptor_at(&s->descriptor);
}

uint64_t source_size(const struct source *s)
{
	return s->descriptor.size;
}

struct source_id source_id(const struct source *s)
{
	return s->descriptor.id;
}
