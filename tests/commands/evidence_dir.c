/* SPDX-License-Identifier: BSD-3-Clause */
/* A directory of evidence: complete files, so much at most, one program at a time. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/evidence_dir.h"

#define TIME_NS INT64_C(1793785527000000000) /* 2026-11-04 09:45:27 UTC */

static char folder[64];

static void make_folder(void)
{
	strcpy(folder, "/tmp/rstscope-evidence-XXXXXX");
	cr_assert_not_null(mkdtemp(folder));
}

static const char *in_folder(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static size_t count_files(void)
{
	DIR *dir = opendir(folder);
	size_t count = 0;

	for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir))
		count += e->d_name[0] != '.';
	closedir(dir);
	return count;
}

static void remove_folder(void)
{
	DIR *dir = opendir(folder);

	for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir))
		unlinkat(dirfd(dir), e->d_name, 0);
	closedir(dir);
	rmdir(folder);
}

TestSuite(commands_evidence_dir, .init = make_folder, .fini = remove_folder);

static bool write_one(struct evidence_dir *d, size_t len)
{
	FILE *file = evidence_dir_begin(d);

	cr_assert_not_null(file);
	for (size_t i = 0; i < len; i++)
		putc('x', file);
	return evidence_dir_end(d, file, true, TIME_NS);
}

Test(commands_evidence_dir, a_file_has_its_name_when_it_is_complete)
{
	struct evidence_dir *d = evidence_dir_open(folder, 1 << 20);
	FILE *file = evidence_dir_begin(d);
	struct stat st;

	fputs("something", file);
	fflush(file);
	cr_expect_neq(access(in_folder("rstscope-00000001-20261104T094527Z.pcapng"), F_OK), 0);
	cr_expect(evidence_dir_end(d, file, true, TIME_NS));
	cr_expect_eq(stat(in_folder("rstscope-00000001-20261104T094527Z.pcapng"), &st), 0);
	cr_expect_eq(st.st_mode & 0777, 0600);
	cr_expect_eq(st.st_size, 9);
	cr_expect_eq(count_files(), 1);
	evidence_dir_close(d);
}

Test(commands_evidence_dir, a_file_that_is_not_good_leaves_nothing)
{
	struct evidence_dir *d = evidence_dir_open(folder, 1 << 20);

	cr_expect_not(evidence_dir_end(d, evidence_dir_begin(d), false, TIME_NS));
	cr_expect_eq(count_files(), 0);
	cr_expect(write_one(d, 1), "the next one is");
	evidence_dir_close(d);
}

Test(commands_evidence_dir, the_oldest_make_room)
{
	struct evidence_dir *d = evidence_dir_open(folder, 1000);

	for (int i = 0; i < 10; i++)
		cr_expect(write_one(d, 300));
	cr_expect_eq(count_files(), 3);
	cr_expect_eq(evidence_dir_removed(d), 7);
	cr_expect_eq(access(in_folder("rstscope-00000010-20261104T094527Z.pcapng"), F_OK), 0);
	cr_expect_eq(access(in_folder("rstscope-00000008-20261104T094527Z.pcapng"), F_OK), 0);
	evidence_dir_close(d);
}

Test(commands_evidence_dir, what_alone_is_too_large_drives_nobody_out)
{
	struct evidence_dir *d = evidence_dir_open(folder, 1000);

	cr_expect(write_one(d, 300));
	cr_expect_not(write_one(d, 1001));
	cr_expect_eq(count_files(), 1);
	evidence_dir_close(d);
}

Test(commands_evidence_dir, earlier_runs_count_and_others_files_do_not)
{
	struct evidence_dir *d = evidence_dir_open(folder, 1000);
	FILE *file;

	cr_expect(write_one(d, 400));
	cr_expect(write_one(d, 400));
	evidence_dir_close(d);
	file = fopen(in_folder("rstscope-notes.txt"), "w");
	fprintf(file, "%2000s", "mine");
	fclose(file);
	d = evidence_dir_open(folder, 1000);
	cr_expect(write_one(d, 400));
	cr_expect_eq(evidence_dir_removed(d), 1);
	cr_expect_eq(access(in_folder("rstscope-00000003-20261104T094527Z.pcapng"), F_OK), 0);
	cr_expect_eq(access(in_folder("rstscope-notes.txt"), F_OK), 0);
	evidence_dir_close(d);
}

Test(commands_evidence_dir, what_a_killed_run_left_is_removed)
{
	struct evidence_dir *d = evidence_dir_open(folder, 1000);
	FILE *file = evidence_dir_begin(d);

	fputs("half", file);
	evidence_dir_close(d); /* as when it is killed: the file stays */
	fclose(file);
	cr_expect_eq(count_files(), 1);
	d = evidence_dir_open(folder, 1000);
	cr_expect_eq(count_files(), 0);
	evidence_dir_close(d);
}

Test(commands_evidence_dir, a_second_one_is_refused_until_the_first_is_gone)
{
	struct evidence_dir *first = evidence_dir_open(folder, 1000);

	cr_expect_null(evidence_dir_open(folder, 1000));
	evidence_dir_close(first);
	first = evidence_dir_open(folder, 1000);
	cr_expect_not_null(first);
	evidence_dir_close(first);
}

Test(commands_evidence_dir, a_link_in_the_place_of_a_file_leads_nowhere)
{
	struct evidence_dir *d = evidence_dir_open(folder, 1000);

	cr_assert_eq(symlink("target", in_folder("rstscope.part")), 0);
	cr_expect_null(evidence_dir_begin(d));
	cr_expect_neq(access(in_folder("target"), F_OK), 0);
	evidence_dir_close(d);
}

Test(commands_evidence_dir, a_directory_that_is_none_is_said)
{
	cr_expect_null(evidence_dir_open("/nonexistent/folder", 1000));
	cr_expect_null(evidence_dir_open("/dev/null", 1000));
}
