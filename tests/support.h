/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the unit tests share: bytes in allocations of exactly their length, headers around them,
 * files that exist for one test.
 *
 * Functions that take a struct bytes as `inner`, `head` or `tail` free it: calls can be nested.
 */
#ifndef TESTS_SUPPORT_H
#define TESTS_SUPPORT_H

#include <stddef.h>
#include <stdint.h>

#include "capture/frame.h"

/* Allocated to exactly len bytes, so that AddressSanitizer sees a read one byte past them. */
struct bytes {
	uint8_t *at; /* never NULL */
	size_t len;
};

/* Pairs of hexadecimal digits; blanks between pairs and '#' to the end of a line mean nothing. */
struct bytes hex(const char *text);
struct bytes bytes_copy(const void *at, size_t len);
struct bytes bytes_join(struct bytes head, struct bytes tail);
void bytes_free(struct bytes);

/* Fails the test when offset is outside. */
void put_u8(struct bytes, size_t offset, uint8_t value);
void put_u16(struct bytes, size_t offset, uint16_t value); /* network order */
void put_u32(struct bytes, size_t offset, uint32_t value);

/* Hands each beginning of the bytes to feed, from none of them to all: a copy of that length. */
void feed_every_cut(struct bytes, void (*feed)(struct bytes));
/* Hands over copies in which one of the first `len` bytes has each of its 255 other values. */
void feed_every_change(struct bytes, size_t len, void (*feed)(struct bytes));

/* ---- headers, outermost last: ethernet(0x0800, ipv4(6, tcp(...))) ---- */

#define TEST_SPORT 51000
#define TEST_DPORT 22
#define TEST_SEQ 0x11223344u
#define TEST_ACK 0x55667788u

/* options: hexadecimal, a multiple of four bytes, "" for none. */
struct bytes tcp(uint8_t flags, const char *options, struct bytes inner);
/* From 192.0.2.1 to 198.51.100.2, TTL 64, DF, identification 0x1234. */
struct bytes ipv4(uint8_t protocol, struct bytes inner);
/* From 2001:db8::1 to 2001:db8::2, hop limit 64. */
struct bytes ipv6(uint8_t next_header, struct bytes inner);
struct bytes ethernet(uint16_t ethertype, struct bytes inner);

/* Frame 1 of input 0, one second after 1970, not cut. Borrows the bytes. */
struct frame frame_of(int link_type, struct bytes);

/* ---- files ---- */

#define TEMP_PATH_MAX 256

/* A new file with these bytes (which are freed); the test unlinks it. */
void temp_file(char path[TEMP_PATH_MAX], struct bytes inner);
/* The name of a file that does not exist. */
void temp_name(char path[TEMP_PATH_MAX]);

#endif
