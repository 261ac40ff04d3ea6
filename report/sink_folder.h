/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file's directory, opened once: later the name of the file alone is used, so that no part of the
 * path can be turned elsewhere, and a sandbox needs to allow no more than this directory.
 */
#ifndef REPORT_SINK_FOLDER_H
#define REPORT_SINK_FOLDER_H

#include <limits.h>
#include <stdbool.h>

#include "base/text.h"

struct folder {
	int fd;                    /* -1: not open */
	int parent;                /* to find it again when it was made anew; -1: cannot */
	char within[NAME_MAX + 1]; /* its name in parent */
	char base[NAME_MAX + 1];   /* the file's name in it */
};

/* False: why is in error. Nothing is open then. */
bool folder_open(struct folder *, const char *path, struct text *error);
void folder_close(struct folder *);

/* Whether another directory has its name by now; then that one is used. */
bool folder_renewed(struct folder *);

#endif
