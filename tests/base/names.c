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
