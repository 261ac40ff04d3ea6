/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whom root becomes.
 *
 * Root reads what others may not, and writes where others may not; as nobody both can fail, late and
 * with a report lost. So it is tried, not reckoned: a child becomes the candidate, asks the system
 * about each place, and says yes or no. Candidates are nobody, then whoever owns one of the places
 * (the captures are tcpdump's, or it is all root's: an owner without capabilities). At the last, as
 * somebody's capture may go to a report of somebody else's, nobody with just the right to pass by the
 * modes of files; Landlock still says of which.
 */
#define _GNU_SOURCE /* faccessat() by effective ids */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture/inside.h"
#include "capture/privileges.h"

/* What Linux and most distributions call nobody, should there be no list of users. */
#define NOBODY_ID 65534
/* Each is a process: of many owners hardly one can use what is the others'. */
#define CANDIDATES_MAX 6

#define PAST_THE_MODES ((UINT64_C(1) << CAP_DAC_OVERRIDE) | (UINT64_C(1) << CAP_FOWNER))

struct candidates {
	struct identity who[CANDIDATES_MAX];
	size_t count;
};

/* ---- may this process use a place? ---- */

#define FD_PATH_MAX sizeof("/proc/self/fd/-2147483648")

static const char *path_of(const struct sandbox_place *place, char by_fd[FD_PATH_MAX])
{
	if (place->path != NULL)
		return place->path;
	snprintf(by_fd, FD_PATH_MAX, "/proc/self/fd/%d", place->fd);
	return by_fd;
}

/* In a sticky directory only owners rename: root made the files, so root or who has the directory. */
static bool may_name(const struct stat *folder)
{
	return (folder->st_mode & S_ISVTX) == 0 || geteuid() == 0 || geteuid() == folder->st_uid;
}

static bool can_use(const struct sandbox_place *place)
{
	char by_fd[FD_PATH_MAX];
	const char *path = path_of(place, by_fd);
	int mode = place->use == SANDBOX_READ ? R_OK : W_OK | X_OK;
	struct stat st;

	if (stat(path, &st) != 0)
		return errno == ENOENT || errno == ENOTDIR; /* nobody finds it */
	if (S_ISDIR(st.st_mode))
		mode |= X_OK;
	if (place->use == SANDBOX_WRITE)
		mode |= R_OK;
	return faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0 &&
	       (place->use != SANDBOX_NAME || may_name(&st));
}

static bool can_all(const struct sandbox_wants *wants, const struct identity *who)
{
	char error[CAPTURE_ERROR_MAX];
	pid_t child = fork();
	int status;

	if (child == 0) {
		bool can = privileges_drop(who, error);

		for (size_t i = 0; can && i < wants->places; i++)
			can = can_use(&wants->place[i]);
		_exit(can ? 0 : 1);
	}
	if (child < 0)
		return false;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* ---- candidates ---- */

static struct identity nobody(void)
{
	const struct passwd *row = getpwnam("nobody");

	return row != NULL ? (struct identity){ row->pw_uid, row->pw_gid, 0 } :
			     (struct identity){ NOBODY_ID, NOBODY_ID, 0 };
}

static void add(struct candidates *c, uid_t uid, gid_t gid)
{
	for (size_t i = 0; i < c->count; i++) {
		if (c->who[i].uid == uid && c->who[i].gid == gid)
			return;
	}
	if (c->count < CANDIDATES_MAX)
		c->who[c->count++] = (struct identity){ uid, gid, 0 };
}

static struct candidates candidates_for(const struct sandbox_wants *wants)
{
	struct candidates c = { .who = { nobody() }, .count = 1 };
	char by_fd[FD_PATH_MAX];
	struct stat st;

	for (size_t i = 0; i < wants->places; i++) {
		if (stat(path_of(&wants->place[i], by_fd), &st) == 0 && st.st_uid != 0)
			add(&c, st.st_uid, st.st_gid);
	}
	if (c.count == CANDIDATES_MAX)
		c.count--;
	add(&c, 0, 0); /* also where there is nobody else: in a user namespace of one user */
	return c;
}

static bool named(const struct sandbox_wants *wants, struct identity *who,
		  char error[CAPTURE_ERROR_MAX])
{
	const struct passwd *row = getpwnam(wants->user);

	if (row == NULL || row->pw_uid == 0) {
		capture_refuse(error, CAPTURE_FAILED, "%s is no user to become",
			       row == NULL ? "that" : "root");
		return false;
	}
	*who = (struct identity){ row->pw_uid, row->pw_gid, 0 };
	if (can_all(wants, who))
		return true;
	capture_refuse(error, CAPTURE_FAILED,
		       "this user cannot be become, or may not use the files and directories");
	return false;
}

bool identity_choose(const struct sandbox_wants *wants, struct identity *who,
		     char error[CAPTURE_ERROR_MAX])
{
	struct candidates c;

	if (wants->user != NULL)
		return named(wants, who, error);
	c = candidates_for(wants);
	for (size_t i = 0; i < c.count; i++) {
		*who = c.who[i];
		if (can_all(wants, who))
			return true;
	}
	*who = nobody();
	who->kept = PAST_THE_MODES;
	return true;
}
