/* SPDX-License-Identifier: BSD-3-Clause */
/* The commands' door, for main.c. */
#ifndef COMMANDS_COMMANDS_H
#define COMMANDS_COMMANDS_H

/* What a script can count on: exit status. */
enum status {
	STATUS_DONE = 0,
	STATUS_FOUND = 1,    /* something that --fail-on names */
	STATUS_USAGE = 2,
	STATUS_DAMAGED = 3,  /* some input was damaged; the rest is in the report */
	STATUS_IMPOSSIBLE = 4,
};

/* Each takes its own name as argv[0] and returns the exit status. */
#define VERB(name, arguments, purpose) int command_##name(int argc, char **argv);
#include "commands/verbs.def"
#undef VERB

/* Any other first word: --help, --version, a file, or a mistake. argv[0] is the program. */
int command_other(int argc, char **argv);

#endif
