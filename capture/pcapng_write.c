/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pcapng written: one section, an interface before its first frame, enhanced packet blocks with
 * comments; draft-ietf-opsawg-pcapng, whose sections are named below.
 *
 * Frames of many inputs may meet in one file: each interface of each input stays one of its own.
 * Numbers are little-endian on every machine, so the same frames are the same file everywhere.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/die.h"
#include "capture/inside.h"
#include "capture/pcapng.h"

enum option_code {
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	OPTION_NAME = 2,        /* if_name */
	OPTION_DESCRIPTION = 3, /* if_description */
	OPTION_APPLICATION = 4, /* shb_userappl */
	OPTION_PACKET_ID = 5,   /* epb_packetid */
	OPTION_RESOLUTION = 9,  /* if_tsresol */
	OPTION_OFFSET = 14,     /* if_tsoffset */
};

#define BYTE_ORDER_MAGIC 0x1a2b3c4du
#define OVERHEAD_LEN 12 /* section 3.1: type, length, and length again */
#define OPTION_LEN_MAX UINT16_MAX
#define RESOLUTION_NS 9 /* 10^-9 s, as frames are counted here */
#define ROOM_FIRST 8

/*
 * Section 4.3: ticks have no sign. A clock that was never set may say 1969, and stamp_ns() lets no
 * time be before 1824: such frames count from there, on an interface that says so.
 */
#define EARLY_OFFSET_S (-(INT64_C(1) << 33))

struct lane {
	uint16_t input;
	uint32_t interface;
	bool early; /* times before 1970 */
};

/* Invariant: lanes <= room; lane i is interface i of the section. */
struct pcapng_writer {
	FILE *out;
	struct lane *lane;
	uint32_t lanes, room;
};

/* ---- bytes ---- */

static void put_u16(struct pcapng_writer *w, uint16_t value)
{
	const uint8_t bytes[2] = { (uint8_t)value, (uint8_t)(value >> 8) };

	fwrite(bytes, 1, sizeof(bytes), w->out);
}

static void put_u32(struct pcapng_writer *w, uint32_t value)
{
	put_u16(w, (uint16_t)value);
	put_u16(w, (uint16_t)(value >> 16));
}

static uint32_t padded(uint32_t len)
{
	return (len + 3) / 4 * 4;
}

static void put_padded(struct pcapng_writer *w, const void *bytes, uint32_t len)
{
	static const uint8_t zero[3];

	if (len != 0)
		fwrite(bytes, 1, len, w->out);
	fwrite(zero, 1, padded(len) - len, w->out);
}

/* ---- options, section 3.5 ---- */

static uint32_t text_len(const char *text)
{
	size_t len = strlen(text);

	return len < OPTION_LEN_MAX ? (uint32_t)len : OPTION_LEN_MAX;
}

/* What an option takes in its block; nothing for a text that says nothing. */
static uint32_t option_len(const char *text)
{
	return text != NULL && text[0] != '\0' ? 4 + padded(text_len(text)) : 0;
}

static void put_option(struct pcapng_writer *w, uint16_t code, const char *text)
{
	uint32_t len;

	if (option_len(text) == 0)
		return;
	len = text_len(text);
	put_u16(w, code);
	put_u16(w, (uint16_t)len);
	put_padded(w, text, len);
}

static uint32_t comments_len(const struct comments *c)
{
	uint32_t len = 0;

	for (size_t i = 0; i < c->count; i++)
		len += option_len(c->text[i]);
	return len;
}

static void put_comments(struct pcapng_writer *w, const struct comments *c)
{
	for (size_t i = 0; i < c->count; i++)
		put_option(w, OPTION_COMMENT, c->text[i]);
}

static void put_end_of_options(struct pcapng_writer *w)
{
	put_u16(w, OPTION_END);
	put_u16(w, 0);
}

/* ---- blocks ---- */

static void begin_block(struct pcapng_writer *w, uint32_t type, uint32_t len)
{
	put_u32(w, type);
	put_u32(w, len);
}

/* Section 4.1; its length is not said, as nobody knows it yet. */
static void put_section(struct pcapng_writer *w, const char *application, const struct comments *c)
{
	uint32_t len = OVERHEAD_LEN + 16 + comments_len(c) + option_len(application) + 4;

	begin_block(w, BLOCK_SECTION, len);
	put_u32(w, BYTE_ORDER_MAGIC);
	put_u16(w, 1);
	put_u16(w, 0);
	put_u32(w, UINT32_MAX);
	put_u32(w, UINT32_MAX);
	put_comments(w, c);
	put_option(w, OPTION_APPLICATION, application);
	put_end_of_options(w);
	put_u32(w, len);
}

/* Section 4.2. */
static void put_interface(struct pcapng_writer *w, const struct capture_interface *about,
			  bool early)
{
	uint32_t len = OVERHEAD_LEN + 8 + option_len(about->comment) + option_len(about->name) +
		       option_len(about->description) + 8 + (early ? 12 : 0) + 4;

	begin_block(w, BLOCK_INTERFACE, len);
	put_u16(w, (uint16_t)link_type_of_dlt(about->link_type));
	put_u16(w, 0);
	put_u32(w, about->snap_len);
	put_option(w, OPTION_COMMENT, about->comment);
	put_option(w, OPTION_NAME, about->name);
	put_option(w, OPTION_DESCRIPTION, about->description);
	put_u16(w, OPTION_RESOLUTION);
	put_u16(w, 1);
	put_u32(w, RESOLUTION_NS);
	if (early) {
		put_u16(w, OPTION_OFFSET);
		put_u16(w, 8);
		put_u32(w, (uint32_t)EARLY_OFFSET_S);
		put_u32(w, (uint32_t)((uint64_t)EARLY_OFFSET_S >> 32));
	}
	put_end_of_options(w);
	put_u32(w, len);
}

static void make_room(struct pcapng_writer *w)
{
	uint32_t room = w->room != 0 ? 2 * w->room : ROOM_FIRST;
	struct lane *more = xcalloc(room, sizeof(*more));

	if (w->lanes != 0)
		memcpy(more, w->lane, w->lanes * sizeof(*more));
	free(w->lane);
	w->lane = more;
	w->room = room;
}

/* From the end: of a month of rotated captures the last one is the one in hand. */
static uint32_t lane_of(struct pcapng_writer *w, const struct frame *frame,
			const struct capture_interface *about)
{
	const bool early = frame->time_ns < 0;

	for (uint32_t i = w->lanes; i-- > 0;) {
		const struct lane *lane = &w->lane[i];

		if (lane->input == frame->input && lane->interface == frame->interface &&
		    lane->early == early)
			return i;
	}
	if (w->lanes == w->room)
		make_room(w);
	w->lane[w->lanes] = (struct lane){ frame->input, frame->interface, early };
	put_interface(w, about, early);
	return w->lanes++;
}

/* Section 4.3. */
void pcapng_writer_frame(struct pcapng_writer *w, const struct frame *frame,
			 const struct capture_interface *about, const struct comments *c)
{
	const uint32_t lane = lane_of(w, frame, about), options = comments_len(c);
	const uint32_t len = OVERHEAD_LEN + 20 + padded(frame->len) + options + 12 + 4;
	uint64_t ticks = (uint64_t)frame->time_ns;

	if (w->lane[lane].early)
		ticks -= (uint64_t)(EARLY_OFFSET_S * NS_PER_S);
	begin_block(w, BLOCK_PACKET, len);
	put_u32(w, lane);
	put_u32(w, (uint32_t)(ticks >> 32));
	put_u32(w, (uint32_t)ticks);
	put_u32(w, frame->len);
	put_u32(w, frame->wire_len);
	put_padded(w, frame->bytes, frame->len);
	put_comments(w, c);
	put_u16(w, OPTION_PACKET_ID);
	put_u16(w, 8);
	put_u32(w, frame->number);
	put_u32(w, frame->input);
	put_end_of_options(w);
	put_u32(w, len);
}

struct pcapng_writer *pcapng_writer_new(FILE *out, const char *application,
					const struct comments *of_section)
{
	struct pcapng_writer *w = xcalloc(1, sizeof(*w));

	w->out = out;
	put_section(w, application, of_section);
	return w;
}

void pcapng_writer_free(struct pcapng_writer *w)
{
	free(w->lane);
	free(w);
}
