/* SPDX-License-Identifier: BSD-3-Clause */
/* capture/seccomp.c: what reading, and live capture, do goes on. */
#define _GNU_SOURCE /* memfd_create(), F_ADD_SEALS */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tests/capture/confined.h"

#define DONE(worked) ((worked) ? 0 : errno)

static int reads_its_input(struct scene *s)
{
	char text[16] = "";
	int fd = open(s->input, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	return DONE(fd >= 0 && read(fd, text, sizeof(text)) == 6 && close(fd) == 0 &&
		    strcmp(text, "frames") == 0);
}

static int names_its_report(struct scene *s)
{
	return DONE(write(s->part_fd, "<html>", 6) == 6 && fsync(s->part_fd) == 0 &&
		    rename(s->part, s->report) == 0);
}

static int gives_its_report_up(struct scene *s)
{
	return DONE(ftruncate(s->part_fd, 0) == 0 && unlink(s->part) == 0);
}

/* From malloc()'s heap, by mmap(), and moved by realloc(). */
static int uses_memory(struct scene *s)
{
	char *little = malloc(1000), *much = malloc(64 << 20);

	(void)s;
	if (little == NULL || much == NULL)
		return ENOMEM;
	much = realloc(much, 128 << 20);
	for (size_t i = 0; much != NULL && i < 128 << 20; i += 4096)
		much[i] = 1;
	free(little);
	free(much);
	return much != NULL ? 0 : ENOMEM;
}

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* Of a big array it asks how much memory there is. */
static int sorts(struct scene *s)
{
	enum { COUNT = 1 << 20 };
	int *number = calloc(COUNT, sizeof(*number));

	(void)s;
	for (int i = 0; i < COUNT; i++)
		number[i] = COUNT - i;
	qsort(number, COUNT, sizeof(*number), compare);
	return number[0] == 1 ? 0 : ERANGE;
}

static int knows_the_time(struct scene *s)
{
	struct timespec now;

	(void)s;
	return DONE(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now) == 0 && time(NULL) > 0);
}

static int waits_for_a_pipe(struct scene *s)
{
	struct pollfd wait = { .fd = STDIN_FILENO, .events = POLLIN };

	(void)s;
	return DONE(poll(&wait, 1, 1) >= 0);
}

static int asks_whether_it_is_seen(struct scene *s)
{
	struct winsize size;

	(void)s;
	(void)isatty(STDERR_FILENO); /* whatever it is here */
	(void)ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	return 0;
}

static int draws_lots(struct scene *s)
{
	char bytes[16];

	(void)s;
	return DONE(getrandom(bytes, sizeof(bytes), 0) == sizeof(bytes));
}

static const struct {
	const char *name;
	int (*attempt)(struct scene *);
} usual[] = {
	{ "reads its input", reads_its_input },
	{ "names its report", names_its_report },
	{ "gives its report up", gives_its_report_up },
	{ "uses memory", uses_memory },
	{ "sorts", sorts },
	{ "knows the time", knows_the_time },
	{ "waits for a pipe", waits_for_a_pipe },
	{ "asks whether it is seen", asks_whether_it_is_seen },
	{ "draws lots", draws_lots },
};

ParameterizedTestParameters(capture_seccomp_left, what_reading_does_goes_on)
{
	static size_t row[sizeof(usual) / sizeof(usual[0])];

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		row[i] = i;
	return cr_make_param_array(size_t, row, sizeof(row) / sizeof(row[0]));
}

ParameterizedTest(const size_t *i, capture_seccomp_left, what_reading_does_goes_on)
{
	struct scene s;
	int ending;

	needs_sandbox();
	scene_make(&s);
	ending = confined(&s.wants, usual[*i].attempt, &s);
	cr_expect_eq(ending, 0, "who %s: %d", usual[*i].name, ending);
	scene_remove(&s);
}

/* ---- threads ---- */

static void *use_memory(void *arg)
{
	char *much = malloc(
		4 << 20); /* a heap of its own, which malloc() makes writable by mprotect() */

	memset(much, 1, 4 << 20);
	free(much);
	return arg;
}

static int starts_threads(struct scene *s)
{
	pthread_t thread;
	int error = 0;

	for (int i = 0; error == 0 && i < 20; i++) {
		error = pthread_create(&thread, NULL, use_memory, s);
		if (error == 0)
			error = pthread_join(thread, NULL);
	}
	return error;
}

Test(capture_seccomp_left, a_thread_that_is_wanted_starts)
{
	struct scene s;

	needs_sandbox();
	scene_make(&s);
	s.wants.threads = true;
	cr_expect_eq(confined(&s.wants, starts_threads, &s), 0);
	scene_remove(&s);
}

/* ---- our own mistakes ---- */

static int aborts(struct scene *s)
{
	(void)s;
	abort();
}

Test(capture_seccomp_left, an_assertion_that_fails_is_an_abort_and_not_a_breach)
{
	struct scene s;

	needs_sandbox();
	scene_make(&s);
	cr_expect_eq(confined(&s.wants, aborts, &s), -SIGABRT);
	scene_remove(&s);
}

/* ---- live ---- */

static int socket_pair[2];

/* As of a ring's socket and rtnetlink's, with what this user may open. */
static int receives(struct scene *s)
{
	char byte[4];
	struct iovec part = { byte, sizeof(byte) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	struct ifreq ask = { .ifr_name = "lo" };
	int error, on = 1;
	socklen_t len = sizeof(error);

	(void)s;
	return DONE(write(socket_pair[1], "abcd", 4) == 4 &&
		    recv(socket_pair[0], byte, 2, 0) == 2 &&
		    recvmsg(socket_pair[0], &message, MSG_DONTWAIT) == 2 &&
		    getsockopt(socket_pair[0], SOL_SOCKET, SO_ERROR, &error, &len) == 0 &&
		    setsockopt(socket_pair[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) == 0 &&
		    (ioctl(socket_pair[0], SIOCGIFFLAGS, &ask) == 0 || errno == ENOTTY));
}

static int sends(struct scene *s)
{
	char entry[] = "entry";
	struct iovec part = { entry, 5 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	int sealed = memfd_create("entry", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	(void)s;
	return DONE(send(socket_pair[0], "entry", 5, MSG_DONTWAIT | MSG_NOSIGNAL) == 5 &&
		    sendmsg(socket_pair[0], &message, MSG_DONTWAIT) == 5 &&
		    write(sealed, "entry", 5) == 5 &&
		    fcntl(sealed, F_ADD_SEALS, F_SEAL_WRITE) == 0);
}

static struct scene live_scene(void)
{
	struct scene s;

	needs_sandbox();
	scene_make(&s);
	cr_assert(socketpair(AF_UNIX, SOCK_STREAM, 0, socket_pair) == 0);
	return s;
}

Test(capture_seccomp_left, live_sockets_that_are_open_are_received_from)
{
	struct scene s = live_scene();

	s.wants.place = s.place;
	s.wants.live = true;
	cr_expect_eq(confined(&s.wants, receives, &s), 0);
	cr_expect_eq(confined(&s.wants, sends, &s), -SIGSYS, "sending was not wanted");
	scene_remove(&s);
}

Test(capture_seccomp_left, a_journal_that_is_open_is_sent_to)
{
	struct scene s = live_scene();

	s.wants.place = s.place;
	s.wants.sends = true;
	cr_expect_eq(confined(&s.wants, sends, &s), 0);
	cr_expect_eq(confined(&s.wants, receives, &s), -SIGSYS, "receiving was not wanted");
	scene_remove(&s);
}

/* By descriptors of directories, as evidence is written. */
static int writes_in_its_folder(struct scene *s)
{
	int folder = open(s->reports, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = openat(folder, "y.part", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	DIR *list = fdopendir(dup(folder));
	bool listed = list != NULL && readdir(list) != NULL;

	return DONE(listed && write(fd, "x", 1) == 1 && flock(fd, LOCK_EX | LOCK_NB) == 0 &&
		    fsync(fd) == 0 && renameat(folder, "y.part", folder, "y") == 0 &&
		    fsync(folder) == 0 && unlinkat(folder, "y", 0) == 0);
}

Test(capture_seccomp_left, files_are_made_in_a_directory_that_is_written)
{
	struct scene s;

	needs_sandbox();
	scene_make(&s);
	s.place[1].use = SANDBOX_WRITE;
	cr_expect_eq(confined(&s.wants, writes_in_its_folder, &s), 0);
	scene_remove(&s);
}
