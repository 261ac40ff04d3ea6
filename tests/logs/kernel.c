/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kernel's own events of a reset on loopback, where there is a tracefs and root to mount it: in a
 * mount namespace of the test's own. Elsewhere it says that this was skipped.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "logs/inside.h"

TestSuite(logs_kernel);

/* A tracefs of our own, or skips the test. */
static void mount_tracefs(char root[32])
{
	strcpy(root, "/tmp/rstscope-trace-XXXXXX");
	cr_assert(mkdtemp(root) != NULL);
	if (unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	    mount("none", root, "tracefs", 0, NULL) == 0)
		return;
	rmdir(root);
	cr_skip_test("no tracefs can be mounted here");
}

/* A client that meets no listener: its kernel sends a reset, and receives it. The client's port. */
static uint16_t meet_nobody(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(1) };
	struct sockaddr_in from = { .sin_family = AF_INET };
	socklen_t len = sizeof(from);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	to.sin_addr.s_addr = from.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	cr_assert_eq(bind(fd, (struct sockaddr *)&from, sizeof(from)), 0);
	getsockname(fd, (struct sockaddr *)&from, &len);
	cr_expect_neq(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	close(fd);
	return ntohs(from.sin_port);
}

Test(logs_kernel, a_reset_on_loopback_is_told_with_its_reason)
{
	char root[32], error[LOGS_ERROR_MAX], left[128];
	bool sent = false, received = false;
	struct kernel_notes *k;
	struct note note;
	uint16_t port;

	mount_tracefs(root);
	k = kernel_notes_open_in(root, error);
	if (k == NULL) {
		umount(root);
		rmdir(root);
		cr_skip_test("%s", error);
	}
	port = meet_nobody();
	usleep(100000);
	while (kernel_notes_next(k, &note)) {
		const int64_t age_ns = time(NULL) * NS_PER_S - note.time_ns;

		cr_expect(age_ns < 5 * NS_PER_S && age_ns > -5 * NS_PER_S);
		sent |= note.remote.port == port && note.local.port == 1 &&
			(note.kind == NOTE_sent_no_socket || !kernel_notes_have_reasons(k));
		received |= note.kind == NOTE_received_reset && note.local.port == port;
	}
	cr_expect(sent);
	cr_expect(received);
	kernel_notes_close(k);
	snprintf(left, sizeof(left), "%s/instances/rstscope-%ld", root, (long)getpid());
	cr_expect_neq(access(left, F_OK), 0, "the instance is left behind");
	umount(root);
	rmdir(root);
}

Test(logs_kernel, a_kernel_without_tracing_is_said_to_be_one)
{
	char root[] = "/tmp/rstscope-trace-XXXXXX", error[LOGS_ERROR_MAX] = "";

	cr_assert(mkdtemp(root) != NULL);
	cr_expect_null(kernel_notes_open_in(root, error));
	cr_expect_str_eq(error, "the kernel offers no tracing here");
	kernel_notes_close(NULL);
	rmdir(root);
}
