/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/capture/opened.h"

#define FRAMES_MAX 16

/* A frame at this second, with its tag as its one byte. */
static struct bytes record(uint32_t second, uint8_t tag)
{
	struct bytes b = hex("00000000 00000000 01000000 01000000 00");

	put_u8(b, 0, (uint8_t)second);
	put_u8(b, 1, (uint8_t)(second >> 8));
	put_u8(b, 16, tag);
	return b;
}

/* A file whose frames have these times in seconds. */
static void write_frames(char path[TEMP_PATH_MAX], const char *seconds, uint8_t tag)
{
	struct bytes b = hex(PCAP_LE);

	for (; *seconds != '\0'; seconds++)
		b = bytes_join(b, record((uint32_t)(*seconds - '0'), tag));
	temp_file(path, b);
}

static void add(struct capture *capture, const char *path)
{
	char error[CAPTURE_ERROR_MAX] = "";

	cr_assert_eq(capture_add(capture, path, error), CAPTURE_ADDED, "%s: %s", path, error);
}

/* The order in which frames come, as tag and second: "a1 b2 ". */
static void order_of(struct capture *capture, char order[4 * FRAMES_MAX])
{
	struct frame f;
	size_t len = 0;

	while (capture_next(capture, &f)) {
		cr_assert_lt(len, 4 * FRAMES_MAX - 4);
		cr_expect_eq(f.bytes[0], 'a' + f.input);
		len += (size_t)sprintf(order + len, "%c%d ", f.bytes[0],
				       (int)(f.time_ns / 1000000000));
	}
	order[len] = '\0';
}

struct merge {
	const char *what, *file[3], *order;
};

static const struct merge merges[] = {
	{ "one after the other", { "12", "34", "5" }, "a1 a2 b3 b4 c5 " },
	{ "the last first", { "56", "34", "12" }, "c1 c2 b3 b4 a5 a6 " },
	{ "in turns", { "147", "258", "369" }, "a1 b2 c3 a4 b5 c6 a7 b8 c9 " },
	{ "one within another", { "19", "28", "345" }, "a1 b2 c3 c4 c5 b8 a9 " },
	{ "same times, the first input first", { "112", "12", "1" }, "a1 a1 b1 c1 a2 b2 " },
	{ "an input without frames", { "", "12", "" }, "b1 b2 " },
	{ "a clock that steps back keeps its file's order",
	  { "514", "23", "9" },
	  "b2 b3 a5 a1 a4 c9 " },
};

Test(capture_capture, several_files_are_one_timeline)
{
	for (size_t i = 0; i < sizeof(merges) / sizeof(merges[0]); i++) {
		struct capture *capture = capture_new();
		char path[3][TEMP_PATH_MAX], order[4 * FRAMES_MAX];

		for (size_t k = 0; k < 3; k++) {
			write_frames(path[k], merges[i].file[k], (uint8_t)('a' + k));
			add(capture, path[k]);
			unlink(path[k]);
		}
		order_of(capture, order);
		cr_expect_str_eq(order, merges[i].order, "%s: %s", merges[i].what, order);
		cr_expect_eq(capture_inputs(capture), 3);
		for (size_t k = 0; k < 3; k++) {
			cr_expect_eq(capture_input(capture, k)->packets, strlen(merges[i].file[k]));
			cr_expect_str_eq(capture_input(capture, k)->path, path[k]);
		}
		capture_close(capture);
	}
}

Test(capture_capture, frames_are_numbered_in_their_own_file)
{
	struct capture *capture = capture_new();
	char a[TEMP_PATH_MAX], b[TEMP_PATH_MAX];
	uint32_t numbers[2] = { 0, 0 };
	struct frame f;

	write_frames(a, "135", 'a');
	write_frames(b, "246", 'b');
	add(capture, a);
	add(capture, b);
	unlink(a);
	unlink(b);
	while (capture_next(capture, &f))
		cr_expect_eq(f.number, ++numbers[f.input]);
	cr_expect_eq(capture_input(capture, 0)->first_ns, INT64_C(1000000000));
	cr_expect_eq(capture_input(capture, 0)->last_ns, INT64_C(5000000000));
	cr_expect_eq(capture_input(capture, 0)->bytes, 3);
	cr_expect_eq(numbers[0], 3);
	cr_expect_eq(numbers[1], 3);
	capture_close(capture);
}

Test(capture_capture, what_was_not_handed_out_is_not_counted)
{
	struct capture *capture = capture_new();
	char a[TEMP_PATH_MAX], b[TEMP_PATH_MAX];
	struct frame f;

	write_frames(a, "135", 'a');
	write_frames(b, "246", 'b');
	add(capture, a);
	add(capture, b);
	unlink(a);
	unlink(b);
	cr_assert(capture_next(capture, &f));
	cr_expect_eq(capture_input(capture, 0)->packets, 1);
	cr_expect_eq(capture_input(capture, 1)->packets, 0);
	capture_close(capture);
}

Test(capture_capture, a_damaged_input_does_not_end_the_others)
{
	struct capture *capture = capture_new();
	char a[TEMP_PATH_MAX], b[TEMP_PATH_MAX], order[4 * FRAMES_MAX];

	temp_file(a, hex(PCAP_LE "01000000 00000000 ff000000 01000000 61"));
	write_frames(b, "12", 'b');
	add(capture, a);
	add(capture, b);
	unlink(a);
	unlink(b);
	order_of(capture, order);
	cr_expect_str_eq(order, "b1 b2 ");
	cr_expect_not_null(capture_input(capture, 0)->damaged);
	cr_expect_null(capture_input(capture, 1)->damaged);
	capture_close(capture);
}

Test(capture_capture, no_inputs_are_no_frames)
{
	struct capture *capture = capture_new();
	struct frame f;

	cr_expect_not(capture_next(capture, &f));
	cr_expect_eq(capture_inputs(capture), 0);
	capture_close(capture);
}

/* ---- many files ---- */

#define MANY 700

static char many[MANY][TEMP_PATH_MAX];

static size_t descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	size_t count = 0;

	cr_assert_not_null(folder);
	while (readdir(folder) != NULL)
		count++;
	closedir(folder);
	return count;
}

/* Like tcpdump -G: file i has the seconds 10 i to 10 i + 9. Added in an order of their own. */
Test(capture_capture, rotated_files_are_read_in_time_order_with_few_descriptors, .timeout = 60)
{
	struct capture *capture = capture_new();
	size_t before = descriptors(), frames = 0, most = 0;
	struct frame f;

	for (uint32_t i = 0; i < MANY; i++) {
		struct bytes b = hex(PCAP_LE);

		for (uint32_t k = 0; k < 10; k++)
			b = bytes_join(b, record(10 * i + k, (uint8_t)k));
		temp_file(many[i], b);
	}
	for (uint32_t i = 0; i < MANY; i++)
		add(capture, many[i * 37 % MANY]);
	while (capture_next(capture, &f)) {
		size_t open = descriptors() - before;

		most = open > most ? open : most;
		cr_assert_eq(f.time_ns, (int64_t)frames * 1000000000, "frame %zu", frames);
		cr_assert_eq(f.number, frames % 10 + 1);
		cr_assert_eq(f.bytes[0], frames % 10);
		frames++;
	}
	cr_expect_eq(frames, 10 * MANY);
	cr_expect_leq(most, 20, "%zu", most);
	for (uint32_t i = 0; i < MANY; i++) {
		cr_expect_eq(capture_input(capture, i)->packets, 10);
		cr_expect_null(capture_input(capture, i)->damaged);
		unlink(many[i]);
	}
	capture_close(capture);
}

/* Each lasts from its own second to the 1,000th. */
static size_t read_overlapping(size_t files, size_t *damaged)
{
	struct capture *capture = capture_new();
	size_t frames = 0;
	struct frame f;
	int64_t last_ns = 0;

	for (uint32_t i = 0; i < files; i++) {
		temp_file(many[i],
			  bytes_join(bytes_join(hex(PCAP_LE), record(i, 0)), record(1000, 0)));
		add(capture, many[i]);
	}
	while (capture_next(capture, &f)) {
		cr_assert_geq(f.time_ns, last_ns);
		last_ns = f.time_ns;
		frames++;
	}
	*damaged = 0;
	for (uint32_t i = 0; i < files; i++) {
		const char *why = capture_input(capture, i)->damaged;

		unlink(many[i]);
		if (why == NULL)
			continue;
		cr_expect_not_null(strstr(why, "overlap in time"), "%s", why);
		cr_expect_eq(capture_input(capture, i)->packets, 0);
		++*damaged;
	}
	capture_close(capture);
	return frames;
}

Test(capture_capture, as_many_files_as_promised_may_overlap_and_more_are_told, .timeout = 60)
{
	size_t damaged;

	cr_expect_eq(read_overlapping(CAPTURE_OPEN_MAX, &damaged), 2 * CAPTURE_OPEN_MAX);
	cr_expect_eq(damaged, 0);
	cr_expect_eq(read_overlapping(CAPTURE_OPEN_MAX + 44, &damaged), 2 * CAPTURE_OPEN_MAX);
	cr_expect_eq(damaged, 44);
}

/* tcpdump -W writes in a ring: the file that comes next may have become the newest. */
Test(capture_capture, a_file_that_was_written_anew_meanwhile_keeps_the_order)
{
	enum { FILES = 40 };
	struct capture *capture = capture_new();
	struct bytes anew = bytes_join(hex(PCAP_LE), record(900, 1));
	int64_t last_ns = 0;
	size_t frames = 0;
	struct frame f;
	FILE *file;

	for (uint32_t i = 0; i < FILES; i++) {
		temp_file(many[i], bytes_join(hex(PCAP_LE), record(10 * i, 0)));
		add(capture, many[i]);
	}
	file = fopen(many[30], "w");
	cr_assert_not_null(file);
	cr_assert_eq(fwrite(anew.at, 1, anew.len, file), anew.len);
	fclose(file);
	while (capture_next(capture, &f)) {
		cr_expect_geq(f.time_ns, last_ns);
		last_ns = f.time_ns;
		frames++;
	}
	cr_expect_eq(frames, FILES);
	cr_expect_eq(last_ns, INT64_C(900000000000));
	for (uint32_t i = 0; i < FILES; i++)
		unlink(many[i]);
	bytes_free(anew);
	capture_close(capture);
}
