/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Rights are dropped in the one order in which each step is still allowed: the bounding set while
 * there is CAP_SETPCAP, groups and gid while there is CAP_SETGID, then the uid, then the rest. What was
 * dropped is then asked for: a step that silently did nothing would be worse than one that fails.
 */
#define _GNU_SOURCE /* setresuid() */
#include "capture/privileges.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "capture/inside.h"

/* The interface of capset() has so many; kernels know 41 of them, and say which they do not. */
#define CAPABILITIES 64

static bool failed(char error[CAPTURE_ERROR_MAX], const char *what)
{
	capture_refuse(error, CAPTURE_FAILED, "cannot drop privileges: %s: %s", what,
		       strerror(errno));
	return false;
}

bool privileges_are_of_root(void)
{
	return geteuid() == 0 || getuid() == 0;
}

/* ---- capabilities ---- */

/* A second lock: no execve() can follow. A root of a container may lack CAP_SETPCAP, which turns it. */
static bool empty_bounding_set(void)
{
	for (unsigned long i = 0; i < CAPABILITIES; i++) {
		if (prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1 &&
		    prctl(PR_CAPBSET_DROP, i, 0, 0, 0) != 0 && errno != EPERM)
			return false;
	}
	return true;
}

/* By the system call: glibc has no function for it, and for two calls a library is much. */
static bool keep_capabilities(uint64_t kept)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	memset(data, 0, sizeof(data));
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		data[i].effective = data[i].permitted = (uint32_t)(kept >> 32 * i);
	/* Before Linux 4.3 there is no ambient set, and nothing in it. */
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	return syscall(SYS_capset, &header, data) == 0;
}

static bool has_other_capabilities(uint64_t kept)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	uint64_t has = 0;

	if (syscall(SYS_capget, &header, data) != 0)
		return true;
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		has |= (uint64_t)(data[i].effective | data[i].permitted | data[i].inheritable)
		       << 32 * i;
	return (has & ~kept) != 0;
}

/* ---- user and groups ---- */

/* In a user namespace of one user no group can be dropped; but there is also none to gain from. */
static bool drop_groups(void)
{
	return setgroups(0, NULL) == 0 || (errno == EPERM && geteuid() == 0);
}

static bool become(const struct identity *who, char error[CAPTURE_ERROR_MAX])
{
	if (!empty_bounding_set())
		return failed(error, "bounding set");
	if (prctl(PR_SET_KEEPCAPS, who->kept != 0, 0, 0, 0) != 0)
		return failed(error, "keepcaps");
	if (!drop_groups())
		return failed(error, "groups");
	if (setresgid(who->gid, who->gid, who->gid) != 0)
		return failed(error, "gid");
	if (setresuid(who->uid, who->uid, who->uid) != 0)
		return failed(error, "uid");
	return true;
}

/* Not what was asked for, but what is: also that there is no way back. */
static bool has_become(const struct identity *who)
{
	uid_t uid[3];
	gid_t gid[3];

	if (getresuid(&uid[0], &uid[1], &uid[2]) != 0 || getresgid(&gid[0], &gid[1], &gid[2]) != 0)
		return false;
	for (int i = 0; i < 3; i++) {
		if (uid[i] != who->uid || gid[i] != who->gid)
			return false;
	}
	return who->uid == 0 || (setuid(0) != 0 && seteuid(0) != 0);
}

bool privileges_drop(const struct identity *who, char error[CAPTURE_ERROR_MAX])
{
	const uint64_t kept = who != NULL ? who->kept : 0;

	if (who != NULL && !become(who, error))
		return false;
	if (!keep_capabilities(kept))
		return failed(error, "capabilities");
	errno = EPERM;
	if (has_other_capabilities(kept))
		return failed(error, "capabilities are still there");
	if (who != NULL && !has_become(who))
		return failed(error, "they come back");
	return true;
}
