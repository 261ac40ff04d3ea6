/* SPDX-License-Identifier: BSD-3-Clause */
/* Into the sandbox, and what of that is said. */
#ifndef COMMANDS_CONFINE_H
#define COMMANDS_CONFINE_H

#include "capture/sandbox.h"
#include "commands/inputs.h"
#include "commands/options.h"

/* Before anything is opened. */
void confine_tidy(const struct options *);
/*
 * After the outputs were opened and the directories listed, before the first byte of an input is looked
 * at. False: it could not be done, which has been said.
 */
bool confine_reading(const struct options *, const struct inputs *);

/* What all commands have in common. False: as above. */
bool confine(const struct sandbox_wants *, bool quiet, bool verbose);

#endif
