/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A directory of evidence files: one program at a time, so much on the disk at most, and a file has
 * its name only when it is complete.
 */
#ifndef COMMANDS_EVIDENCE_DIR_H
#define COMMANDS_EVIDENCE_DIR_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct evidence_dir;

/*
 * Locks the directory and looks what is there: files of earlier runs count, and what a run that was
 * killed left unfinished is removed. NULL: that cannot be, and has been said.
 */
struct evidence_dir *evidence_dir_open(const char *path, uint64_t max_len);
void evidence_dir_close(struct evidence_dir *);
/* Of the directory, for a sandbox. */
int evidence_dir_fd(const struct evidence_dir *);

/* A file without its name. NULL: errno says why. */
FILE *evidence_dir_begin(struct evidence_dir *);
/*
 * Closes it. When it is good and on the disk it gets its name, which is made of a number and the time,
 * and others go to make room. False: it is gone, and errno says why.
 */
bool evidence_dir_end(struct evidence_dir *, FILE *, bool good, int64_t time_ns);

/* Files that had to go. */
uint64_t evidence_dir_removed(const struct evidence_dir *);

#endif
