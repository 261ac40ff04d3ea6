/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <string.h>

#include "base/names.h"

static const char *const verbs[] = { "read", "live", "compare", "explain", NULL };

static void expect(const char *typed, const char *meant)
{
	const char *nearest = names_nearest(typed, verbs);

	if (meant == NULL)
		cr_expect_null(nearest, "%s: %s", typed, nearest);
	else
		cr_expect_str_eq(nearest != NULL ? nearest : "nothing", meant, "%s", typed);
}

Test(base_names, a_wrong_missing_or_added_letter_is_forgiven)
{
	expect("raed", "read");
	expect("reed", "read");
	expect("rad", "read");
	expect("reads", "read");
	expect("compair", "compare");
	expect("explian", "explain");
}

Test(base_names, the_word_itself_is_nearest)
{
	expect("live", "live");
}

Test(base_names, of_two_the_nearer_wins)
{
	static const char *const words[] = { "server_reboot", "server_restart", NULL };

	cr_expect_str_eq(names_nearest("server_restar", words), "server_restart");
}

Test(base_names, what_is_like_nothing_is_not_guessed)
{
	expect("", NULL);
	expect("tcpdump", NULL);
	expect("192.0.2.1", NULL);
	expect("rx", NULL);
}

Test(base_names, a_word_far_longer_than_any_is_not_guessed)
{
	char typed[400];

	for (size_t len = 30; len < sizeof(typed); len++) {
		memset(typed, 'x', len);
		typed[len] = '\0';
		expect(typed, NULL);
	}
}

Test(base_names, an_empty_list_has_no_nearest)
{
	static const char *const words[] = { NULL };

	cr_expect_null(names_nearest("read", words));
}

static const char *const crashes[] = { "server_crash", "server_reboot",
				       "client_abort", "server_crash",
				       "idle_timeout", "server_restart",
				       "service_down", NULL };

Test(base_names, a_part_of_several_words_may_mean_each_of_them_once)
{
	const char *near[8];

	cr_assert_eq(names_near("server_", crashes, near, 8), 3);
	cr_expect_str_eq(near[0], "server_crash");
	cr_expect_str_eq(near[1], "server_reboot");
	cr_expect_str_eq(near[2], "server_restart");
	cr_assert_eq(names_near("server_", crashes, near, 2), 2);
	cr_assert_eq(names_near("idle", crashes, near, 8), 1);
	cr_expect_str_eq(near[0], "idle_timeout");
}

Test(base_names, what_is_part_of_none_may_mean_the_nearest)
{
	const char *near[8];

	cr_assert_eq(names_near("servcie_down", crashes, near, 8), 1);
	cr_expect_str_eq(near[0], "service_down");
	cr_expect_eq(names_near("es", crashes, near, 8), 0);
	cr_expect_eq(names_near("quite_another", crashes, near, 8), 0);
}
