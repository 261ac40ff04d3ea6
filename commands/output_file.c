/* SPDX-License-Identifier: BSD-3-Clause */
#include "commands/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "commands/message.h"

#define PART_FORMAT "%s.%ld.part"
#define PART_SIZE sizeof(".-9223372036854775808.part")

static bool is_same(const struct stat *out, const char *path)
{
	struct stat st;

	return path != NULL && stat(path, &st) == 0 && st.st_dev == out->st_dev &&
	       st.st_ino == out->st_ino;
}

/* A capture beside the report of it may be called alike, and a log or a key beside both. */
static const char *what_is_lost(const struct stat *out, const struct output_guard *guard)
{
	for (size_t i = 0; i < guard->inputs; i++) {
		if (is_same(out, guard->input[i]))
			return "is an input, which the output would replace";
	}
	for (size_t i = 0; i < guard->logs; i++) {
		if (is_same(out, guard->log[i]))
			return "is a log to read, which the output would replace";
	}
	return is_same(out, guard->key) ? "is the key, which the output would replace" : NULL;
}

/*
 * Why it must not be replaced; NULL when it may be. To rename needs no permission for the file that is
 * there, but who may not write to it is not to lose it. Of a symbolic link the link is replaced.
 */
static const char *why_not(const char *path, const struct output_guard *guard)
{
	struct stat st;
	const char *lost;

	if (stat(path, &st) == 0 && (lost = what_is_lost(&st, guard)) != NULL)
		return lost;
	if (lstat(path, &st) != 0 || S_ISLNK(st.st_mode))
		return NULL;
	if (S_ISDIR(st.st_mode))
		return strerror(EISDIR);
	if (!S_ISREG(st.st_mode))
		return "is no regular file; with -f FORMAT the report goes to standard output";
	return access(path, W_OK) != 0 ? strerror(errno) : NULL;
}

/*
 * A report speaks of other people's connections: for its owner alone until they decide otherwise. Each
 * process writes to a name of its own, which nobody else can have made before.
 */
static FILE *open_private(const char *part)
{
	int fd;

	unlink(part); /* of a process that had this number and was killed */
	fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	return fd >= 0 ? fdopen(fd, "w") : NULL;
}

bool output_file_open(struct output_file *out, const char *path, const struct output_guard *guard)
{
	const size_t size = strlen(path) + PART_SIZE;
	const char *reason = why_not(path, guard);

	*out = (struct output_file){ .path = path, .part = xcalloc(size, 1) };
	snprintf(out->part, size, PART_FORMAT, path, (long)getpid());
	if (reason == NULL)
		reason = why_not(out->part, guard);
	if (reason == NULL) {
		out->file = open_private(out->part);
		reason = strerror(errno);
	}
	if (out->file == NULL)
		message(path, "%s", reason);
	return out->file != NULL;
}

bool output_file_is(const struct output_file *out, const char *path)
{
	char *part = xcalloc(strlen(path) + PART_SIZE, 1);
	struct stat st;
	bool is;

	snprintf(part, strlen(path) + PART_SIZE, PART_FORMAT, path, (long)getpid());
	is = fstat(fileno(out->file), &st) == 0 && is_same(&st, part);
	free(part);
	return is;
}

/* Durable first, then visible. */
bool output_file_close(struct output_file *out, bool written)
{
	written = written && fsync(fileno(out->file)) == 0;
	if (fclose(out->file) != 0)
		written = false;
	out->file = NULL;
	if (written)
		written = rename(out->part, out->path) == 0;
	if (!written) {
		message(out->path, "%s", errno != 0 ? strerror(errno) : "could not be written");
		unlink(out->part);
	}
	free(out->part);
	return written;
}

void output_file_discard(struct output_file *out)
{
	if (out->file != NULL) {
		fclose(out->file);
		unlink(out->part);
	}
	free(out->part);
}
