/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pcapng: what its blocks say of frames.
 *
 * libpcap reads it too, but gives up at the second interface of another link type or snap length,
 * which is what "tshark -i eth0 -i lo" and merged files are made of. Here each frame gets what its
 * own interface says.
 */
#include "capture/pcapng.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"

static enum read_result begin_section(struct pcapng *p, struct block *b, struct damage *damage)
{
	uint16_t major, minor;

	cursor_skip(&b->body, 4); /* the byte order */
	major = pcapng_u16(p, &b->body);
	minor = pcapng_u16(p, &b->body);
	/* Section 4.1: 1.2 is the same as 1.0, no other is known. */
	if (b->body.short_read || major != 1 || (minor != 0 && minor != 2))
		return pcapng_damaged(damage, b->byte, "a section of pcapng version %u.%u", major,
				      minor);
	p->earlier += (uint32_t)p->interfaces;
	p->interfaces = 0;
	return READ_OK;
}

/* What the three packet blocks say, each in its own order; sections 4.3, 4.4 and appendix A. */
struct fields {
	uint32_t interface, len, wire_len;
	uint64_t ticks;
};

static uint64_t ticks(const struct pcapng *p, struct cursor *c)
{
	uint64_t high = pcapng_u32(p, c);

	return high << 32 | pcapng_u32(p, c);
}

static void take_fields(const struct pcapng *p, struct block *b, struct fields *f)
{
	struct cursor *c = &b->body;

	*f = (struct fields){ .interface = 0 };
	if (b->type == BLOCK_SIMPLE_PACKET) {
		f->wire_len = f->len = pcapng_u32(p, c);
		return;
	}
	if (b->type == BLOCK_PACKET) {
		f->interface = pcapng_u32(p, c);
	} else {
		f->interface = pcapng_u16(p, c);
		cursor_skip(c, 2); /* drops */
	}
	f->ticks = ticks(p, c);
	f->len = pcapng_u32(p, c);
	f->wire_len = pcapng_u32(p, c);
}

/* Section 4.4: a simple block does not say what was captured, only what limits it. */
static void limit_simple(const struct pcapng *p, uint64_t room, struct fields *f)
{
	uint32_t snap_len = p->interface[0].snap_len;

	if (snap_len != 0 && snap_len < f->len)
		f->len = snap_len;
	if (room < f->len)
		f->len = (uint32_t)room;
}

/*
 * Nobody can say what its bytes are, nor in which unit its time counts; but its block is sound, so what
 * follows can be read. It is handed on to be counted, with the time of the frame before it.
 */
static enum read_result hand_on_undescribed(const struct pcapng *p, const struct fields *f,
					    struct frame *frame)
{
	frame->number = p->number;
	frame->interface = UINT32_MAX;
	frame->link_type = LINK_TYPE_UNKNOWN;
	frame->wire_len = f->wire_len;
	frame->len = 0;
	frame->bytes = p->kept;
	return READ_OK;
}

static enum read_result take_frame(struct pcapng *p, struct block *b, struct frame *frame,
				   struct damage *damage)
{
	/* What is not kept of a huge block is there all the same. */
	uint64_t room = b->body_len - cursor_left(&b->body);
	const struct interface *interface;
	struct fields f;

	take_fields(p, b, &f);
	if (b->body.short_read)
		return pcapng_damaged(damage, b->byte, "a block too short for a frame");
	if (f.interface >= p->interfaces)
		return hand_on_undescribed(p, &f, frame);
	room += cursor_left(&b->body);
	if (b->type == BLOCK_SIMPLE_PACKET)
		limit_simple(p, room, &f);
	if (f.len > room)
		return pcapng_damaged(damage, b->byte,
				      "a frame of %" PRIu32 " bytes in a block of %" PRIu32, f.len,
				      b->len);
	interface = &p->interface[f.interface];
	frame->number = p->number;
	frame->interface = p->earlier + f.interface;
	frame->link_type = interface->link_type;
	frame->time_ns = stamp_of_ticks(&interface->unit, f.ticks);
	frame->wire_len = f.wire_len;
	frame->len = f.len < FRAME_LEN_MAX ? f.len : FRAME_LEN_MAX;
	frame->bytes = cursor_bytes(&b->body, frame->len);
	return READ_OK;
}

static enum read_result pcapng_next(void *own, struct frame *frame, struct damage *damage)
{
	struct pcapng *p = own;
	enum read_result result;
	struct block b;

	while ((result = pcapng_take_block(p, &b, damage)) == READ_OK) {
		switch (b.type) {
		case BLOCK_SECTION:
			result = begin_section(p, &b, damage);
			break;
		case BLOCK_INTERFACE:
			result = pcapng_add_interface(p, &b, damage);
			break;
		case BLOCK_PACKET:
		case BLOCK_SIMPLE_PACKET:
		case BLOCK_OLD_PACKET:
			p->number++;
			return take_frame(p, &b, frame, damage);
		case BLOCK_CUSTOM:
		case BLOCK_CUSTOM_UNCOPIED:
		case BLOCK_JOURNAL:
		case BLOCK_SYSDIG:
		case BLOCK_SYSDIG_FLAGS:
		case BLOCK_SYSDIG_LARGE:
			/* No frames, but Wireshark 4 counts them as such. */
			p->number++;
			break;
		default:
			break;
		}
		if (result != READ_OK)
			break;
	}
	return result;
}

/* ---- the file ---- */

static void pcapng_close(void *own)
{
	struct pcapng *p = own;

	free(p->interface);
	free(p->kept);
	free(p);
}

static void *pcapng_open(struct source *source, struct capture_input *input,
			 enum capture_added *why, char error[CAPTURE_ERROR_MAX])
{
	struct pcapng *p = xcalloc(1, sizeof(*p));
	struct damage damage = { .words = "it ends" };
	struct block b;

	p->source = source;
	p->input = input;
	if (pcapng_take_block(p, &b, &damage) == READ_OK &&
	    begin_section(p, &b, &damage) == READ_OK)
		return p;
	*why = capture_refuse(error, CAPTURE_FAILED, "cannot be read as a capture: %s",
			      damage.words);
	pcapng_close(p);
	return NULL;
}

static void pcapng_describe(const void *own, uint32_t interface, struct capture_interface *about)
{
	const struct pcapng *p = own;
	const struct interface *i = &p->interface[interface - p->earlier];

	about->snap_len = i->snap_len;
	memcpy(about->name, i->name, sizeof(about->name));
	memcpy(about->description, i->description, sizeof(about->description));
}

const struct reader reader_pcapng = {
	"pcapng", pcapng_open, pcapng_next, NULL, pcapng_describe, pcapng_close,
};
