/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Unpacking as a stream: packed bytes are asked for, plain ones are given, nothing is kept.
 *
 * Each compression is a row in compressions.def and a struct unpacker in unpack_NAME.c, which alone
 * knows its library. The four libraries are used and not libarchive, which would do all in one:
 * that drops what it had unpacked of a block of 64 KiB and more when the block then turns out to be
 * cut, which is all of a small capture; and it may start programs.
 */
#ifndef CAPTURE_UNPACK_H
#define CAPTURE_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What one step may use and has used. */
struct unpack_step {
	const uint8_t *in; /* packed */
	size_t in_len;
	uint8_t *out;
	size_t out_len; /* room, > 0 */
	bool last;      /* nothing comes after in */
};

enum unpack_result {
	UNPACK_ON,  /* went on as far as it could */
	UNPACK_END, /* reached the end of a member; another may follow */
	UNPACK_BAD,
};

struct unpacker {
	void *(*begin)(void); /* NULL: no memory */
	/* Moves in and out on. With UNPACK_BAD, *words says why: a constant of the library. */
	enum unpack_result (*step)(void *own, struct unpack_step *, const char **words);
	void (*end)(void *own);
};

#define COMPRESSION(name, command, magic) extern const struct unpacker unpacker_##name;
#define COMPRESSION_UNREAD(name, command, magic)
#include "capture/compressions.def"
#undef COMPRESSION
#undef COMPRESSION_UNREAD

struct compression {
	const char *name, *command;
	const char *magic;
	size_t magic_len;
	const struct unpacker *unpacker; /* NULL: it is known, but not read */
};

/* The compression of a file that begins with these bytes; NULL if there is none. */
const struct compression *compression_of(const uint8_t *bytes, size_t len);

/* ---- limits: a small file must not keep us busy for ever ---- */

/*
 * The memory that one unpacker may ask for: what zstd itself takes without being told otherwise, and
 * twice what xz -9 needs.
 */
#define UNPACK_MEMORY_LOG 27
#define UNPACK_MEMORY_MAX ((size_t)1 << UNPACK_MEMORY_LOG)

struct unpack_limits {
	uint64_t free;  /* so much may come out of the smallest file */
	uint64_t ratio; /* of what comes out to what goes in, beyond that */
	uint64_t bytes; /* never more than that */
};

/*
 * Captures shrink to a 3rd or a 20th: each frame has a time of its own. Files made to harm reach
 * 1,000 with gzip and far more with the others. What is larger can still come through a pipe.
 */
#define UNPACK_LIMITS                                                                              \
	((struct unpack_limits){                                                                   \
		.free = UINT64_C(256) << 20,                                                       \
		.ratio = 200,                                                                      \
		.bytes = UINT64_C(64) << 30,                                                       \
	})

struct unpack;

/*
 * feed() gives packed bytes as read() does, and 0 at their end each time it is asked. NULL: no
 * memory.
 */
struct unpack *unpack_new(const struct compression *, struct unpack_limits,
			  size_t (*feed)(void *from, uint8_t *out, size_t size), void *from);
/* The number of plain bytes put to out; 0 at the end, and when there is a fault. size > 0. */
size_t unpack_read(struct unpack *, uint8_t *out, size_t size);
/* Why it ended, if not because all is unpacked; NULL: no reason to complain. */
const char *unpack_fault(const struct unpack *);
void unpack_free(struct unpack *);

#endif
