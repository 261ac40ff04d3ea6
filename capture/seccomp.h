/* SPDX-License-Identifier: BSD-3-Clause */
/* Which system calls there are for this process. */
#ifndef CAPTURE_SECCOMP_H
#define CAPTURE_SECCOMP_H

#include "capture/sandbox.h"

/*
 * For good, for all threads; sets no_new_privs. False, with errno, when the kernel filters no system
 * calls or there was no memory.
 */
bool seccomp_enter(const struct sandbox_wants *);

#endif
