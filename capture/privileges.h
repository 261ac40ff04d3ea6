/* SPDX-License-Identifier: BSD-3-Clause */
/* Who this process is, and what that lets it do. */
#ifndef CAPTURE_PRIVILEGES_H
#define CAPTURE_PRIVILEGES_H

#include <stdint.h>
#include <sys/types.h>

#include "capture/sandbox.h"

struct identity {
	uid_t uid;
	gid_t gid;
	uint64_t kept; /* capabilities, as bits; 0 but in the last resort of identity_choose() */
};

/* Whether there is anybody to become: only root can. */
bool privileges_are_of_root(void);

/*
 * For good. NULL: stays who it is, and loses capabilities alone. False, with a line in error, when
 * one step failed: the process is then in between, and must end.
 */
bool privileges_drop(const struct identity *, char error[CAPTURE_ERROR_MAX]);

/* Of root's: who can do what is wanted. False, with a line in error, when nobody can. */
bool identity_choose(const struct sandbox_wants *, struct identity *,
		     char error[CAPTURE_ERROR_MAX]);

#endif
