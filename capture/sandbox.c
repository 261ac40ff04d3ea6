/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The order is the lesson: who root becomes is found while it is root; then rights are dropped, then
 * files, then system calls, for each step needs what the next one takes. Nothing of it can be taken
 * back, by this process or by what would be run by it.
 */
#include "capture/sandbox.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "capture/inside.h"
#include "capture/landlock.h"
#include "capture/privileges.h"
#include "capture/seccomp.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(RSTSCOPE_NO_SANDBOX)
#define IS_OFF true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
	__has_feature(memory_sanitizer)
#define IS_OFF true
#endif
#endif
#ifndef IS_OFF
#define IS_OFF false
#endif

/* Inputs that overlap, once more for evidence, and reports: more is not ours. */
#define DESCRIPTORS_MAX (2 * CAPTURE_OPEN_MAX + 128)

static bool failed(char error[CAPTURE_ERROR_MAX], const char *what)
{
	capture_refuse(error, CAPTURE_FAILED, "cannot enter the sandbox: %s: %s", what,
		       strerror(errno));
	return false;
}

static bool limit(int resource, rlim_t most)
{
	struct rlimit now;

	if (getrlimit(resource, &now) != 0)
		return false;
	if (now.rlim_cur < most)
		most = now.rlim_cur;
	now = (struct rlimit){ most, most };
	return setrlimit(resource, &now) == 0;
}

/* A core would hold what other people typed before their session was encrypted. */
static bool set_limits(const struct sandbox_wants *wants)
{
	return limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, DESCRIPTORS_MAX) &&
	       (wants->threads || limit(RLIMIT_NPROC, 0)) &&
	       prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

bool sandbox_enter(const struct sandbox_wants *wants, struct sandbox_got *got,
		   char error[CAPTURE_ERROR_MAX])
{
	const bool is_root = privileges_are_of_root();
	struct identity who;

	*got = (struct sandbox_got){ .off = IS_OFF };
	if (got->off)
		return true;
	if (is_root && !identity_choose(wants, &who, error))
		return false;
	if (!privileges_drop(is_root ? &who : NULL, error))
		return false;
	if (!set_limits(wants))
		return failed(error, "limits");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return failed(error, "no_new_privs");
	if (!landlock_enter(wants, &got->landlock_abi))
		return failed(error, "Landlock");
	got->seccomp = seccomp_enter(wants);
	if (!got->seccomp && errno == ENOMEM)
		return failed(error, "seccomp");
	return true;
}
