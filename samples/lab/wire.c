/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A wire with a length: wire NETNS_A DEV_A NETNS_B DEV_B [DELAY_MS]
 *
 *      netns A                                           netns B
 *   DEV_A (TUN) --> lanes[0]: faults, queue by due --> DEV_B (TUN)
 *               <-- lanes[1]: faults, queue by due <--
 *
 * What one device sends the other receives DELAY_MS later (10 unless told). Says "ready" once both
 * devices exist; the lab brings them up. Lines of standard input are commands, those of
 * wire_faults.h, answered with "ok" or "error: WHY", and
 *
 *   report                   ok passed=N,N dropped=N,N duplicated=N,N flipped=N,N (A to B, B to A)
 *
 * where dropped counts all that did not arrive: fault, full queue, device down. The end of standard
 * input ends the wire, with what is on it.
 */
#define _GNU_SOURCE /* setns, ppoll */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "samples/lab/wire_lane.h"

#define DELAY_MS_DEFAULT "10"
#define LINE_LENGTH 128
#define PATH_LENGTH 256

__attribute__((format(printf, 1, 2))) static _Noreturn void die(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("wire: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(1);
}

static int open_namespace(const char *name)
{
	char path[PATH_LENGTH];
	const char *folder = strchr(name, '/') == NULL ? "/run/netns/" : "";
	int fd;

	if (snprintf(path, sizeof(path), "%s%s", folder, name) >= (int)sizeof(path))
		die("namespace %s: name too long", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("namespace %s: %s", name, strerror(errno));
	return fd;
}

static int open_device(const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		die("/dev/net/tun: %s", strerror(errno));
	if (strlen(name) >= sizeof(request.ifr_name))
		die("device %s: name too long", name);
	memcpy(request.ifr_name, name, strlen(name));
	if (ioctl(fd, TUNSETIFF, &request) < 0)
		die("device %s: %s", name, strerror(errno));
	return fd;
}

/* A device's own queue of 500 packets would lose some of a burst, unseen by report. */
static void widen(const char *name)
{
	struct ifreq request = { .ifr_qlen = QUEUE_LENGTH };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(request.ifr_name, name, strlen(name));
	if (fd < 0 || ioctl(fd, SIOCSIFTXQLEN, &request) < 0)
		die("device %s: queue length: %s", name, strerror(errno));
	close(fd);
}

/* A TUN device belongs to the namespace that it was opened in. */
static int open_device_in(const char *namespace, const char *name)
{
	int home = open_namespace("/proc/self/ns/net"), there = open_namespace(namespace), fd;

	if (setns(there, CLONE_NEWNET) < 0)
		die("namespace %s: %s", namespace, strerror(errno));
	fd = open_device(name);
	widen(name);
	if (setns(home, CLONE_NEWNET) < 0)
		die("way back from namespace %s: %s", namespace, strerror(errno));
	close(there);
	close(home);
	return fd;
}

static const char *obey(struct lane lanes[2], char *line)
{
	struct faults *both[] = { &lanes[0].faults, &lanes[1].faults };

	return faults_command(both, line);
}

static void report(const struct lane *there, const struct lane *back)
{
	printf("ok passed=%" PRIu64 ",%" PRIu64 " dropped=%" PRIu64 ",%" PRIu64
	       " duplicated=%" PRIu64 ",%" PRIu64 " flipped=%" PRIu64 ",%" PRIu64 "\n",
	       there->passed, back->passed, there->dropped, back->dropped, there->duplicated,
	       back->duplicated, there->flipped, back->flipped);
}

static void answer(struct lane lanes[2], char *line)
{
	const char *wrong;

	if (strcmp(line, "report") == 0) {
		report(&lanes[0], &lanes[1]);
		return;
	}
	wrong = obey(lanes, line);
	if (wrong == NULL)
		puts("ok");
	else
		printf("error: %s\n", wrong);
}

static void flush_answers(void)
{
	if (fflush(stdout) == EOF)
		die("standard output: %s", strerror(errno));
}

/* Answers each line that is whole by now. Returns false at the end of the input. */
static bool take_commands(struct lane lanes[2])
{
	static char line[LINE_LENGTH];
	static size_t length; /* of the line, with the part that did not fit */
	char input[LINE_LENGTH];
	ssize_t count = read(STDIN_FILENO, input, sizeof(input));

	if (count < 0)
		die("standard input: %s", strerror(errno));
	for (ssize_t i = 0; i < count; i++) {
		if (input[i] != '\n') {
			if (length < sizeof(line))
				line[length] = input[i];
			length++;
			continue;
		}
		line[length < sizeof(line) ? length : 0] =
			'\0'; /* too long is as good as nothing */
		answer(lanes, line);
		length = 0;
	}
	flush_answers();
	return count > 0;
}

static void wait_for_next(const struct lane lanes[2], struct pollfd inputs[3])
{
	int64_t there = lane_wait(&lanes[0]), back = lane_wait(&lanes[1]);
	int64_t wait = there < back ? there : back;
	struct timespec timeout = { .tv_sec = wait / NS_PER_S, .tv_nsec = wait % NS_PER_S };

	if (ppoll(inputs, 3, &timeout, NULL) < 0)
		die("cannot wait: %s", strerror(errno));
}

static void run(struct lane lanes[2])
{
	struct pollfd inputs[] = {
		{ .fd = lanes[0].from, .events = POLLIN },
		{ .fd = lanes[1].from, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
	};

	do {
		wait_for_next(lanes, inputs);
		for (int way = 0; way < 2; way++) {
			struct lane *lane = &lanes[way];

			if (!lane_deliver(lane) || (inputs[way].revents != 0 && !lane_take(lane)))
				die("a device is gone: %s", strerror(errno));
		}
	} while (inputs[2].revents == 0 || take_commands(lanes));
}

static void set_delay(struct lane lanes[2], const char *ms)
{
	char line[LINE_LENGTH];
	const char *wrong;

	snprintf(line, sizeof(line), "delay %s", ms);
	wrong = obey(lanes, line);
	if (wrong != NULL)
		die("delay %s: %s", ms, wrong);
}

/* Wakes up in time on a busy machine too. A container may refuse the second: less exact then. */
static void be_punctual(void)
{
	struct sched_param first = { .sched_priority = 1 };

	if (prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL) < 0)
		die("timer slack: %s", strerror(errno));
	sched_setscheduler(0, SCHED_FIFO, &first);
}

int main(int argc, char **argv)
{
	static struct lane lanes[2];

	if (argc < 5 || argc > 6)
		die("usage: wire NETNS_A DEV_A NETNS_B DEV_B [DELAY_MS]");
	lanes[1].faults.dice = 1; /* the directions do not share their luck */
	set_delay(lanes, argc > 5 ? argv[5] : DELAY_MS_DEFAULT);
	lanes[0].from = lanes[1].to = open_device_in(argv[1], argv[2]);
	lanes[1].from = lanes[0].to = open_device_in(argv[3], argv[4]);
	be_punctual();
	puts("ready");
	flush_answers();
	run(lanes);
	return 0;
}
