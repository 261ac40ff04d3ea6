/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reading in a thread of its own, some blocks ahead of who uses them: to unpack a capture takes longer
 * than all that is then done with its frames.
 */
#ifndef CAPTURE_AHEAD_H
#define CAPTURE_AHEAD_H

#include <stddef.h>
#include <stdint.h>

/* In front of each block there is so much room, for what was left of the one before. */
#define AHEAD_HEADROOM ((size_t)272 * 1024)
/* Fits into the cache that a core has for itself, with the one that is being filled. */
#define AHEAD_BLOCK ((size_t)256 * 1024)

struct ahead;

/*
 * read() is called by the thread from now on: what it looks at belongs to the thread until
 * ahead_next() has said that all is read, or ahead_free(). NULL: no thread is to be had, or this
 * process has one processor only and would but lose by it.
 */
struct ahead *ahead_new(size_t (*read)(void *from, uint8_t *out, size_t size), void *from);
/* The next block, and its headroom before it; valid until the next call but one. NULL: the end. */
uint8_t *ahead_next(struct ahead *, size_t *len);
/* Ends the thread, wherever it is. */
void ahead_free(struct ahead *);

#endif
