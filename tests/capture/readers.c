/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The readers of this room and libpcap's: two ways to read a file, the same frames. What is compared
 * are files as they come, and small ones with each of their bytes cut off or changed.
 */
#define _GNU_SOURCE /* nftw() */
#include <criterion/criterion.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "capture/inside.h"
#include "tests/capture/opened.h"

TestSuite(capture_readers, .timeout = 120);

#define BATCH 3

struct reading {
	struct source *source;
	struct capture_input input;
	const struct reader *reader;
	void *own; /* NULL: refused */
	enum read_result result;
	struct frame frame, batch[BATCH];
	size_t at, have; /* of the batch */
	struct damage damage;
};

/* A reader keeps the address of the input. */
static void begin(struct reading *r, const char *path, bool by_libpcap)
{
	char error[CAPTURE_ERROR_MAX] = "";
	enum capture_added why;

	*r = (struct reading){ .reader = &reader_libpcap };
	r->source = source_open(path, &why, error);
	if (r->source == NULL)
		return;
	if (!by_libpcap && source_magic(r->source) == PCAPNG_MAGIC)
		r->reader = &reader_pcapng;
	else if (!by_libpcap && classic_knows(r->source))
		r->reader = &reader_classic;
	r->own = r->reader->open(r->source, &r->input, &why, error);
}

/* As a file does: first what lies there. */
static void next(struct reading *r)
{
	if (r->at == r->have && r->reader->more != NULL) {
		r->at = 0;
		r->have = r->reader->more(r->own, r->batch, BATCH);
	}
	if (r->at == r->have)
		r->result = r->reader->next(r->own, &r->frame, &r->damage);
	else
		r->frame = r->batch[r->at++];
}

static void finish(struct reading *r)
{
	if (r->own != NULL)
		r->reader->close(r->own);
	if (r->source != NULL)
		source_close(r->source);
	for (size_t i = 0; i < r->input.link_types; i++)
		free((char *)r->input.link_names[i]);
}

/* libpcap takes both numbers for signed, but only if the file has the byte order of this machine. */
static bool is_same_time(int64_t a, int64_t b)
{
	const int64_t sign = INT64_C(1) << 32;

	return a == b || a - b == sign * NS_PER_S || a - b == sign * 1000 || a - b == sign;
}

static void expect_same_frame(const struct frame *a, const struct frame *b, const char *path)
{
	cr_expect(is_same_time(a->time_ns, b->time_ns),
		  "%s: time of frame %u: %" PRId64 ", libpcap: %" PRId64, path, a->number,
		  a->time_ns, b->time_ns);
	cr_expect_eq(a->link_type, b->link_type, "%s: link type of frame %u", path, a->number);
	cr_expect_eq(a->wire_len, b->wire_len, "%s: length of frame %u", path, a->number);
	cr_assert_eq(a->len, b->len, "%s: captured length of frame %u", path, a->number);
	cr_expect(memcmp(a->bytes, b->bytes, a->len) == 0, "%s: bytes of frame %u", path,
		  a->number);
}

static void expect_same_end(const struct reading *a, const struct reading *b, const char *path)
{
	cr_expect_eq(a->result, b->result, "%s: end", path);
	cr_expect_eq(a->frame.number, b->frame.number, "%s: frames", path);
	if (a->result == READ_DAMAGED && b->result == READ_DAMAGED)
		cr_expect_eq(a->damage.byte, b->damage.byte, "%s: %s; libpcap: %s", path,
			     a->damage.words, b->damage.words);
}

/* How many frames both have. Of pcapng, libpcap gives up earlier. */
static unsigned int compare(const char *path)
{
	unsigned int frames = 0;
	struct reading a, b;

	begin(&a, path, false);
	begin(&b, path, true);
	if (a.own == NULL || b.own == NULL || a.reader == &reader_libpcap) {
		finish(&a);
		finish(&b);
		return 0;
	}
	next(&a);
	next(&b);
	for (; a.result == READ_OK && b.result == READ_OK; frames++) {
		expect_same_frame(&a.frame, &b.frame, path);
		next(&a);
		next(&b);
	}
	if (a.reader == &reader_classic)
		expect_same_end(&a, &b, path);
	else
		cr_expect(a.result == READ_END || b.result == READ_DAMAGED, "%s: end", path);
	finish(&a);
	finish(&b);
	return frames;
}

/* ---- files as they come ---- */

/* nftw() hands over nothing of its caller's. */
static unsigned int files_alike, frames_alike;

static int visit(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	unsigned int frames = kind == FTW_F && st->st_size > 0 ? compare(path) : 0;

	(void)where;
	files_alike += frames > 0;
	frames_alike += frames;
	return 0;
}

Test(capture_readers, every_capture_at_hand_has_the_same_frames_for_both)
{
	static const char *const folders[] = { "samples/captures", "build/samples",
					       "../shared/captures" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (access(folders[i], R_OK) == 0)
			nftw(folders[i], visit, 8, FTW_PHYS);
	cr_expect_gt(files_alike, 5, "%u files", files_alike);
	cr_expect_gt(frames_alike, 300, "%u frames", frames_alike);
}

/* ---- files as they should not come ---- */

static void compare_bytes(struct bytes b)
{
	char path[TEMP_PATH_MAX];

	temp_file(path, bytes_copy(b.at, b.len));
	compare(path);
	unlink(path);
}

static const char *const headers[] = {
	PCAP_LE,
	PCAP_BE,
	PCAP_LE_NS,
	PCAP_BE_NS,
	/* the patched records; a longest frame of one byte; cooked captures of each order */
	"34cdb2a1 0200 0400 00000000 00000000 ffff0000 01000000",
	"a1b2cd34 0002 0004 00000000 00000000 0000ffff 00000001",
	"d4c3b2a1 0200 0400 00000000 00000000 01000000 01000000",
	"d4c3b2a1 0200 0400 00000000 00000000 00000000 71000000",
	"a1b2c3d4 0002 0004 00000000 00000000 0000ffff 00000071",
	/* a checksum of four bytes behind each frame of Ethernet */
	"d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000024",
	"d4c3b2a1 0200 0300 00000000 00000000 ffff0000 01000000",
};

#define HEADERS (sizeof(headers) / sizeof(headers[0]))

static struct bytes file_of(size_t row)
{
	bool big_endian = strncmp(headers[row], "a1", 2) == 0;
	struct bytes record = big_endian ? hex(RECORD_BE RECORD_BE) : hex(RECORD_LE RECORD_LE);

	return bytes_join(hex(headers[row]), record);
}

Test(capture_readers, a_header_with_any_byte_changed_means_the_same_to_both)
{
	for (size_t i = 0; i < HEADERS; i++) {
		struct bytes b = file_of(i);

		feed_every_cut(b, compare_bytes);
		bytes_free(b);
	}
	for (size_t i = 0; i < HEADERS; i += 3) {
		struct bytes b = file_of(i);

		feed_every_change(b, 44, compare_bytes);
		bytes_free(b);
	}
}

/* A frame that lies across two blocks of what is read at once, for each place in it. */
Test(capture_readers, a_frame_across_two_blocks_is_whole)
{
	enum { FRAME = 65000, FRAMES = 40 };
	static uint8_t frame[FRAME];
	struct bytes b = hex(PCAP_LE);
	char path[TEMP_PATH_MAX];

	for (int i = 0; i < FRAMES; i++) {
		const uint32_t len = (uint32_t)(FRAME - i * 997);
		const uint8_t record[16] = { (uint8_t)i,
					     0,
					     0,
					     0,
					     0,
					     0,
					     0,
					     0,
					     (uint8_t)len,
					     (uint8_t)(len >> 8),
					     0,
					     0,
					     (uint8_t)len,
					     (uint8_t)(len >> 8),
					     0,
					     0 };

		for (size_t at = 0; at < len; at++)
			frame[at] = (uint8_t)(at * 31 + (size_t)i);
		b = bytes_join(b, bytes_join(bytes_copy(record, 16), bytes_copy(frame, len)));
	}
	temp_file(path, b);
	cr_expect_eq(compare(path), FRAMES);
	unlink(path);
}

/* All of the second lies in memory, so that it is not its bytes that are missing. */
Test(capture_readers, a_frame_longer_than_any_may_be_is_damage_for_both)
{
	static uint8_t frame[FRAME_LEN_MAX + 1];
	struct bytes b =
		bytes_join(hex(PCAP_LE RECORD_LE), hex("0000000000000000 01000400 01000400"));
	char path[TEMP_PATH_MAX];

	temp_file(path, bytes_join(b, bytes_copy(frame, sizeof(frame))));
	cr_expect_eq(compare(path), 1);
	unlink(path);
}
