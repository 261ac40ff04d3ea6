/* SPDX-License-Identifier: BSD-3-Clause */
/* capture/inherited.c: each test is a child, whose descriptors are its own. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture/sandbox.h"

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) != -1;
}

/* How many of what the child expected was not so. */
static int wrong_in_child(int (*child_of)(void))
{
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(child_of());
	cr_assert(waitpid(child, &status, 0) == child && WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void open_as(int fd)
{
	int null = open("/dev/null", O_RDWR);

	if (dup2(null, fd) != fd)
		_exit(100);
	if (null != fd)
		close(null);
}

static int closes_all_but_what_is_named(void)
{
	static const char *const named[] = { "a.pcap", "/dev/fd/63", "/proc/self/fd/40",
					     "-",      "/dev/fd/7x", "/dev/fd/" };
	static const int fds[] = { 3, 7, 40, 41, 62, 63, 64, 200 };
	int wrong = 0;

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		open_as(fds[i]);
	sandbox_tidy(named, sizeof(named) / sizeof(named[0]));
	for (int fd = 3; fd <= 200; fd++)
		wrong += is_open(fd) != (fd == 40 || fd == 63);
	return wrong;
}

Test(capture_inherited, all_descriptors_are_closed_but_the_streams_and_what_is_named)
{
	cr_expect_eq(wrong_in_child(closes_all_but_what_is_named), 0);
}

static int closes_all(void)
{
	int wrong = 0;

	open_as(3);
	open_as(5);
	sandbox_tidy(NULL, 0);
	for (int fd = 0; fd <= 5; fd++)
		wrong += is_open(fd) != (fd <= 2);
	return wrong;
}

Test(capture_inherited, without_a_name_only_the_streams_stay)
{
	cr_expect_eq(wrong_in_child(closes_all), 0);
}

static int opens_what_was_closed(void)
{
	char byte = 'x';
	int wrong = 0;

	close(0);
	close(1);
	close(2);
	sandbox_tidy(NULL, 0);
	wrong += !is_open(0) || !is_open(1) || !is_open(2);
	wrong += !(read(0, &byte, 1) == -1 && errno == EBADF);
	wrong += !(write(1, &byte, 1) == -1 && errno == EBADF);
	wrong += !(write(2, &byte, 1) == -1 && errno == EBADF);
	wrong += open("/dev/null", O_RDONLY) <= 2;
	return wrong;
}

Test(capture_inherited, a_stream_that_was_closed_is_taken_and_still_fails)
{
	cr_expect_eq(wrong_in_child(opens_what_was_closed), 0);
}
