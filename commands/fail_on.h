/* SPDX-License-Identifier: BSD-3-Clause */
/* What --fail-on names. */
#ifndef COMMANDS_FAIL_ON_H
#define COMMANDS_FAIL_ON_H

#include "commands/options.h"

/* Adds the words of a list, separated by commas. False: one is unknown, and that has been said. */
bool fail_on_add(struct options *, const char *list);

#endif
