/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "capture/capture.h"
#include "tests/support.h"

#define FILE_HEADER "d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000"
#define FRAMES_MAX 16

/* A file whose frames have these times in seconds and carry their tag as their one byte. */
static void write_frames(char path[TEMP_PATH_MAX], const char *seconds, uint8_t tag)
{
	struct bytes b = hex(FILE_HEADER);

	for (; *seconds != '\0'; seconds++) {
		struct bytes record = hex("00000000 00000000 01000000 01000000 00");

		put_u8(record, 0, (uint8_t)(*seconds - '0'));
		put_u8(record, 16, tag);
		b = bytes_join(b, record);
	}
	temp_file(path, b);
}

static void add(struct capture *capture, const char *path)
{
	char error[CAPTURE_ERROR_MAX] = "";

	cr_assert(capture_add(capture, path, error), "%s: %s", path, error);
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
	const char *what, *a, *b, *order;
};

static const struct merge merges[] = {
	{ "one after the other", "12", "34", "a1 a2 b3 b4 " },
	{ "the second first", "34", "12", "b1 b2 a3 a4 " },
	{ "in turns", "135", "246", "a1 b2 a3 b4 a5 b6 " },
	{ "same times, the first input first", "112", "12", "a1 a1 b1 a2 b2 " },
	{ "an input without frames", "", "12", "b1 b2 " },
	{ "a clock that steps back keeps its file's order", "514", "23", "b2 b3 a5 a1 a4 " },
};

Test(capture_capture, several_files_are_one_timeline)
{
	for (size_t i = 0; i < sizeof(merges) / sizeof(merges[0]); i++) {
		struct capture *capture = capture_new();
		char a[TEMP_PATH_MAX], b[TEMP_PATH_MAX], order[4 * FRAMES_MAX];

		write_frames(a, merges[i].a, 'a');
		write_frames(b, merges[i].b, 'b');
		add(capture, a);
		add(capture, b);
		unlink(a);
		unlink(b);
		order_of(capture, order);
		cr_expect_str_eq(order, merges[i].order, "%s: %s", merges[i].what, order);
		cr_expect_eq(capture_inputs(capture), 2);
		cr_expect_eq(capture_input(capture, 0)->packets, strlen(merges[i].a));
		cr_expect_eq(capture_input(capture, 1)->packets, strlen(merges[i].b));
		cr_expect_str_eq(capture_input(capture, 1)->path, b);
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

Test(capture_capture, a_damaged_input_does_not_end_the_others)
{
	struct capture *capture = capture_new();
	char a[TEMP_PATH_MAX], b[TEMP_PATH_MAX], order[4 * FRAMES_MAX];

	temp_file(a, hex(FILE_HEADER "01000000 00000000 ff000000 01000000 61"));
	write_frames(b, "12", 'b');
	add(capture, a);
	add(capture, b);
	unlink(a);
	unlink(b);
	order_of(capture, order);
	cr_expect_str_eq(order, "b1 b2 ");
	cr_expect_str_neq(capture_input(capture, 0)->damaged, "");
	cr_expect_str_eq(capture_input(capture, 1)->damaged, "");
	capture_close(capture);
}

Test(capture_capture, as_many_inputs_as_promised_can_be_open_and_no_more)
{
	struct capture *capture = capture_new();
	char path[TEMP_PATH_MAX], error[CAPTURE_ERROR_MAX] = "";
	struct frame f;
	size_t frames = 0;

	write_frames(path, "1", 'a');
	for (size_t i = 0; i < CAPTURE_INPUTS_MAX; i++)
		add(capture, path);
	cr_expect_not(capture_add(capture, path, error));
	cr_expect_not_null(strstr(error, "256"), "%s", error);
	unlink(path);
	while (capture_next(capture, &f))
		cr_expect_eq(f.input, frames++);
	cr_expect_eq(frames, CAPTURE_INPUTS_MAX);
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

/* ---- paths that are no files ---- */

static void expect_refusal(const char *path, const char *words)
{
	struct capture *capture = capture_new();
	char error[CAPTURE_ERROR_MAX] = "";

	cr_expect_not(capture_add(capture, path, error), "%s", path);
	cr_expect_not_null(strstr(error, words), "%s: %s", path, error);
	cr_expect_eq(capture_inputs(capture), 0);
	capture_close(capture);
}

Test(capture_capture, a_missing_file_is_refused_with_the_systems_words)
{
	char path[TEMP_PATH_MAX];

	temp_name(path);
	expect_refusal(path, "No such file or directory");
}

Test(capture_capture, a_directory_is_called_one)
{
	expect_refusal(".", "is a directory");
}

Test(capture_capture, a_device_is_refused)
{
	expect_refusal("/dev/zero", "is not a regular file");
}

Test(capture_capture, a_fifo_without_a_writer_is_refused_at_once, .timeout = 5)
{
	char path[TEMP_PATH_MAX];

	temp_name(path);
	cr_assert_eq(mkfifo(path, 0600), 0);
	expect_refusal(path, "is not a regular file");
	unlink(path);
}

Test(capture_capture, a_socket_is_refused)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char path[TEMP_PATH_MAX];
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	temp_name(path);
	cr_assert_lt(strlen(path), sizeof(address.sun_path));
	memcpy(address.sun_path, path, strlen(path) + 1);
	cr_assert_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	expect_refusal(path, "is not a regular file");
	close(fd);
	unlink(path);
}

/* ---- standard input ---- */

/* Puts the reading end of a pipe with these bytes in place of standard input. */
static void pipe_in(struct bytes b)
{
	int ends[2];

	cr_assert_eq(pipe(ends), 0);
	cr_assert_eq(write(ends[1], b.at, b.len), (ssize_t)b.len);
	close(ends[1]);
	cr_assert_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	close(ends[0]);
	bytes_free(b);
}

Test(capture_capture, a_dash_is_standard_input_and_may_be_a_pipe)
{
	struct capture *capture = capture_new();
	char order[4 * FRAMES_MAX];

	pipe_in(hex(FILE_HEADER "01000000 00000000 01000000 01000000 61"
				"02000000 00000000 01000000 01000000 61"));
	add(capture, "-");
	order_of(capture, order);
	cr_expect_str_eq(order, "a1 a2 ");
	cr_expect_str_eq(capture_input(capture, 0)->path, "-");
	cr_expect_str_eq(capture_input(capture, 0)->damaged, "");
	capture_close(capture);
}

Test(capture_capture, standard_input_is_read_once)
{
	struct capture *capture = capture_new();
	char error[CAPTURE_ERROR_MAX] = "";

	pipe_in(hex(FILE_HEADER));
	add(capture, "-");
	cr_expect_not(capture_add(capture, "-", error));
	cr_expect_not_null(strstr(error, "only once"), "%s", error);
	cr_expect_eq(capture_inputs(capture), 1);
	capture_close(capture);
}

Test(capture_capture, an_empty_pipe_and_a_compressed_one_are_refused_like_files)
{
	pipe_in(hex(""));
	expect_refusal("-", "is empty");
	pipe_in(hex("1f8b0800 00000000"));
	expect_refusal("-", "gzip");
}

Test(capture_capture, standard_input_may_be_a_file_but_no_directory)
{
	struct capture *capture = capture_new();
	char path[TEMP_PATH_MAX], order[4 * FRAMES_MAX];
	int fd;

	write_frames(path, "3", 'a');
	fd = open(path, O_RDONLY);
	unlink(path);
	cr_assert_eq(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	close(fd);
	add(capture, "-");
	order_of(capture, order);
	cr_expect_str_eq(order, "a3 ");
	capture_close(capture);

	fd = open(".", O_RDONLY);
	cr_assert_eq(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	close(fd);
	expect_refusal("-", "is a directory");
}
