/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Names with numbers: what was written full, and which of it has to go. The directory is asked each
 * time, as others copy files away and remove them.
 */
#define _GNU_SOURCE /* renameat2() */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "report/sink_file.h"

/* As many files as one each minute for a century; with fewer digits, names sort as numbers do. */
#define NUMBER_DIGITS 8
#define NUMBER_MAX UINT64_C(99999999)

/* What one rotation removes at most: someone may have lowered -W to 1 with a thousand files there. */
#define REMOVED_MAX 64

/* "events" of "events.jsonl"; the ending is the format's. */
static size_t stem_len(const char *base)
{
	const char *dot = strchr(base + 1, '.');

	return dot != NULL ? (size_t)(dot - base) : strlen(base);
}

static bool numbered(const struct line_file *f, uint64_t number, char name[NAME_MAX + 1])
{
	const char *base = f->folder.base;
	size_t len = stem_len(base);
	int made = snprintf(name, NAME_MAX + 1, "%.*s-%0*" PRIu64 "%s", (int)len, base,
			    NUMBER_DIGITS, number, base + len);

	return made > 0 && made <= NAME_MAX;
}

/* 0: it is not one of ours. */
static uint64_t number_of(const struct line_file *f, const char *name)
{
	const char *base = f->folder.base;
	size_t len = stem_len(base);
	uint64_t number = 0;

	if (strlen(name) != strlen(base) + 1 + NUMBER_DIGITS || strncmp(name, base, len) != 0 ||
	    name[len] != '-' || strcmp(name + len + 1 + NUMBER_DIGITS, base + len) != 0)
		return 0;
	for (size_t i = len + 1; i <= len + NUMBER_DIGITS; i++) {
		if (name[i] < '0' || name[i] > '9')
			return 0;
		number = number * 10 + (uint64_t)(name[i] - '0');
	}
	return number;
}

struct numbers {
	uint64_t count, lowest, highest;
};

/* "." anew: a copy of the descriptor would share its place in the list. */
static struct numbers numbers_of(const struct line_file *f)
{
	struct numbers all = { 0, UINT64_MAX, 0 };
	int fd = openat(f->folder.fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	if (list == NULL) {
		if (fd >= 0)
			close(fd);
		return all;
	}
	while ((entry = readdir(list)) != NULL) {
		uint64_t number = number_of(f, entry->d_name);

		if (number == 0)
			continue;
		all.count++;
		all.lowest = number < all.lowest ? number : all.lowest;
		all.highest = number > all.highest ? number : all.highest;
	}
	closedir(list);
	return all;
}

uint64_t line_file_highest(const struct line_file *f)
{
	return numbers_of(f).highest;
}

/* Oldest first out. */
static void remove_old(const struct line_file *f)
{
	for (int i = 0; f->keep != 0 && i < REMOVED_MAX; i++) {
		struct numbers all = numbers_of(f);
		char name[NAME_MAX + 1];

		if (all.count <= f->keep || !numbered(f, all.lowest, name) ||
		    unlinkat(f->folder.fd, name, 0) != 0)
			return;
	}
}

/* Never over a file that is there; C libraries and file systems that cannot promise that are asked
   first. */
static bool rename_to(const struct line_file *f, const char *name)
{
	int fd = f->folder.fd;

#ifdef RENAME_NOREPLACE
	if (renameat2(fd, f->folder.base, fd, name, RENAME_NOREPLACE) == 0)
		return true;
	if (errno != EINVAL && errno != ENOSYS)
		return false;
#endif
	if (faccessat(fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return false;
	}
	return renameat(fd, f->folder.base, fd, name) == 0;
}

bool line_file_aside(struct line_file *f, struct text *error)
{
	char name[NAME_MAX + 1];

	errno = ENAMETOOLONG;
	while (f->number < NUMBER_MAX && numbered(f, f->number + 1, name)) {
		f->number++;
		if (rename_to(f, name)) {
			remove_old(f);
			return true;
		}
		if (errno != EEXIST) {
			f->number--; /* it is still free */
			break;
		}
	}
	text_add(error, "cannot be moved aside: %s", strerror(errno));
	return false;
}
