/* SPDX-License-Identifier: BSD-3-Clause */
/* capture/ahead.c alone, and by way of captures that are long enough for it. */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/clock.h"
#include "capture/ahead.h"
#include "capture/inside.h"
#include "tests/capture/opened.h"

/* ---- the ring ---- */

/* Gives the numbers of its bytes, a few at a time. */
struct tap {
	uint64_t at, len;
};

static uint8_t byte_at(uint64_t at)
{
	return (uint8_t)(at * 31 + at / AHEAD_BLOCK * 17); /* other bytes in each block */
}

static size_t pour(void *from, uint8_t *out, size_t size)
{
	struct tap *tap = from;
	size_t len = size < 10007 ? size : 10007, i;

	for (i = 0; i < len && tap->at < tap->len; i++)
		out[i] = byte_at(tap->at++);
	return i;
}

static void expect_all(uint64_t len)
{
	struct tap tap = { .len = len };
	struct ahead *ahead = ahead_new(pour, &tap);
	uint64_t at = 0, wrong = 0;
	size_t block_len;
	uint8_t *block;

	if (ahead == NULL)
		cr_skip_test("one processor");
	while ((block = ahead_next(ahead, &block_len)) != NULL) {
		memset(block - AHEAD_HEADROOM, 0xff, AHEAD_HEADROOM);
		for (size_t i = 0; i < block_len; i++)
			wrong += block[i] != byte_at(at++);
	}
	cr_expect_eq(at, len);
	cr_expect_eq(wrong, 0, "%llu wrong bytes", (unsigned long long)wrong);
	cr_expect_null(ahead_next(ahead, &block_len), "the end stays the end");
	ahead_free(ahead);
}

Test(capture_ahead, all_bytes_come_in_their_order, .timeout = 60)
{
	expect_all(0);
	expect_all(1);
	expect_all(AHEAD_BLOCK);
	expect_all(5 * AHEAD_BLOCK + 1);
	expect_all(40 * AHEAD_BLOCK - 1);
}

Test(capture_ahead, it_can_be_left_at_any_time, .timeout = 60)
{
	for (int taken = 0; taken < 6; taken++) {
		struct tap tap = { .len = UINT64_MAX };
		struct ahead *ahead = ahead_new(pour, &tap);
		size_t len;

		if (ahead == NULL)
			cr_skip_test("one processor");
		for (int i = 0; i < taken; i++)
			cr_expect_not_null(ahead_next(ahead, &len));
		ahead_free(ahead);
	}
}

Test(capture_ahead, the_block_before_stays_until_the_next_but_one, .timeout = 60)
{
	struct tap tap = { .len = 12 * AHEAD_BLOCK };
	struct ahead *ahead = ahead_new(pour, &tap);
	uint64_t at = 0, wrong = 0;
	uint8_t *block, *before;
	size_t len;

	if (ahead == NULL)
		cr_skip_test("one processor");
	before = ahead_next(ahead, &len);
	while ((block = ahead_next(ahead, &len)) != NULL) {
		usleep(20000); /* time to fill what must not be filled yet */
		for (size_t i = 0; i < AHEAD_BLOCK; i++)
			wrong += before[i] != byte_at(at++);
		before = block;
	}
	cr_expect_eq(at, 11 * AHEAD_BLOCK);
	cr_expect_eq(wrong, 0, "%llu wrong bytes", (unsigned long long)wrong);
	ahead_free(ahead);
}

/* ---- captures ---- */

#define FRAME_LEN 1514
#define FRAMES 6000 /* 9 MB: the thread begins in mid-frame */

/* Each frame's bytes and time are its number's. */
static void write_packed(const char *path)
{
	struct bytes header = hex(PCAP_LE);
	gzFile out = gzopen(path, "wb1");
	uint8_t record[16 + FRAME_LEN] = { 0 };

	cr_assert_not_null(out);
	cr_assert_gt(gzwrite(out, header.at, (unsigned int)header.len), 0);
	bytes_free(header);
	record[8] = record[12] = FRAME_LEN & 0xff;
	record[9] = record[13] = FRAME_LEN >> 8;
	for (unsigned int i = 0; i < FRAMES; i++) {
		record[0] = (uint8_t)i;
		record[1] = (uint8_t)(i >> 8);
		for (unsigned int k = 0; k < FRAME_LEN; k++)
			record[16 + k] = (uint8_t)(i * 7 + k * k);
		cr_assert_gt(gzwrite(out, record, sizeof(record)), 0);
	}
	cr_assert_eq(gzclose(out), Z_OK);
}

static struct capture *capture_of(const char *path)
{
	struct capture *capture = capture_new();
	char error[CAPTURE_ERROR_MAX] = "";

	cr_assert_eq(capture_add(capture, path, error), CAPTURE_ADDED, "%s", error);
	return capture;
}

/* How many frames came; each has to be what was written. */
static unsigned int read_frames(struct capture *capture)
{
	unsigned int count = 0, wrong = 0;
	struct frame f;

	for (; capture_next(capture, &f); count++) {
		wrong += f.time_ns != count * NS_PER_S || f.len != FRAME_LEN;
		for (uint32_t k = 0; k < f.len; k++)
			wrong += f.bytes[k] != (uint8_t)(count * 7 + k * k);
	}
	cr_expect_eq(wrong, 0, "%u", wrong);
	return count;
}

Test(capture_ahead, a_long_packed_capture_has_all_its_frames, .timeout = 60)
{
	char path[TEMP_PATH_MAX];
	struct capture *capture;

	temp_file(path, hex(""));
	write_packed(path);
	capture = capture_of(path);
	cr_expect_eq(read_frames(capture), FRAMES);
	cr_expect_null(capture_input(capture, 0)->damaged);
	capture_close(capture);
	unlink(path);
}

Test(capture_ahead, a_long_packed_capture_that_is_cut_says_so_after_its_last_frame, .timeout = 60)
{
	char path[TEMP_PATH_MAX];
	struct capture *capture;
	unsigned int frames;
	struct stat st;

	temp_file(path, hex(""));
	write_packed(path);
	cr_assert_eq(stat(path, &st), 0);
	cr_assert_eq(truncate(path, st.st_size - st.st_size / 8), 0);
	capture = capture_of(path);
	frames = read_frames(capture);
	cr_expect_gt(frames, FRAMES / 2, "%u", frames);
	cr_expect_lt(frames, FRAMES);
	cr_expect_not_null(capture_input(capture, 0)->damaged);
	cr_expect_not_null(strstr(capture_input(capture, 0)->damaged, "gzip data ends too early"),
			   "%s", capture_input(capture, 0)->damaged);
	capture_close(capture);
	unlink(path);
}

Test(capture_ahead, a_long_packed_capture_can_be_left_in_the_middle, .timeout = 60)
{
	char path[TEMP_PATH_MAX];
	struct capture *capture;
	struct frame f;

	temp_file(path, hex(""));
	write_packed(path);
	capture = capture_of(path);
	for (int i = 0; i < FRAMES / 2; i++)
		cr_assert(capture_next(capture, &f));
	capture_close(capture);
	unlink(path);
}
