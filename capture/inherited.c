/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Descriptors that a parent left open. Those of the standard streams must be, or the next file that is
 * opened takes their place and has our messages written into it. All others are doors in a wall that is
 * about to be built; only those that the command line names are meant.
 */
#define _GNU_SOURCE /* O_CLOEXEC */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "capture/sandbox.h"

/* Linux 5.9; one number on all architectures. */
#define CLOSE_RANGE 436
/* Without it: some parents have a limit of a thousand million, and none has so many open. */
#define DESCRIPTORS_LOOKED_AT 65536

#define STREAMS 3 /* input, output, messages: descriptors 0 to 2 */
#define NONE (-1)

/* As if it were closed: the wrong way round, so that reading or writing fails with the same EBADF. */
static void open_streams(void)
{
	for (int fd = 0; fd < STREAMS; fd++) {
		if (fcntl(fd, F_GETFD) != -1 || errno != EBADF)
			continue;
		if (open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
			return; /* without /dev there is nothing to be had */
	}
}

/* The N of /dev/fd/N, or NONE. */
static int descriptor_named(const char *path)
{
	static const char *const folders[] = { "/dev/fd/", "/proc/self/fd/" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		const size_t len = strlen(folders[i]);
		char *end;
		long number;

		if (strncmp(path, folders[i], len) != 0)
			continue;
		number = strtol(path + len, &end, 10);
		if (end != path + len && *end == '\0' && number >= 0 &&
		    number < DESCRIPTORS_LOOKED_AT)
			return (int)number;
	}
	return NONE;
}

/* The least of those that are named and not below from; NONE: there is no more. */
static int next_named(const char *const *named, size_t count, int from)
{
	int least = NONE;

	for (size_t i = 0; i < count; i++) {
		const int fd = descriptor_named(named[i]);

		if (fd >= from && (least == NONE || fd < least))
			least = fd;
	}
	return least;
}

static unsigned last_open(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < DESCRIPTORS_LOOKED_AT ?
		       (unsigned)limit.rlim_cur :
		       DESCRIPTORS_LOOKED_AT;
}

/* Both ends included. */
static void close_from_to(unsigned from, unsigned to)
{
	if (from > to || syscall(CLOSE_RANGE, from, to, 0) == 0)
		return;
	if (to > last_open())
		to = last_open();
	for (unsigned fd = from; fd <= to; fd++)
		close((int)fd);
}

void sandbox_tidy(const char *const *named, size_t count)
{
	int from = STREAMS, kept;

	open_streams();
	while ((kept = next_named(named, count, from)) != NONE) {
		close_from_to((unsigned)from, (unsigned)kept - 1);
		from = kept + 1;
	}
	close_from_to((unsigned)from, ~0u);
}
