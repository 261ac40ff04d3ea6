/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The files of a directory, as if each had been named: those directly in it, for a directory is what
 * tcpdump -C, -G or a collector wrote into.
 */
#define _GNU_SOURCE /* versionsort() */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/die.h"
#include "capture/inside.h"

bool capture_is_folder(const char *path)
{
	struct stat st;

	return strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* What a shell's "*" leaves out, too. */
static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* A new string "folder/name". */
static char *join(const char *folder, const char *name)
{
	size_t len = strlen(folder), size = len + strlen(name) + 2;
	bool has_slash = len > 0 && folder[len - 1] == '/';
	char *path = xcalloc(size, 1);

	snprintf(path, size, "%s%s%s", folder, has_slash ? "" : "/", name);
	return path;
}

/* One whose kind cannot be told is left for opening to complain of. */
static bool is_other_kind(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

bool capture_list_folder(struct capture_list *list, const char *path, char error[CAPTURE_ERROR_MAX])
{
	struct dirent **entries = NULL;
	/* By name, but 9 before 10: so tcpdump -C counts. */
	int count = scandir(path, &entries, is_visible, versionsort);

	*list = (struct capture_list){ .paths = 0 };
	if (count < 0) {
		capture_refuse(error, CAPTURE_FAILED, "%s", strerror(errno));
		return false;
	}
	list->path = xcalloc((size_t)count, sizeof(*list->path));
	for (int i = 0; i < count; i++) {
		char *joined = join(path, entries[i]->d_name);

		if (is_other_kind(joined))
			free(joined);
		else
			list->path[list->paths++] = joined;
		free(entries[i]);
	}
	free(entries);
	return true;
}

void capture_list_free(struct capture_list *list)
{
	for (size_t i = 0; i < list->paths; i++)
		free(list->path[i]);
	free(list->path);
	*list = (struct capture_list){ .paths = 0 };
}
