/* SPDX-License-Identifier: BSD-3-Clause */
/* capture/identity.c and privileges.c: whom root becomes. Without root nothing of it can be tried. */
#define _GNU_SOURCE /* getresuid() */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/privileges.h"
#include "tests/capture/confined.h"

/* A user whom nobody knows by name. */
#define SOMEBODY 4321
#define SOMEBODY_ELSE 4322

static void needs_root(void)
{
	needs_sandbox();
	if (geteuid() != 0)
		cr_skip_test("only root can become another");
}

static struct identity chosen(const struct scene *s)
{
	char error[CAPTURE_ERROR_MAX] = "";
	struct identity who = { 0, 0, 0 };

	cr_assert(identity_choose(&s->wants, &who, error), "%s", error);
	return who;
}

static void expect(const struct scene *s, uid_t uid, bool without_capabilities)
{
	struct identity who = chosen(s);

	cr_expect_eq(who.uid, uid, "became %u, not %u", who.uid, uid);
	cr_expect_eq(who.kept == 0, without_capabilities);
}

static uid_t nobody(void)
{
	const struct passwd *row = getpwnam("nobody");

	return row != NULL ? row->pw_uid : 65534;
}

Test(capture_identity, root_becomes_nobody_where_nobody_can_read)
{
	struct scene s;

	needs_root();
	scene_make(&s);
	expect(&s, nobody(), true);
	s.wants.places = 0;
	expect(&s, nobody(), true);
	scene_remove(&s);
}

Test(capture_identity, a_file_for_its_owner_alone_is_read_by_its_owner)
{
	struct scene s;

	needs_root();
	scene_make(&s);
	cr_assert(chmod(s.input, 0600) == 0);
	expect(&s, 0, true);
	cr_assert(chown(s.input, SOMEBODY, SOMEBODY) == 0);
	expect(&s, SOMEBODY, true);
	scene_remove(&s);
}

Test(capture_identity, a_report_is_named_by_who_may_write_in_its_directory)
{
	struct scene s;

	needs_root();
	scene_make(&s);
	cr_assert(chmod(s.reports, 0755) == 0);
	expect(&s, 0, true);
	cr_assert(chown(s.reports, SOMEBODY, SOMEBODY) == 0);
	expect(&s, SOMEBODY, true);
	scene_remove(&s);
}

/* The part of the report is root's, and only who owns it may rename it there. */
Test(capture_identity, in_a_sticky_directory_nobody_renames_for_root)
{
	struct scene s;

	needs_root();
	scene_make(&s);
	cr_assert(chmod(s.reports, 01777) == 0);
	expect(&s, 0, true);
	scene_remove(&s);
}

Test(capture_identity, for_what_no_owner_can_do_the_modes_of_files_are_passed_by)
{
	struct scene s;

	needs_root();
	scene_make(&s);
	cr_assert(chmod(s.input, 0600) == 0 && chown(s.input, SOMEBODY, SOMEBODY) == 0);
	cr_assert(chmod(s.reports, 0700) == 0 && chown(s.reports, SOMEBODY_ELSE, 0) == 0);
	expect(&s, nobody(), false);
	scene_remove(&s);
}

static int reads_and_names(struct scene *s)
{
	if (open(s->input, O_RDONLY | O_CLOEXEC) < 0)
		return errno;
	return rename(s->part, s->report) == 0 ? 0 : errno;
}

/* What is promised by the choice is what the kernel then lets happen. */
Test(capture_identity, whoever_is_chosen_reads_the_input_and_names_the_report)
{
	static const uid_t owners[] = { 0, SOMEBODY, SOMEBODY_ELSE };
	static const mode_t modes[] = { 0777, 0755, 0700, 01777 };

	needs_root();
	for (size_t i = 0; i < 3 * 3 * 4; i++) {
		struct scene s;

		scene_make(&s);
		cr_assert(chmod(s.input, 0600) == 0);
		cr_assert(chown(s.input, owners[i % 3], 0) == 0);
		cr_assert(chown(s.reports, owners[i / 3 % 3], 0) == 0);
		cr_assert(chmod(s.reports, modes[i / 9]) == 0);
		cr_expect_eq(confined(&s.wants, reads_and_names, &s), 0,
			     "input of %u, reports of %u with mode %o", owners[i % 3],
			     owners[i / 3 % 3], modes[i / 9]);
		scene_remove(&s);
	}
}

Test(capture_identity, a_user_that_is_named_must_be_able_to_use_the_places)
{
	char error[CAPTURE_ERROR_MAX];
	struct identity who;
	struct scene s;

	needs_root();
	scene_make(&s);
	s.wants.user = "nobody";
	cr_expect(identity_choose(&s.wants, &who, error) && who.uid == nobody());
	cr_assert(chmod(s.input, 0600) == 0);
	cr_expect_not(identity_choose(&s.wants, &who, error));
	cr_expect(strstr(error, "may not use") != NULL, "%s", error);
	s.wants.user = "no-such-user";
	cr_expect_not(identity_choose(&s.wants, &who, error));
	s.wants.user = "root";
	cr_expect_not(identity_choose(&s.wants, &who, error));
	scene_remove(&s);
}

/* ---- what is left ---- */

/* By its parent: the child may not look at itself. */
static int lets_others_look(struct scene *s)
{
	char byte;

	return write(s->part_fd, "r", 1) == 1 && read(STDIN_FILENO, &byte, 1) >= 0 ? 0 : errno;
}

static void expect_line(const char *status, const char *line)
{
	cr_expect(strstr(status, line) != NULL, "no '%s'", line + 1);
}

Test(capture_identity, nothing_of_root_is_left)
{
	static const char *const lines[] = {
		"\nGroups:\t \n",
		"\nCapInh:\t0000000000000000\n",
		"\nCapPrm:\t0000000000000000\n",
		"\nCapEff:\t0000000000000000\n",
		"\nCapBnd:\t0000000000000000\n",
		"\nCapAmb:\t0000000000000000\n",
		"\nNoNewPrivs:\t1\n",
		"\nSeccomp:\t2\n",
	};
	char path[64], status[4096] = "", byte, uids[96];
	int ready[2], go[2];
	struct scene s;
	FILE *file;
	pid_t child;

	needs_root();
	scene_make(&s);
	cr_assert(pipe(ready) == 0 && pipe(go) == 0);
	child = fork();
	if (child == 0) {
		const gid_t groups[] = { 1, 2, SOMEBODY };

		cr_assert(setgroups(3, groups) == 0); /* so that there are some to lose */
		dup2(go[0], STDIN_FILENO);
		s.part_fd = ready[1];
		_exit(confined(&s.wants, lets_others_look, &s) == 0 ? 0 : 1);
	}
	cr_assert(read(ready[0], &byte, 1) == 1);
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", child, child);
	file = fopen(path, "r");
	cr_assert(file != NULL && fscanf(file, "%d", &child) == 1 && fclose(file) == 0);
	snprintf(path, sizeof(path), "/proc/%d/status", child);
	file = fopen(path, "r");
	cr_assert(file != NULL && fread(status, 1, sizeof(status) - 1, file) > 0);
	fclose(file);
	snprintf(uids, sizeof(uids), "\nUid:\t%u\t%u\t%u\t%u\n", nobody(), nobody(), nobody(),
		 nobody());
	expect_line(status, uids);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		expect_line(status, lines[i]);
	cr_expect(write(go[1], "g", 1) == 1);
	close(go[1]);
	scene_remove(&s);
}
