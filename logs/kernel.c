/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kernel's tracepoints of resets, in an instance of tracefs that is ours alone: other users of
 * tracing neither see it nor lose anything by it. Opened as root; the descriptor goes on delivering
 * when privileges are gone, but only root can remove the instance.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"
#include "logs/inside.h"

#define PIPE_SIZE 16384   /* trace_pipe hands out at most a page or two at once */
#define FORMAT_SIZE 16384 /* of one event: some 2 KiB */

struct kernel_notes {
	char instance[PATH_MAX];
	int fd;
	bool reasons;
	uint64_t lost;
	size_t from, to;
	char buffer[PIPE_SIZE];
};

static const char *const events[] = { "tcp_send_reset", "tcp_receive_reset" };

/* "%s/%s": false when it is too long. */
static bool path_of(char out[PATH_MAX], const char *folder, const char *name)
{
	int len = snprintf(out, PATH_MAX, "%s/%s", folder, name);

	return len > 0 && len < PATH_MAX;
}

static bool put(const char *folder, const char *name, const char *value)
{
	char path[PATH_MAX];
	ssize_t written;
	int fd;

	if (!path_of(path, folder, name))
		return false;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	written = write(fd, value, strlen(value));
	close(fd);
	return written == (ssize_t)strlen(value);
}

static bool has_field(const char *root, const char *event, const char *field)
{
	char name[128], path[PATH_MAX], format[FORMAT_SIZE];
	ssize_t len;
	int fd;

	snprintf(name, sizeof(name), "events/tcp/%s/format", event);
	if (!path_of(path, root, name) || (fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return false;
	len = read(fd, format, sizeof(format));
	close(fd);
	return len > 0 && trace_has_field((struct span){ format, (size_t)len }, field);
}

/* How many of the events there are; one is better than none. */
static int enable(struct kernel_notes *k)
{
	char name[128];
	int enabled = 0;

	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		snprintf(name, sizeof(name), "events/tcp/%s/enable", events[i]);
		enabled += put(k->instance, name, "1");
	}
	return enabled;
}

static struct kernel_notes *refuse(struct kernel_notes *k, char error[LOGS_ERROR_MAX],
				   const char *what)
{
	snprintf(error, LOGS_ERROR_MAX, "%s", what);
	kernel_notes_close(k);
	return NULL;
}

static bool make_instance(struct kernel_notes *k, const char *root)
{
	char name[64];

	snprintf(name, sizeof(name), "instances/rstscope-%ld", (long)getpid());
	if (!path_of(k->instance, root, name))
		return false;
	if (mkdir(k->instance, 0700) == 0)
		return true;
	k->instance[0] = '\0';
	return false;
}

struct kernel_notes *kernel_notes_open_in(const char *root, char error[LOGS_ERROR_MAX])
{
	struct kernel_notes *k = xcalloc(1, sizeof(*k));
	char path[PATH_MAX];

	k->fd = -1;
	if (!path_of(path, root, "instances") || access(path, F_OK) != 0)
		return refuse(k, error, "the kernel offers no tracing here");
	if (!make_instance(k, root))
		return refuse(k, error, "tracing is not allowed to us");
	/* The clock that the system's is compared with: it knows no steps. */
	if (!put(k->instance, "trace_clock", "mono") || enable(k) == 0)
		return refuse(k, error, "the kernel has no tracepoints of resets");
	if (path_of(path, k->instance, "trace_pipe"))
		k->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (k->fd < 0)
		return refuse(k, error, "the kernel's trace cannot be read");
	k->reasons = has_field(root, events[0], "reason");
	return k;
}

struct kernel_notes *kernel_notes_open(char error[LOGS_ERROR_MAX])
{
	static const char *const roots[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	struct kernel_notes *k = NULL;

	for (size_t i = 0; k == NULL && i < sizeof(roots) / sizeof(roots[0]); i++)
		k = kernel_notes_open_in(roots[i], error);
	return k;
}

int kernel_notes_fd(const struct kernel_notes *k)
{
	return k->fd;
}

bool kernel_notes_have_reasons(const struct kernel_notes *k)
{
	return k->reasons;
}

uint64_t kernel_notes_lost(const struct kernel_notes *k)
{
	return k->lost;
}

/* By how much the system's clock is ahead of the trace's, now. */
static int64_t ahead_ns(void)
{
	struct timespec real, mono;

	clock_gettime(CLOCK_REALTIME, &real);
	clock_gettime(CLOCK_MONOTONIC, &mono);
	return (real.tv_sec - mono.tv_sec) * NS_PER_S + (real.tv_nsec - mono.tv_nsec);
}

static bool fill(struct kernel_notes *k)
{
	ssize_t got;

	memmove(k->buffer, k->buffer + k->from, k->to - k->from);
	k->to -= k->from;
	k->from = 0;
	if (k->to == sizeof(k->buffer)) { /* no line is that long */
		k->to = 0;
		k->lost++;
	}
	got = read(k->fd, k->buffer + k->to, sizeof(k->buffer) - k->to);
	if (got <= 0)
		return false;
	k->to += (size_t)got;
	return true;
}

/* The next whole line. */
static bool next_line(struct kernel_notes *k, struct span *line)
{
	const char *end = memchr(k->buffer + k->from, '\n', k->to - k->from);

	while (end == NULL && fill(k))
		end = memchr(k->buffer, '\n', k->to);
	if (end == NULL)
		return false;
	*line = (struct span){ k->buffer + k->from, (size_t)(end - k->buffer) - k->from };
	k->from += line->len + 1;
	return true;
}

bool kernel_notes_next(struct kernel_notes *k, struct note *note)
{
	struct span line;

	while (next_line(k, &line)) {
		enum log_got got;
		uint64_t lost;

		memset(note, 0, sizeof(*note));
		got = trace_line(line, ahead_ns(), note, &lost);
		k->lost += lost + (got == LOG_DAMAGED && lost == 0);
		if (got == LOG_NOTE)
			return true;
	}
	return false;
}

void kernel_notes_close(struct kernel_notes *k)
{
	if (k == NULL)
		return;
	if (k->fd >= 0)
		close(k->fd);
	if (k->instance[0] != '\0')
		rmdir(k->instance); /* its files are the kernel's and go with it */
	free(k);
}
