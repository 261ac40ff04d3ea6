/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE /* O_PATH: needs no right to read the parent */
#include "report/sink_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool copy_name(char name[NAME_MAX + 1], const char *from, size_t len)
{
	if (len == 0 || len > NAME_MAX)
		return false;
	memcpy(name, from, len);
	name[len] = '\0';
	return strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

/* The path of the directory, and the name of the file in it. */
static bool split(const char *path, char directory[PATH_MAX], char base[NAME_MAX + 1])
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	size_t len = slash != NULL ? (size_t)(slash - path) : 0;

	if (len >= PATH_MAX || !copy_name(base, name, strlen(name)))
		return false;
	if (len == 0) { /* "x" and "/x" */
		directory[len++] = slash == NULL ? '.' : '/';
	} else {
		memcpy(directory, path, len);
	}
	directory[len] = '\0';
	return true;
}

/* A directory that has no name of its own ("..", "/") can be used, but not found again. */
static void open_parent(struct folder *f, const char *directory)
{
	char above[PATH_MAX];

	f->parent = -1;
	if (!split(directory, above, f->within))
		return;
	f->parent = open(above, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

bool folder_open(struct folder *f, const char *path, struct text *error)
{
	char directory[PATH_MAX];

	f->fd = f->parent = -1;
	if (!split(path, directory, f->base)) {
		text_add(error, "is no name of a file");
		return false;
	}
	f->fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->fd < 0) {
		text_add(error, "its directory: %s", strerror(errno));
		return false;
	}
	open_parent(f, directory);
	return true;
}

void folder_close(struct folder *f)
{
	if (f->fd >= 0)
		close(f->fd);
	if (f->parent >= 0)
		close(f->parent);
	f->fd = f->parent = -1;
}

bool folder_renewed(struct folder *f)
{
	struct stat old, new;
	int fd;

	if (f->parent < 0)
		return false;
	fd = openat(f->parent, f->within, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (fstat(f->fd, &old) == 0 && fstat(fd, &new) == 0 &&
	    (old.st_ino != new.st_ino || old.st_dev != new.st_dev)) {
		close(f->fd);
		f->fd = fd;
		return true;
	}
	close(fd);
	return false;
}
