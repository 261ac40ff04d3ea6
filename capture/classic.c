/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Classic pcap, draft-ietf-opsawg-pcap: a header, then a record for each frame. Both byte orders, micro-
 * and nanoseconds, and the longer records of Kuznetzov's patch, which old Red Hat systems wrote.
 *
 * libpcap reads all that, too, but copies each frame from stdio's buffer to its own, which takes longer
 * than what is then done with most frames. Here they are read where they lie. Damage is told
 * much in libpcap's words, which are what a search finds.
 */
#include <inttypes.h>
#include <pcap/dlt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "base/die.h"
#include "capture/inside.h"

#define HEADER_LEN 24
#define VERSION_MAJOR 2
#define VERSION_MINOR 4
#define RECORD_LEN 16
#define RECORD_PATCHED_LEN 24     /* and the interface, the protocol, the direction */
#define LINK_TYPE_MASK 0x3ffffffu /* the other bits are about checksums of Ethernet */

struct classic {
	struct source *source;
	int link_type;
	bool little_endian;
	int64_t unit_ns;
	size_t record_len;
	uint32_t snap_len;
	uint32_t frames;
};

static const struct dialect {
	uint32_t magic; /* in network order */
	bool little_endian;
	int64_t unit_ns;
	size_t record_len;
} dialects[] = {
	{ 0xa1b2c3d4, false, 1000, RECORD_LEN },
	{ 0xd4c3b2a1, true, 1000, RECORD_LEN },
	{ 0xa1b23c4d, false, 1, RECORD_LEN },
	{ 0x4d3cb2a1, true, 1, RECORD_LEN },
	{ 0xa1b2cd34, false, 1000, RECORD_PATCHED_LEN },
	{ 0x34cdb2a1, true, 1000, RECORD_PATCHED_LEN },
};

static const struct dialect *dialect_of(const struct source *source)
{
	for (size_t i = 0; i < sizeof(dialects) / sizeof(dialects[0]); i++)
		if (dialects[i].magic == source_magic(source))
			return &dialects[i];
	return NULL;
}

static inline uint32_t u32(bool little_endian, struct cursor *c)
{
	return little_endian ? cursor_u32le(c) : cursor_u32(c);
}

/*
 * libpcap turns numbers in the headers of these into the byte order of this machine, and allows frames
 * of the last three to be longer than others.
 */
static bool is_for_libpcap(int link_type, bool little_endian)
{
	const bool is_of_other_order = little_endian != (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

	switch (link_type) {
	case DLT_LINUX_SLL:
	case DLT_LINUX_SLL2:
	case DLT_NFLOG:
	case DLT_PKTAP:
		return is_of_other_order;
	case DLT_USB_LINUX:
	case DLT_USB_LINUX_MMAPPED:
	case DLT_DBUS:
	case DLT_EBHSCR:
	case DLT_USBPCAP:
		return true;
	default:
		return false;
	}
}

/* False when it is for libpcap to read, or to refuse. */
static bool read_header(struct classic *classic)
{
	const struct dialect *dialect = dialect_of(classic->source);
	const uint8_t *header = source_peek(classic->source, HEADER_LEN);
	struct cursor c;
	uint16_t major, minor;
	bool le;

	if (dialect == NULL || header == NULL)
		return false;
	le = dialect->little_endian;
	c = cursor_over(header, HEADER_LEN);
	cursor_skip(&c, 4); /* the magic number */
	major = le ? cursor_u16le(&c) : cursor_u16(&c);
	minor = le ? cursor_u16le(&c) : cursor_u16(&c);
	cursor_skip(&c, 8); /* time zone and accuracy, which nobody sets */
	classic->snap_len = u32(le, &c);
	if (classic->snap_len == 0 || classic->snap_len > INT32_MAX)
		classic->snap_len = FRAME_LEN_MAX; /* libpcap takes it for no limit */
	classic->link_type = link_dlt_of(u32(le, &c) & LINK_TYPE_MASK);
	classic->little_endian = le;
	classic->unit_ns = dialect->unit_ns;
	classic->record_len = dialect->record_len;
	return major == VERSION_MAJOR && minor == VERSION_MINOR &&
	       !is_for_libpcap(classic->link_type, le);
}

bool classic_knows(struct source *source)
{
	return read_header(&(struct classic){ .source = source });
}

static void classic_close(void *own)
{
	free(own);
}

static void *classic_open(struct source *source, struct capture_input *input,
			  enum capture_added *why, char error[CAPTURE_ERROR_MAX])
{
	struct classic *classic = xcalloc(1, sizeof(*classic));

	classic->source = source;
	if (!read_header(classic)) {
		*why = capture_refuse(error, CAPTURE_FAILED, "is another kind of pcap");
		free(classic);
		return NULL;
	}
	source_take(source, HEADER_LEN);
	input_add_link_type(input, classic->link_type);
	return classic;
}

/* ---- records ---- */

static enum read_result damaged_at(struct damage *damage, uint64_t byte)
{
	damage->byte = byte;
	return READ_DAMAGED;
}

/* The end of the file, if it is one between records. */
static enum read_result cut_in_header(const struct classic *classic, struct damage *damage)
{
	size_t left = source_left(classic->source);

	if (left == 0)
		return READ_END;
	snprintf(damage->words, sizeof(damage->words),
		 "truncated dump file; tried to read %zu header bytes, only got %zu",
		 classic->record_len, left);
	return damaged_at(damage, source_given(classic->source));
}

static enum read_result cut_in_frame(const struct classic *classic, uint32_t len,
				     struct damage *damage)
{
	snprintf(damage->words, sizeof(damage->words),
		 "truncated dump file; tried to read %" PRIu32 " captured bytes, only got %zu", len,
		 source_left(classic->source) - classic->record_len);
	return damaged_at(damage, source_given(classic->source));
}

static enum read_result too_long(const struct classic *classic, uint32_t len, struct damage *damage)
{
	snprintf(damage->words, sizeof(damage->words),
		 "invalid packet capture length %" PRIu32 ", bigger than maximum of %d", len,
		 FRAME_LEN_MAX);
	return damaged_at(damage, source_byte(classic->source) + classic->record_len);
}

/* What a record says of its frame; of the frame's bytes only how many there are. */
static uint32_t read_head(const struct classic *classic, const uint8_t *record, struct frame *frame)
{
	struct cursor c = cursor_over(record, RECORD_LEN);
	bool le = classic->little_endian;
	uint32_t seconds = u32(le, &c); /* unsigned, to 2106; Wireshark reads it so, too */
	uint32_t units = u32(le, &c), len = u32(le, &c);

	frame->wire_len = u32(le, &c);
	frame->time_ns = stamp_ns(seconds, units * classic->unit_ns);
	/* A file may break its own promise of a longest frame; libpcap keeps it. */
	frame->len = len < classic->snap_len ? len : classic->snap_len;
	return len;
}

/* False, and the cursor is of no use any more: the record is not whole, or too long. */
static bool read_record(struct classic *classic, struct cursor *c, struct frame *frame)
{
	const uint8_t *record = cursor_bytes(c, classic->record_len);
	uint32_t len;

	if (record == NULL)
		return false;
	len = read_head(classic, record, frame);
	if (len > FRAME_LEN_MAX)
		return false;
	frame->bytes = cursor_bytes(c, len);
	if (frame->bytes == NULL)
		return false;
	frame->number = ++classic->frames;
	frame->interface = 0;
	frame->link_type = classic->link_type;
	return true;
}

static size_t classic_more(void *own, struct frame *frame, size_t room)
{
	struct classic *classic = own;
	struct cursor c = source_waiting(classic->source);
	const uint8_t *begin = c.at, *end = begin;
	size_t count = 0;

	while (count < room && read_record(classic, &c, &frame[count])) {
		count++;
		end = c.at;
	}
	source_take(classic->source, (size_t)(end - begin));
	return count;
}

static enum read_result classic_next(void *own, struct frame *frame, struct damage *damage)
{
	struct classic *classic = own;
	const uint8_t *record = source_peek(classic->source, classic->record_len);
	uint32_t len;

	if (record == NULL)
		return cut_in_header(classic, damage);
	len = read_head(classic, record, frame);
	if (len > FRAME_LEN_MAX)
		return too_long(classic, len, damage);
	if (source_peek(classic->source, classic->record_len + len) == NULL)
		return cut_in_frame(classic, len, damage);
	classic_more(own, frame, 1);
	return READ_OK;
}

static void classic_describe(const void *own, uint32_t interface, struct capture_interface *about)
{
	const struct classic *classic = own;

	(void)interface;
	about->snap_len = classic->snap_len;
}

const struct reader reader_classic = {
	"pcap", classic_open, classic_next, classic_more, classic_describe, classic_close,
};
