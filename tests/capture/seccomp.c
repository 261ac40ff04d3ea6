/* SPDX-License-Identifier: BSD-3-Clause */
/* capture/seccomp.c: what a broken dissector may try ends the process. */
#define _GNU_SOURCE /* unshare() */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/capture/confined.h"

struct trial {
	const char *name;
	int (*attempt)(struct scene *);
};

#define DONE(worked) ((worked) ? 0 : errno)

/* ---- what ends the process ---- */

static int runs_a_program(struct scene *s)
{
	(void)s;
	return DONE(execl("/bin/true", "true", (char *)NULL) == 0);
}

static int opens_a_socket(struct scene *s)
{
	(void)s;
	return DONE(socket(AF_INET, SOCK_STREAM, 0) >= 0);
}

static int debugs_its_parent(struct scene *s)
{
	return DONE(ptrace(PTRACE_ATTACH, s->test, NULL, NULL) == 0);
}

static int reads_anothers_memory(struct scene *s)
{
	return DONE(syscall(SYS_process_vm_readv, s->test, NULL, 0, NULL, 0, 0) == 0);
}

static int forks(struct scene *s)
{
	(void)s;
	return DONE(fork() >= 0);
}

static int makes_a_process_by_clone(struct scene *s)
{
	(void)s;
	return DONE(syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0) >= 0);
}

/* Signal 0: that it may is enough. */
static int ends_its_parent(struct scene *s)
{
	return DONE(kill(s->test, 0) == 0);
}

static int ends_its_parent_by_tgkill(struct scene *s)
{
	return DONE(syscall(SYS_tgkill, s->test, s->test, 0) == 0);
}

static int maps_code(struct scene *s)
{
	(void)s;
	return DONE(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
		    MAP_FAILED);
}

static int makes_data_code(struct scene *s)
{
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)s;
	return DONE(mprotect(at, 4096, PROT_READ | PROT_WRITE | PROT_EXEC) == 0);
}

static int writes_its_input(struct scene *s)
{
	return DONE(open(s->input, O_RDWR | O_CLOEXEC) >= 0);
}

static int makes_a_file(struct scene *s)
{
	return DONE(open(s->report, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) >= 0);
}

static int makes_a_link(struct scene *s)
{
	return DONE(symlink("/etc/passwd", s->report) == 0);
}

static int types_for_the_user(struct scene *s)
{
	(void)s;
	return DONE(ioctl(STDIN_FILENO, TIOCSTI, "x") == 0);
}

static int raises_a_limit(struct scene *s)
{
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };

	(void)s;
	return DONE(setrlimit(RLIMIT_CORE, &all) == 0);
}

static int becomes_root(struct scene *s)
{
	(void)s;
	return DONE(setuid(0) == 0);
}

static int has_a_namespace_of_its_own(struct scene *s)
{
	(void)s;
	return DONE(unshare(CLONE_NEWUSER) == 0);
}

static int asks_for_rings_of_the_kernel(struct scene *s)
{
	(void)s;
	return DONE(syscall(425, 1, NULL) >= 0); /* io_uring_setup: system calls past the filter */
}

static int goes_elsewhere(struct scene *s)
{
	(void)s;
	return DONE(chdir("/") == 0);
}

static void *do_nothing(void *arg)
{
	return arg;
}

static int starts_a_thread(struct scene *s)
{
	pthread_t thread;

	(void)s;
	return pthread_create(&thread, NULL, do_nothing, NULL);
}

static const struct trial deadly[] = {
	{ "runs a program", runs_a_program },
	{ "opens a socket", opens_a_socket },
	{ "debugs its parent", debugs_its_parent },
	{ "reads another's memory", reads_anothers_memory },
	{ "forks", forks },
	{ "makes a process by clone()", makes_a_process_by_clone },
	{ "ends its parent", ends_its_parent },
	{ "ends its parent by tgkill()", ends_its_parent_by_tgkill },
	{ "maps code", maps_code },
	{ "makes data code", makes_data_code },
	{ "writes its input", writes_its_input },
	{ "makes a file", makes_a_file },
	{ "makes a link", makes_a_link },
	{ "types for the user", types_for_the_user },
	{ "raises a limit", raises_a_limit },
	{ "becomes root", becomes_root },
	{ "has a namespace of its own", has_a_namespace_of_its_own },
	{ "asks for rings of the kernel", asks_for_rings_of_the_kernel },
	{ "goes elsewhere", goes_elsewhere },
	{ "starts a thread that was not wanted", starts_a_thread },
};

ParameterizedTestParameters(capture_seccomp, what_reading_does_not_do_ends_the_process)
{
	static size_t row[sizeof(deadly) / sizeof(deadly[0])];

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		row[i] = i;
	return cr_make_param_array(size_t, row, sizeof(row) / sizeof(row[0]));
}

ParameterizedTest(const size_t *i, capture_seccomp, what_reading_does_not_do_ends_the_process)
{
	struct scene s;
	int ending;

	needs_sandbox();
	scene_make(&s);
	ending = confined(&s.wants, deadly[*i].attempt, &s);
	cr_expect_eq(ending, -SIGSYS, "who %s: %d", deadly[*i].name, ending);
	s.wants.live = s.wants.sends = true;
	ending = confined(&s.wants, deadly[*i].attempt, &s);
	cr_expect_eq(ending, -SIGSYS, "live, who %s: %d", deadly[*i].name, ending);
	scene_remove(&s);
}
