/* SPDX-License-Identifier: BSD-3-Clause */
/* capture/descriptor.c by way of the room's door: what an input may be, and who is waited for. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "tests/capture/opened.h"

static void expect_refusal(const char *path, const char *words)
{
	struct capture *capture = capture_new();
	char error[CAPTURE_ERROR_MAX] = "";

	cr_expect_eq(capture_add(capture, path, error), CAPTURE_FAILED, "%s", path);
	cr_expect_not_null(strstr(error, words), "%s: %s", path, error);
	cr_expect_eq(capture_inputs(capture), 0);
	capture_close(capture);
}

static struct capture *added(const char *path)
{
	struct capture *capture = capture_new();
	char error[CAPTURE_ERROR_MAX] = "";

	cr_assert_eq(capture_add(capture, path, error), CAPTURE_ADDED, "%s: %s", path, error);
	return capture;
}

Test(capture_descriptor, a_missing_file_is_refused_with_the_systems_words)
{
	char path[TEMP_PATH_MAX];

	temp_name(path);
	expect_refusal(path, "No such file or directory");
}

Test(capture_descriptor, what_is_no_file_and_no_pipe_is_refused)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char path[TEMP_PATH_MAX];
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	expect_refusal("/dev/zero", "is not a regular file");
	expect_refusal(".", "is a directory");
	temp_name(path);
	cr_assert_lt(strlen(path), sizeof(address.sun_path));
	memcpy(address.sun_path, path, strlen(path) + 1);
	cr_assert_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	expect_refusal(path, "is not a regular file");
	close(fd);
	unlink(path);
}

/* ---- named pipes ---- */

static void pause_ms(long ms)
{
	struct timespec span = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&span, NULL);
}

/* A child that opens the FIFO after a while, writes after another, and stays a third. */
static void write_later(const char *path, long open_ms, long write_ms, long stay_ms)
{
	struct bytes b;
	int fd;

	if (fork() != 0)
		return;
	b = hex(PCAP_LE RECORD_LE RECORD_LE);
	pause_ms(open_ms);
	fd = open(path, O_WRONLY);
	pause_ms(write_ms);
	if (write(fd, b.at, b.len) < 0)
		_exit(1);
	pause_ms(stay_ms);
	_exit(0);
}

Test(capture_descriptor, a_fifo_that_nobody_writes_to_is_refused_after_a_second, .timeout = 20)
{
	char path[TEMP_PATH_MAX];
	time_t start = time(NULL);

	temp_name(path);
	cr_assert_eq(mkfifo(path, 0600), 0);
	expect_refusal(path, "is a pipe that nobody writes to");
	cr_expect_leq(time(NULL) - start, 3);
	unlink(path);
}

Test(capture_descriptor, a_fifo_is_read_to_its_end_however_slow_its_writer_is, .timeout = 20)
{
	static const long ms[][2] = { { 0, 0 }, { 300, 1200 } };

	for (size_t i = 0; i < sizeof(ms) / sizeof(ms[0]); i++) {
		char path[TEMP_PATH_MAX];
		struct capture *capture;

		temp_name(path);
		cr_assert_eq(mkfifo(path, 0600), 0);
		write_later(path, ms[i][0], ms[i][1], 100);
		capture = added(path);
		cr_expect_eq(count_frames(capture), 2, "%zu", i);
		cr_expect_null(capture_input(capture, 0)->damaged);
		capture_close(capture);
		unlink(path);
	}
}

/* As the shell's <(...), which leaves a pipe with a number and a path. */
Test(capture_descriptor, a_pipe_is_read_by_its_path_but_only_once, .timeout = 20)
{
	struct bytes b = hex(PCAP_LE RECORD_LE);
	char path[64], error[CAPTURE_ERROR_MAX] = "";
	struct capture *capture;
	int ends[2];

	cr_assert_eq(pipe(ends), 0);
	cr_assert_eq(write(ends[1], b.at, b.len), (ssize_t)b.len);
	close(ends[1]);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	capture = added(path);
	cr_expect_eq(capture_add(capture, path, error), CAPTURE_FAILED);
	cr_expect_not_null(strstr(error, "only once"), "%s", error);
	cr_expect_eq(count_frames(capture), 1);
	capture_close(capture);
	close(ends[0]);
	bytes_free(b);
}

static void on_alarm(int number)
{
	(void)number;
}

/* Ctrl-C at a pipe whose writer does not hear it: what came until then is reported. */
Test(capture_descriptor, a_signal_ends_a_fifo_that_has_no_end, .timeout = 20)
{
	struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_RESTART };
	char path[TEMP_PATH_MAX];
	struct capture *capture;

	temp_name(path);
	cr_assert_eq(mkfifo(path, 0600), 0);
	write_later(path, 0, 0, 15000);
	sigaction(SIGALRM, &action, NULL);
	alarm(1);
	capture = added(path);
	cr_expect_eq(count_frames(capture), 2);
	cr_expect_not_null(strstr(capture_input(capture, 0)->damaged, "reading was interrupted"));
	capture_close(capture);
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

Test(capture_descriptor, a_dash_is_standard_input_and_may_be_a_pipe)
{
	struct capture *capture;

	pipe_in(hex(PCAP_LE RECORD_LE RECORD_LE));
	capture = added("-");
	cr_expect_eq(count_frames(capture), 2);
	cr_expect_str_eq(capture_input(capture, 0)->path, "-");
	cr_expect_null(capture_input(capture, 0)->damaged);
	capture_close(capture);
}

Test(capture_descriptor, standard_input_is_read_once_whatever_it_is_called)
{
	struct capture *capture;
	char error[CAPTURE_ERROR_MAX] = "";

	pipe_in(hex(PCAP_LE));
	capture = added("-");
	cr_expect_eq(capture_add(capture, "-", error), CAPTURE_FAILED);
	cr_expect_not_null(strstr(error, "only once"), "%s", error);
	cr_expect_eq(capture_add(capture, "/dev/stdin", error), CAPTURE_FAILED);
	cr_expect_not_null(strstr(error, "only once"), "%s", error);
	cr_expect_eq(capture_inputs(capture), 1);
	capture_close(capture);
}

Test(capture_descriptor, an_empty_pipe_is_called_empty)
{
	struct capture *capture = capture_new();
	char error[CAPTURE_ERROR_MAX] = "";

	pipe_in(hex(""));
	cr_expect_eq(capture_add(capture, "-", error), CAPTURE_UNKNOWN);
	cr_expect_str_eq(error, "is empty");
	capture_close(capture);
}

Test(capture_descriptor, standard_input_may_be_a_file_but_no_directory)
{
	struct capture *capture;
	char path[TEMP_PATH_MAX], error[CAPTURE_ERROR_MAX] = "";
	int fd;

	/* From where it stands, which need not be its beginning. */
	temp_file(path, hex("00000000" PCAP_LE RECORD_LE));
	fd = open(path, O_RDONLY);
	unlink(path);
	cr_assert_eq(lseek(fd, 4, SEEK_SET), 4);
	cr_assert_eq(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	close(fd);
	capture = added("-");
	cr_expect_eq(capture_add(capture, "-", error), CAPTURE_FAILED);
	cr_expect_not_null(strstr(error, "only once"), "%s", error);
	cr_expect_eq(count_frames(capture), 1);
	capture_close(capture);

	fd = open(".", O_RDONLY);
	cr_assert_eq(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	close(fd);
	expect_refusal("-", "is a directory");
}
