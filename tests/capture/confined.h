/* SPDX-License-Identifier: BSD-3-Clause */
/* What a process may still do in the sandbox: each attempt is a child's, which may not survive it. */
#ifndef TESTS_CAPTURE_CONFINED_H
#define TESTS_CAPTURE_CONFINED_H

#include <sys/types.h>

#include "capture/sandbox.h"

/* A directory for one test: files "input" and "beside", and a directory "reports". */
struct scene {
	char folder[64], input[96], beside[96], reports[96], report[128], part[136];
	struct sandbox_place place[2]; /* the input is read, the part of the report gets its name */
	struct sandbox_wants wants;
	int part_fd; /* open for writing */
	pid_t test;  /* whom an attempt may not touch; to ask for it would be an attempt, too */
};

void scene_make(struct scene *);
void scene_remove(struct scene *);

/* A build with a sanitizer has no sandbox: the test is skipped. */
void needs_sandbox(void);

#define COULD_NOT_ENTER 254

/*
 * Has a child enter and try. 0: it did what it tried; errno, as the attempt returned it; or the
 * negative number of the signal that ended it.
 */
int confined(const struct sandbox_wants *, int (*attempt)(struct scene *), struct scene *);

/* As this user, whom only root can become. */
int confined_as(unsigned uid, const struct sandbox_wants *, int (*attempt)(struct scene *),
		struct scene *);

#endif
