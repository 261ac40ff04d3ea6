/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE /* setresuid() */
#include "tests/capture/confined.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	cr_assert(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

void scene_make(struct scene *s)
{
	snprintf(s->folder, sizeof(s->folder), "/tmp/rstscope-sandbox-XXXXXX");
	cr_assert(mkdtemp(s->folder) != NULL);
	cr_assert(chmod(s->folder, 0755) == 0);
	snprintf(s->input, sizeof(s->input), "%s/input", s->folder);
	snprintf(s->beside, sizeof(s->beside), "%s/beside", s->folder);
	snprintf(s->reports, sizeof(s->reports), "%s/reports", s->folder);
	snprintf(s->report, sizeof(s->report), "%s/x.html", s->reports);
	snprintf(s->part, sizeof(s->part), "%s.part", s->report);
	write_file(s->input, "frames");
	write_file(s->beside, "secret");
	cr_assert(mkdir(s->reports, 0777) == 0 && chmod(s->reports, 0777) == 0);
	s->part_fd = open(s->part, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	cr_assert(s->part_fd >= 0);
	s->place[0] = (struct sandbox_place){ SANDBOX_READ, s->input, -1 };
	s->place[1] = (struct sandbox_place){ SANDBOX_NAME, s->reports, -1 };
	s->test = getpid();
	s->wants = (struct sandbox_wants){ .place = s->place, .places = 2 };
}

void scene_remove(struct scene *s)
{
	close(s->part_fd);
	unlink(s->part);
	unlink(s->report);
	unlink(s->input);
	unlink(s->beside);
	rmdir(s->reports);
	cr_assert(rmdir(s->folder) == 0, "something was left in %s", s->folder);
}

static bool is_off(void)
{
	const struct sandbox_wants wants = { .threads = true };
	char error[CAPTURE_ERROR_MAX];
	struct sandbox_got got;
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(sandbox_enter(&wants, &got, error) && got.off ? 1 : 0);
	cr_assert(waitpid(child, &status, 0) == child && WIFEXITED(status));
	return WEXITSTATUS(status) == 1;
}

void needs_sandbox(void)
{
	if (is_off())
		cr_skip_test("a build with a sanitizer has no sandbox");
}

static void try_it(const struct sandbox_wants *wants, int (*attempt)(struct scene *),
		   struct scene *scene)
{
	char error[CAPTURE_ERROR_MAX];
	struct sandbox_got got;

	if (!sandbox_enter(wants, &got, error) || !got.seccomp)
		_exit(COULD_NOT_ENTER);
	_exit(attempt(scene));
}

static int ending_of(pid_t child)
{
	int status;

	cr_assert(child > 0 && waitpid(child, &status, 0) == child);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

int confined(const struct sandbox_wants *wants, int (*attempt)(struct scene *), struct scene *scene)
{
	pid_t child = fork();

	if (child == 0)
		try_it(wants, attempt, scene);
	return ending_of(child);
}

int confined_as(unsigned uid, const struct sandbox_wants *wants, int (*attempt)(struct scene *),
		struct scene *scene)
{
	pid_t child = fork();

	if (child == 0) {
		if (setgroups(0, NULL) != 0 || setresgid(uid, uid, uid) != 0 ||
		    setresuid(uid, uid, uid) != 0)
			_exit(COULD_NOT_ENTER);
		try_it(wants, attempt, scene);
	}
	return ending_of(child);
}
