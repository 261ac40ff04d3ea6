/* SPDX-License-Identifier: BSD-3-Clause */
/* How far reading is: capture_course(). */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/capture/opened.h"

#define RECORD "00000000 00000000 01000000 01000000 61"

static void add(struct capture *capture, const char *path)
{
	char error[CAPTURE_ERROR_MAX] = "";

	cr_assert_eq(capture_add(capture, path, error), CAPTURE_ADDED, "%s: %s", path, error);
}

static uint64_t write_file(char path[TEMP_PATH_MAX], int frames)
{
	struct bytes b = hex(PCAP_LE);
	struct stat st;

	for (int i = 0; i < frames; i++)
		b = bytes_join(b, hex(RECORD));
	temp_file(path, b);
	cr_assert_eq(stat(path, &st), 0);
	return (uint64_t)st.st_size;
}

Test(capture_course, it_goes_from_the_first_file_to_the_end_of_all)
{
	char path[2][TEMP_PATH_MAX];
	uint64_t size = write_file(path[0], 3) + write_file(path[1], 2);
	struct capture *capture = capture_new();
	struct capture_course course;
	struct frame frame;
	uint64_t before = 0;

	add(capture, path[0]);
	add(capture, path[1]);
	while (capture_next(capture, &frame)) {
		course = capture_course(capture);
		cr_expect_eq(course.total, size);
		cr_expect_geq(course.read, before);
		cr_expect_leq(course.read, size);
		before = course.read;
	}
	course = capture_course(capture);
	cr_expect_eq(course.read, size);
	cr_expect_eq(course.total, size);
	capture_close(capture);
	unlink(path[0]);
	unlink(path[1]);
}

Test(capture_course, a_pipe_among_them_makes_the_total_unknown)
{
	char path[TEMP_PATH_MAX], pipe[TEMP_PATH_MAX + 8], bytes[256];
	struct capture *capture = capture_new();
	uint64_t size = write_file(path, 2);
	int in = open(path, O_RDONLY), out;

	snprintf(pipe, sizeof(pipe), "%s.fifo", path);
	cr_assert_eq(mkfifo(pipe, 0600), 0);
	out = open(pipe, O_RDWR);
	cr_assert_eq(read(in, bytes, sizeof(bytes)), (ssize_t)size);
	cr_assert_eq(write(out, bytes, size), (ssize_t)size);
	add(capture, path);
	add(capture, pipe);
	cr_expect_eq(capture_course(capture).total, 0);
	capture_close(capture);
	close(in);
	close(out);
	unlink(path);
	unlink(pipe);
}
