/* SPDX-License-Identifier: BSD-3-Clause */
/* The bytes of an input as they lie there, packed or not. */
#ifndef CAPTURE_DESCRIPTOR_H
#define CAPTURE_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/inside.h"

/* Enough to tell what they are. */
#define DESCRIPTOR_FIRST 8

/* Invariant: at <= len <= DESCRIPTOR_FIRST. */
struct descriptor {
	int fd; /* -1: closed */
	bool is_file, is_named_pipe;
	struct source_id id;
	uint64_t size;     /* of a regular file, standard input included; else 0 */
	const char *fault; /* why nothing more comes; NULL: the end, or there is more */
	size_t at, len;    /* what of first is not given yet */
	uint8_t first[DESCRIPTOR_FIRST];
};

/* Anything but CAPTURE_ADDED leaves it closed, with the reason in error. */
enum capture_added descriptor_open(struct descriptor *, const char *path,
				   char error[CAPTURE_ERROR_MAX]);
/* The first bytes, before any is read: DESCRIPTOR_FIRST, or all there are. Waits for them. */
const uint8_t *descriptor_first(struct descriptor *, size_t *len);
/* As read(2): 0 at the end and at a fault. */
size_t descriptor_read(struct descriptor *, uint8_t *out, size_t size);
/* Where the next read begins; 0 of a pipe. The system knows: another thread may be reading. */
uint64_t descriptor_at(const struct descriptor *);
void descriptor_close(struct descriptor *);

#endif
