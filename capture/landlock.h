/* SPDX-License-Identifier: BSD-3-Clause */
/* Which files there are for this process: those of the places that are wanted. */
#ifndef CAPTURE_LANDLOCK_H
#define CAPTURE_LANDLOCK_H

#include "capture/sandbox.h"

/*
 * For this thread and those that it starts, for good; no_new_privs has to be set. The kernel's ABI
 * goes to *abi, 0 when it has none: that is no failure. False, with errno, when it should have worked.
 */
bool landlock_enter(const struct sandbox_wants *, int *abi);

#endif
