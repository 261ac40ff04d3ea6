/* SPDX-License-Identifier: BSD-3-Clause */
/* A file line by line, from a buffer of fixed size: pipes too, so nothing is sought. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "logs/inside.h"

struct lines {
	int fd, error;
	bool ended;
	int64_t changed_ns;
	uint64_t count, cut;
	size_t from, to; /* of what is buffered and not taken */
	char buffer[LINE_SIZE];
};

/* More behind what is there; false when nothing came. */
static bool fill(struct lines *l)
{
	ssize_t got;

	if (l->from != 0) {
		memmove(l->buffer, l->buffer + l->from, l->to - l->from);
		l->to -= l->from;
		l->from = 0;
	}
	if (l->ended || l->to == sizeof(l->buffer))
		return false;
	do {
		got = read(l->fd, l->buffer + l->to, sizeof(l->buffer) - l->to);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		l->error = errno;
	l->ended = got <= 0;
	l->to += got > 0 ? (size_t)got : 0;
	return got > 0;
}

/*
 * A pipe that nobody writes to is empty, and not waited for; one that somebody writes to is read to its
 * end. Anything but files and pipes may have none.
 */
static bool open_file(struct lines *l, const char *path)
{
	struct stat st;

	l->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (l->fd < 0 || fstat(l->fd, &st) != 0 || fcntl(l->fd, F_SETFL, 0) != 0) {
		l->error = errno;
		return false;
	}
	if (S_ISDIR(st.st_mode))
		l->error = EISDIR;
	else if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode))
		l->error = EINVAL;
	if (S_ISREG(st.st_mode) && st.st_mtim.tv_sec < INT64_MAX / NS_PER_S)
		l->changed_ns = st.st_mtim.tv_sec * NS_PER_S + st.st_mtim.tv_nsec;
	return l->error == 0;
}

struct lines *lines_open(const char *path, char error[LOGS_ERROR_MAX])
{
	struct lines *l = xmalloc(sizeof(*l));

	l->error = 0;
	l->count = l->cut = 0;
	l->from = l->to = 0;
	l->ended = false;
	l->changed_ns = 0;
	if (open_file(l, path))
		return l;
	snprintf(error, LOGS_ERROR_MAX, "%s",
		 l->error == EINVAL ? "is neither a file nor a pipe" : strerror(l->error));
	lines_close(l);
	return NULL;
}

bool lines_begin(struct lines *l, char error[LOGS_ERROR_MAX])
{
	while (fill(l))
		;
	if (l->error != 0)
		snprintf(error, LOGS_ERROR_MAX, "%s", strerror(l->error));
	return l->error == 0;
}

void lines_close(struct lines *l)
{
	if (l == NULL)
		return;
	if (l->fd >= 0)
		close(l->fd);
	free(l);
}

struct span lines_ahead(const struct lines *l)
{
	return (struct span){ l->buffer + l->from, l->to - l->from };
}

static const char *end_of_line(const struct lines *l)
{
	return memchr(l->buffer + l->from, '\n', l->to - l->from);
}

/* The rest of a line that did not fit. */
static void skip_rest(struct lines *l)
{
	const char *end;

	do {
		l->from = l->to = 0;
		if (!fill(l))
			return;
		end = end_of_line(l);
	} while (end == NULL);
	l->from = (size_t)(end - l->buffer) + 1;
}

bool lines_next(struct lines *l, struct span *line)
{
	const char *end = end_of_line(l);

	while (end == NULL && fill(l))
		end = end_of_line(l);
	*line = lines_ahead(l);
	if (line->len == 0)
		return false;
	l->count++;
	if (end != NULL) {
		line->len = (size_t)(end - line->at);
		l->from += line->len + 1;
	} else if (!l->ended) {
		line->len = 0; /* the buffer is needed for what follows */
		l->cut++;
		skip_rest(l);
	} else {
		l->from = l->to;
	}
	if (line->len != 0 && line->at[line->len - 1] == '\r')
		line->len--;
	return true;
}

bool lines_bytes(struct lines *l, uint64_t len, char *out, size_t size)
{
	size_t kept = 0;

	while (len != 0) {
		size_t have = l->to - l->from, keep;

		if (have == 0 && !fill(l))
			return false;
		have = l->to - l->from;
		have = have < len ? have : (size_t)len;
		keep = have < size - kept ? have : size - kept;
		memcpy(out + kept, l->buffer + l->from, keep);
		kept += keep;
		l->from += have;
		len -= have;
	}
	return true;
}

uint64_t lines_count(const struct lines *l)
{
	return l->count;
}

uint64_t lines_cut(const struct lines *l)
{
	return l->cut;
}

int64_t lines_changed_ns(const struct lines *l)
{
	return l->changed_ns;
}

int lines_error(const struct lines *l)
{
	return l->error;
}
