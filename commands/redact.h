/* SPDX-License-Identifier: BSD-3-Clause */
/* --redact: whose key names are replaced with, and what stands for the inputs' names. */
#ifndef COMMANDS_REDACT_H
#define COMMANDS_REDACT_H

#include "base/pseudonym.h"
#include "commands/inputs.h"

/*
 * path NULL: a key that nobody learns. Else the 32 octets in that file, which is made if there is
 * none. False: it cannot be read, written or used as a key, and that has been said.
 */
bool redact_begin(struct pseudonyms *, const char *path, bool quiet);

/*
 * Names for the reports in place of paths: file1.pcap, file2.pcapng, ... in the order they are read.
 * "-" stays. An array with one allocation for all; free() it.
 */
const char **redact_paths(const struct inputs *, const struct capture *);

#endif
