/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the files of pcapng share: an open capture, its blocks, and what one of its interfaces
 * says of the frames that came through it.
 *
 * Format: draft-ietf-opsawg-pcapng; sections named in comments are its.
 */
#ifndef CAPTURE_PCAPNG_H
#define CAPTURE_PCAPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "capture/inside.h"

struct interface {
	int link_type;     /* DLT_ value */
	uint32_t snap_len; /* 0: unlimited */
	struct stamp_unit unit;
	char name[CAPTURE_NAME_MAX]; /* as in struct capture_interface */
	char description[CAPTURE_NAME_MAX];
};

/* Of a section: the old packet block names them in 16 bits. */
#define INTERFACES_MAX 65536

/* Invariant: interfaces <= room <= INTERFACES_MAX. */
struct pcapng {
	struct source *source;
	struct capture_input *input;
	bool little_endian;          /* this section */
	struct interface *interface; /* of this section */
	size_t interfaces, room;
	uint32_t earlier; /* interfaces of the sections before */
	uint32_t number;  /* of frames, so far */
	uint8_t *kept;    /* BODY_KEPT bytes of a body that is longer; NULL: there was none yet */
};

enum block_type {
	BLOCK_INTERFACE = 1,
	BLOCK_OLD_PACKET = 2,
	BLOCK_SIMPLE_PACKET = 3,
	BLOCK_PACKET = 6, /* "enhanced" */
	BLOCK_JOURNAL = 9,
	BLOCK_SYSDIG = 0x204,
	BLOCK_SYSDIG_FLAGS = 0x216,
	BLOCK_SYSDIG_LARGE = 0x221,
	BLOCK_CUSTOM = 0xbad,
	BLOCK_CUSTOM_UNCOPIED = 0x40000bad,
	BLOCK_SECTION = PCAPNG_MAGIC, /* the same in both byte orders */
};

/* Of a block's body; the fields before the bytes of a frame are 20 at most. */
#define BODY_KEPT (20 + FRAME_LEN_MAX)

struct block {
	uint64_t byte; /* of the file, where it begins */
	uint32_t type;
	uint32_t len; /* as it says itself */
	uint64_t body_len;
	struct cursor body; /* what is kept of it */
};

/* Numbers have the byte order of their section. */
static inline uint16_t pcapng_u16(const struct pcapng *p, struct cursor *c)
{
	return p->little_endian ? cursor_u16le(c) : cursor_u16(c);
}

static inline uint32_t pcapng_u32(const struct pcapng *p, struct cursor *c)
{
	return p->little_endian ? cursor_u32le(c) : cursor_u32(c);
}

/* READ_DAMAGED, and why. */
__attribute__((format(printf, 3, 4))) enum read_result
pcapng_damaged(struct damage *, uint64_t byte, const char *format, ...);

/* READ_OK, or READ_END before a block, or READ_DAMAGED. Its body is valid until the next call. */
enum read_result pcapng_take_block(struct pcapng *, struct block *, struct damage *);

/* Takes in an Interface Description Block; READ_OK or READ_DAMAGED. */
enum read_result pcapng_add_interface(struct pcapng *, struct block *, struct damage *);

#endif
