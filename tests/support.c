/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/support.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- bytes ---- */

static struct bytes allocate(size_t len)
{
	/* Not one byte for none: that would hide an over-read. */
	struct bytes b = { .at = malloc(len), .len = len };

	cr_assert(b.at != NULL || len == 0);
	return b;
}

static int digit(char c)
{
	cr_assert(isxdigit((unsigned char)c), "not a hexadecimal digit: '%c'", c);
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

struct bytes hex(const char *text)
{
	uint8_t *room = malloc(strlen(text) / 2 + 1);
	size_t len = 0;
	struct bytes b;

	cr_assert(room != NULL);
	while (*text != '\0') {
		if (isspace((unsigned char)*text)) {
			text++;
		} else if (*text == '#') {
			text += strcspn(text, "\n");
		} else {
			room[len++] = (uint8_t)(digit(text[0]) << 4 | digit(text[1]));
			text += 2;
		}
	}
	b = bytes_copy(room, len);
	free(room);
	return b;
}

struct bytes bytes_copy(const void *at, size_t len)
{
	struct bytes b = allocate(len);

	if (len != 0)
		memcpy(b.at, at, len);
	return b;
}

struct bytes bytes_join(struct bytes head, struct bytes tail)
{
	struct bytes b = allocate(head.len + tail.len);

	if (head.len != 0)
		memcpy(b.at, head.at, head.len);
	if (tail.len != 0)
		memcpy(b.at + head.len, tail.at, tail.len);
	bytes_free(head);
	bytes_free(tail);
	return b;
}

void bytes_free(struct bytes b)
{
	free(b.at);
}

void put_u8(struct bytes b, size_t offset, uint8_t value)
{
	cr_assert(offset < b.len);
	b.at[offset] = value;
}

void put_u16(struct bytes b, size_t offset, uint16_t value)
{
	put_u8(b, offset, (uint8_t)(value >> 8));
	put_u8(b, offset + 1, (uint8_t)value);
}

void put_u32(struct bytes b, size_t offset, uint32_t value)
{
	put_u16(b, offset, (uint16_t)(value >> 16));
	put_u16(b, offset + 2, (uint16_t)value);
}

void feed_every_cut(struct bytes whole, void (*feed)(struct bytes))
{
	for (size_t len = 0; len <= whole.len; len++) {
		struct bytes cut = bytes_copy(whole.at, len);

		feed(cut);
		bytes_free(cut);
	}
}

void feed_every_change(struct bytes valid, size_t len, void (*feed)(struct bytes))
{
	struct bytes changed = bytes_copy(valid.at, valid.len);

	for (size_t i = 0; i < len && i < valid.len; i++) {
		for (unsigned int value = 0; value <= UINT8_MAX; value++) {
			changed.at[i] = (uint8_t)value;
			if (value != valid.at[i])
				feed(changed);
		}
		changed.at[i] = valid.at[i];
	}
	bytes_free(changed);
}

/* ---- headers ---- */

struct bytes tcp(uint8_t flags, const char *options, struct bytes inner)
{
	struct bytes header =
		bytes_join(hex("c738 0016 11223344 55667788 5000 ffff 0000 0000"), hex(options));

	cr_assert(header.len % 4 == 0 && header.len <= 60);
	put_u8(header, 12, (uint8_t)(header.len / 4 << 4));
	put_u8(header, 13, flags);
	return bytes_join(header, inner);
}

struct bytes ipv4(uint8_t protocol, struct bytes inner)
{
	struct bytes header = hex("45 00 0000 1234 4000 40 00 0000 c0000201 c6336402");

	put_u16(header, 2, (uint16_t)(header.len + inner.len));
	put_u8(header, 9, protocol);
	return bytes_join(header, inner);
}

struct bytes ipv6(uint8_t next_header, struct bytes inner)
{
	struct bytes header = hex("60000000 0000 00 40 20010db8 00000000 00000000 00000001"
				  "20010db8 00000000 00000000 00000002");

	put_u16(header, 4, (uint16_t)inner.len);
	put_u8(header, 6, next_header);
	return bytes_join(header, inner);
}

struct bytes ethernet(uint16_t ethertype, struct bytes inner)
{
	struct bytes header = hex("020000000002 020000000001 0000");

	put_u16(header, 12, ethertype);
	return bytes_join(header, inner);
}

struct frame frame_of(int link_type, struct bytes b)
{
	return (struct frame){
		.number = 1,
		.link_type = link_type,
		.time_ns = INT64_C(1000000000),
		.wire_len = (uint32_t)b.len,
		.len = (uint32_t)b.len,
		.bytes = b.at,
	};
}

/* ---- files ---- */

static int make_temp(char path[TEMP_PATH_MAX])
{
	const char *folder = getenv("TMPDIR");
	int fd;

	snprintf(path, TEMP_PATH_MAX, "%s/rstscope-test-XXXXXX",
		 folder != NULL && *folder != '\0' ? folder : P_tmpdir);
	fd = mkstemp(path);
	cr_assert(fd >= 0, "no temporary file %s", path);
	return fd;
}

void temp_file(char path[TEMP_PATH_MAX], struct bytes inner)
{
	int fd = make_temp(path);

	cr_assert_eq(write(fd, inner.at, inner.len), (ssize_t)inner.len);
	close(fd);
	bytes_free(inner);
}

void temp_name(char path[TEMP_PATH_MAX])
{
	close(make_temp(path));
	unlink(path);
}
