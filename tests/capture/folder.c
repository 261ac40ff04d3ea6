/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/capture/opened.h"

static void add(const char *folder, const char *name)
{
	char path[2 * TEMP_PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	cr_assert_not_null(file);
	fclose(file);
}

Test(capture_folder, the_files_directly_in_it_are_listed_by_name_and_number)
{
	static const char *const names[] = { "x.pcap10", "x.pcap9", "README", "x.pcap", ".hidden" };
	static const char *const wanted[] = { "README", "x.pcap", "x.pcap9", "x.pcap10" };
	char folder[TEMP_PATH_MAX], path[2 * TEMP_PATH_MAX], error[CAPTURE_ERROR_MAX] = "";
	struct capture_list list;

	temp_name(folder);
	cr_assert_eq(mkdir(folder, 0700), 0);
	cr_expect(capture_is_folder(folder));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		add(folder, names[i]);
	snprintf(path, sizeof(path), "%s/deeper", folder);
	cr_assert_eq(mkdir(path, 0700), 0);
	add(folder, "deeper/y.pcap");
	snprintf(path, sizeof(path), "%s/fifo", folder);
	cr_assert_eq(mkfifo(path, 0600), 0);

	cr_assert(capture_list_folder(&list, folder, error), "%s", error);
	cr_assert_eq(list.paths, sizeof(wanted) / sizeof(wanted[0]));
	for (size_t i = 0; i < list.paths; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, wanted[i]);
		cr_expect_str_eq(list.path[i], path);
		cr_expect_not(capture_is_folder(path));
	}
	capture_list_free(&list);

	snprintf(path, sizeof(path), "%s/", folder);
	cr_assert(capture_list_folder(&list, path, error), "%s", error);
	snprintf(path, sizeof(path), "%s/README", folder);
	cr_expect_str_eq(list.path[0], path, "no second slash: %s", list.path[0]);
	capture_list_free(&list);
	snprintf(path, sizeof(path), "rm -r '%s'", folder);
	cr_expect_eq(system(path), 0);
}

Test(capture_folder, a_dash_is_standard_input_even_where_a_directory_has_that_name)
{
	char folder[TEMP_PATH_MAX];

	temp_name(folder);
	cr_assert_eq(mkdir(folder, 0700), 0);
	cr_assert_eq(chdir(folder), 0);
	cr_assert_eq(mkdir("-", 0700), 0);
	cr_expect(capture_is_folder("./-"));
	cr_expect_not(capture_is_folder("-"));
	rmdir("-");
	rmdir(folder);
}

/* It is for opening to say what is wrong with it. */
Test(capture_folder, a_file_that_cannot_be_looked_at_is_listed)
{
	char folder[TEMP_PATH_MAX], path[2 * TEMP_PATH_MAX], error[CAPTURE_ERROR_MAX] = "";
	struct capture_list list;

	temp_name(folder);
	cr_assert_eq(mkdir(folder, 0700), 0);
	snprintf(path, sizeof(path), "%s/dangling", folder);
	cr_assert_eq(symlink("nowhere", path), 0);
	cr_assert(capture_list_folder(&list, folder, error), "%s", error);
	cr_assert_eq(list.paths, 1);
	cr_expect_str_eq(list.path[0], path);
	capture_list_free(&list);
	unlink(path);
	rmdir(folder);
}

Test(capture_folder, what_is_no_directory_has_no_list_but_a_reason)
{
	char path[TEMP_PATH_MAX], error[CAPTURE_ERROR_MAX] = "";
	struct capture_list list;

	temp_name(path);
	cr_expect_not(capture_is_folder(path));
	cr_expect_not(capture_is_folder("-"));
	cr_expect_not(capture_list_folder(&list, path, error));
	cr_expect_not_null(strstr(error, "No such file or directory"), "%s", error);
	cr_expect_eq(list.paths, 0);
	capture_list_free(&list);
}
