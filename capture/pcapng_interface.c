/* SPDX-License-Identifier: BSD-3-Clause */
/* Interface Description Blocks, section 4.2: the link type, the snap length, the clock, the names. */
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "capture/pcapng.h"

enum option_code {
	OPTION_END = 0,
	OPTION_NAME = 2,        /* if_name */
	OPTION_DESCRIPTION = 3, /* if_description */
	OPTION_RESOLUTION = 9,  /* if_tsresol */
	OPTION_OFFSET = 14,     /* if_tsoffset */
};

#define RESOLUTION_US 6 /* without if_tsresol: 10^-6 s */
#define ROOM_FIRST 8

/* Section 4.2: 64-bit numbers have the byte order of the section, too. */
static uint64_t u64(const struct pcapng *p, struct cursor *c)
{
	uint64_t first = pcapng_u32(p, c), second = pcapng_u32(p, c);

	return p->little_endian ? second << 32 | first : first << 32 | second;
}

/* Only what anybody can print: the file's author chose it. Read to the end. */
static void read_name(struct cursor *value, char name[CAPTURE_NAME_MAX])
{
	size_t len = 0;

	while (cursor_left(value) != 0) {
		uint8_t byte = cursor_u8(value);

		if (byte != '\0' && len < CAPTURE_NAME_MAX - 1)
			name[len++] = byte >= ' ' && byte <= '~' ? (char)byte : '?';
	}
	name[len] = '\0';
}

/* False when an option is longer than what is left, or a clock has not the length of one. */
static bool read_options(const struct pcapng *p, struct cursor *c, struct interface *i)
{
	while (cursor_left(c) != 0) {
		uint16_t code = pcapng_u16(p, c), len = pcapng_u16(p, c);
		struct cursor value;

		if (code == OPTION_END)
			break;
		value = cursor_slice(c, len);
		cursor_skip(c, -(size_t)len % 4); /* section 3.5: padded to 32 bits */
		if (code == OPTION_RESOLUTION)
			i->unit.resolution = cursor_u8(&value);
		else if (code == OPTION_OFFSET)
			i->unit.offset_s = (int64_t)u64(p, &value);
		else if (code == OPTION_NAME)
			read_name(&value, i->name);
		else if (code == OPTION_DESCRIPTION)
			read_name(&value, i->description);
		else
			continue;
		if (value.short_read || cursor_left(&value) != 0)
			return false;
	}
	return !c->short_read;
}

static void make_room(struct pcapng *p)
{
	size_t room = p->room != 0 ? 2 * p->room : ROOM_FIRST;
	struct interface *more = xcalloc(room, sizeof(*more));

	if (p->interfaces != 0)
		memcpy(more, p->interface, p->interfaces * sizeof(*more));
	free(p->interface);
	p->interface = more;
	p->room = room;
}

enum read_result pcapng_add_interface(struct pcapng *p, struct block *b, struct damage *damage)
{
	struct interface i = { .unit = { .resolution = RESOLUTION_US } };

	if (p->interfaces == INTERFACES_MAX)
		return pcapng_damaged(damage, b->byte, "more than %d interfaces", INTERFACES_MAX);
	i.link_type = link_dlt_of(pcapng_u16(p, &b->body));
	cursor_skip(&b->body, 2); /* reserved */
	i.snap_len = pcapng_u32(p, &b->body);
	if (b->body.short_read)
		return pcapng_damaged(damage, b->byte, "a block too short for an interface");
	if (!read_options(p, &b->body, &i))
		return pcapng_damaged(damage, b->byte, "an interface with malformed options");
	if (p->interfaces == p->room)
		make_room(p);
	p->interface[p->interfaces++] = i;
	input_add_link_type(p->input, i.link_type);
	return READ_OK;
}
