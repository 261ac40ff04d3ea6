/* SPDX-License-Identifier: BSD-3-Clause */
/* capture/landlock.c: there are no files but those of the places. */
#define _GNU_SOURCE /* O_PATH */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/capture/confined.h"

/* By the kernel's own question (444, in all architectures): the room's is private. */
static void needs_landlock(int abi)
{
	needs_sandbox();
	if (syscall(444, NULL, 0, 1) < abi)
		cr_skip_test("this kernel's Landlock is older than ABI %d, or is not there", abi);
}

static int opening(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC) >= 0 ? 0 : errno;
}

static int opens_its_input(struct scene *s)
{
	return opening(s->input);
}

static int opens_what_lies_beside(struct scene *s)
{
	return opening(s->beside);
}

static int opens_a_file_of_the_system(struct scene *s)
{
	(void)s;
	return opening("/etc/passwd");
}

static int opens_its_own_memory(struct scene *s)
{
	(void)s;
	return opening("/proc/self/mem");
}

static int looks_for_a_file_that_is_not_there(struct scene *s)
{
	(void)s;
	return opening("/no/such/file");
}

static int names_its_report(struct scene *s)
{
	return rename(s->part, s->report) == 0 ? 0 : errno;
}

static int names_it_elsewhere(struct scene *s)
{
	return rename(s->part, s->beside) == 0 ? 0 : errno;
}

static int removes_its_input(struct scene *s)
{
	return unlink(s->input) == 0 ? 0 : errno;
}

static int reads_its_report(struct scene *s)
{
	return opening(s->part);
}

static int writes_what_is_there(struct scene *s)
{
	return open(s->part, O_WRONLY | O_TRUNC | O_CLOEXEC) >= 0 ? 0 : errno;
}

static int writes_what_lies_beside(struct scene *s)
{
	return open(s->beside, O_WRONLY | O_CLOEXEC) >= 0 ? 0 : errno;
}

static void expect(struct scene *s, int (*attempt)(struct scene *), int ending, const char *name)
{
	int got = confined(&s->wants, attempt, s);

	cr_expect_eq(got, ending, "who %s: %d, not %d", name, got, ending);
}

#define EXPECT(scene, attempt, ending) expect(scene, attempt, ending, #attempt)

Test(capture_landlock, a_reader_opens_its_input_and_nothing_else)
{
	struct scene s;

	needs_landlock(1);
	scene_make(&s);
	EXPECT(&s, opens_its_input, 0);
	EXPECT(&s, opens_what_lies_beside, EACCES);
	EXPECT(&s, opens_a_file_of_the_system, EACCES);
	EXPECT(&s, opens_its_own_memory, EACCES);
	EXPECT(&s, looks_for_a_file_that_is_not_there, ENOENT);
	scene_remove(&s);
}

Test(capture_landlock, a_report_gets_its_name_in_its_directory_and_nowhere_else)
{
	struct scene s;

	needs_landlock(1);
	scene_make(&s);
	EXPECT(&s, names_it_elsewhere, EACCES);
	EXPECT(&s, removes_its_input, EACCES);
	EXPECT(&s, reads_its_report, EACCES);
	EXPECT(&s, names_its_report, 0);
	scene_remove(&s);
}

Test(capture_landlock, what_is_written_lies_in_its_directory)
{
	struct scene s;

	needs_landlock(1);
	scene_make(&s);
	s.place[1].use = SANDBOX_WRITE;
	cr_assert(fchmod(s.part_fd, 0666) == 0); /* also for nobody, whom root becomes */
	EXPECT(&s, writes_what_is_there, 0);
	EXPECT(&s, writes_what_lies_beside, EACCES);
	EXPECT(&s, opens_a_file_of_the_system, EACCES);
	scene_remove(&s);
}

Test(capture_landlock, a_place_may_be_a_descriptor)
{
	struct scene s;

	needs_landlock(1);
	scene_make(&s);
	s.place[0] = (struct sandbox_place){ SANDBOX_READ, NULL, open(s.input, O_PATH) };
	s.place[1] = (struct sandbox_place){ SANDBOX_NAME, NULL, open(s.reports, O_RDONLY) };
	EXPECT(&s, opens_its_input, 0);
	EXPECT(&s, opens_what_lies_beside, EACCES);
	EXPECT(&s, names_its_report, 0);
	close(s.place[0].fd);
	close(s.place[1].fd);
	scene_remove(&s);
}

Test(capture_landlock, a_place_that_is_missing_is_no_error)
{
	struct scene s;

	needs_landlock(1);
	scene_make(&s);
	s.place[0].path = "/no/such/file";
	EXPECT(&s, looks_for_a_file_that_is_not_there, ENOENT);
	EXPECT(&s, opens_its_input, EACCES);
	EXPECT(&s, names_its_report, 0);
	scene_remove(&s);
}

/* ---- TCP ---- */

static int tcp_socket;
static struct sockaddr_in server;

/* Nobody listens at the discard port of this host; that it is so says the network, not Landlock. */
static int connects(struct scene *s)
{
	(void)s;
	return connect(tcp_socket, (struct sockaddr *)&server, sizeof(server)) == 0 ? 0 : errno;
}

Test(capture_landlock, tcp_is_connected_to_the_port_that_is_wanted_and_no_other)
{
	struct scene s;

	needs_landlock(4);
	scene_make(&s);
	tcp_socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	cr_assert(tcp_socket >= 0);
	server = (struct sockaddr_in){ .sin_family = AF_INET,
				       .sin_port = htons(9),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	s.wants = (struct sandbox_wants){ .place = s.place, .places = 2, .sends = true };
	EXPECT(&s, connects, EACCES);
	s.wants.tcp_port = 10;
	EXPECT(&s, connects, EACCES);
	s.wants.tcp_port = 9;
	EXPECT(&s, connects, ECONNREFUSED);
	s.wants.sends = false;
	EXPECT(&s, connects, -SIGSYS);
	close(tcp_socket);
	scene_remove(&s);
}

static int reads_the_pipe(struct scene *s)
{
	char path[32], byte;
	int fd;

	snprintf(path, sizeof(path), "/dev/fd/%d", s->part_fd);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return fd >= 0 && read(fd, &byte, 1) == 1 ? 0 : errno;
}

/* What a shell makes of <(zcat x.gz): it is in no directory. */
Test(capture_landlock, a_pipe_that_a_shell_names_can_be_opened)
{
	char path[32];
	struct scene s;
	int ends[2];

	needs_landlock(1);
	scene_make(&s);
	cr_assert(pipe(ends) == 0 && write(ends[1], "x", 1) == 1);
	close(s.part_fd);
	s.part_fd = ends[0];
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	s.place[0].path = path;
	EXPECT(&s, reads_the_pipe, 0);
	close(ends[1]);
	scene_remove(&s);
}
