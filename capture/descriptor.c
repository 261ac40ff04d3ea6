/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The bytes of an input as they lie there: a regular file, standard input, or a pipe.
 *
 * The file is opened here and not by libpcap, so that a device is refused before anything acts on
 * it, and so that bytes can be unpacked before they are read as a capture.
 *
 * A pipe may be named: a FIFO, or the /dev/fd/63 that a shell makes of <(zcat x.gz). It is read to
 * its end as standard input is, however long that takes, if somebody has it open for writing. One
 * that nobody writes to would be waited for in vain, so that is an error after PIPE_WAIT_MS: time
 * enough for a shell to start the writer, and short enough that a script does not hang.
 */
#include "capture/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIPE_WAIT_MS 1000
#define NOT_READABLE "is not a regular file, a pipe or a directory"

enum capture_added capture_refuse(char error[CAPTURE_ERROR_MAX], enum capture_added why,
				  const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error, CAPTURE_ERROR_MAX, format, args);
	va_end(args);
	return why;
}

/* A pipe without a writer has ended, with one it has no bytes yet: read() tells them apart. */
static bool has_writer(struct descriptor *d)
{
	struct pollfd wait = { .fd = d->fd, .events = POLLIN };
	ssize_t len;

	poll(&wait, 1, PIPE_WAIT_MS);
	len = read(d->fd, d->first, sizeof(d->first));
	d->len = len > 0 ? (size_t)len : 0;
	return len > 0 || (len < 0 && errno == EAGAIN);
}

static enum capture_added check_kind(struct descriptor *d, bool is_stdin,
				     char error[CAPTURE_ERROR_MAX])
{
	struct stat st;

	if (fstat(d->fd, &st) != 0)
		return capture_refuse(error, CAPTURE_FAILED, "%s", strerror(errno));
	d->id = (struct source_id){ st.st_dev, st.st_ino };
	d->is_file = S_ISREG(st.st_mode) && !is_stdin;
	d->size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
	d->is_named_pipe = S_ISFIFO(st.st_mode) && !is_stdin;
	if (S_ISDIR(st.st_mode))
		return capture_refuse(error, CAPTURE_FAILED, "is a directory");
	if (is_stdin && isatty(d->fd))
		return capture_refuse(error, CAPTURE_FAILED,
				      "is a terminal; pipe a capture into it");
	if (d->is_named_pipe && !has_writer(d))
		return capture_refuse(error, CAPTURE_FAILED, "is a pipe that nobody writes to");
	if (!is_stdin && !d->is_file && !d->is_named_pipe)
		return capture_refuse(error, CAPTURE_FAILED, NOT_READABLE);
	return CAPTURE_ADDED;
}

enum capture_added descriptor_open(struct descriptor *d, const char *path,
				   char error[CAPTURE_ERROR_MAX])
{
	bool is_stdin = strcmp(path, "-") == 0;
	enum capture_added added;

	*d = (struct descriptor){ .fd = is_stdin ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) :
						   open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY |
								      O_CLOEXEC) };
	if (d->fd < 0) /* what open() says of a socket is "No such device or address" */
		return capture_refuse(error, CAPTURE_FAILED, "%s",
				      errno == ENXIO ? NOT_READABLE : strerror(errno));
	added = check_kind(d, is_stdin, error);
	if (added != CAPTURE_ADDED)
		descriptor_close(d);
	return added;
}

/*
 * Waits for what a named pipe's writer has to say; read() would not. Ctrl-C ends it at once, as its
 * writer need not hear of that.
 */
static bool was_interrupted(struct descriptor *d)
{
	struct pollfd wait = { .fd = d->fd, .events = POLLIN };

	if (!d->is_named_pipe || poll(&wait, 1, -1) >= 0 || errno != EINTR)
		return false;
	d->fault = "reading was interrupted";
	return true;
}

static size_t read_on(struct descriptor *d, uint8_t *out, size_t size)
{
	ssize_t len;

	if (d->fault != NULL || was_interrupted(d))
		return 0;
	do
		len = read(d->fd, out, size);
	while (len < 0 && errno == EINTR);
	if (len < 0)
		d->fault = strerror(errno);
	return len > 0 ? (size_t)len : 0;
}

const uint8_t *descriptor_first(struct descriptor *d, size_t *len)
{
	size_t got;

	do {
		got = read_on(d, d->first + d->len, sizeof(d->first) - d->len);
		d->len += got;
	} while (got > 0 && d->len < sizeof(d->first));
	*len = d->len;
	return d->first;
}

size_t descriptor_read(struct descriptor *d, uint8_t *out, size_t size)
{
	size_t left = d->len - d->at, len = left < size ? left : size;

	if (left == 0)
		return read_on(d, out, size);
	memcpy(out, d->first + d->at, len);
	d->at += len;
	return len;
}

uint64_t descriptor_at(const struct descriptor *d)
{
	off_t at = d->size != 0 ? lseek(d->fd, 0, SEEK_CUR) : 0;

	return at > 0 ? (uint64_t)at : 0;
}

void descriptor_close(struct descriptor *d)
{
	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
}
