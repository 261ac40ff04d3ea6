/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "dissect/ssh.h"

static struct ssh_slice slice(const char *text)
{
	return (struct ssh_slice){ (const uint8_t *)text, strlen(text) };
}

static void expect_choice(const char *client, const char *server, const char *wanted)
{
	struct ssh_kexinit ours = { .list = { slice(client) } };
	struct ssh_kexinit theirs = { .list = { slice(server) } };
	struct ssh_slice chosen;
	bool agreed = ssh_negotiate(&ours, &theirs, 0, &chosen);

	cr_expect_eq(agreed, wanted != NULL, "%s and %s", client, server);
	if (agreed && wanted != NULL)
		cr_expect(ssh_slice_is(chosen, wanted), "%s and %s: %.*s", client, server,
			  (int)chosen.len, (const char *)chosen.at);
}

Test(dissect_ssh_negotiate, the_first_of_the_clients_names_that_the_server_knows_is_chosen)
{
	expect_choice("a,b,c", "c,b", "b");
	expect_choice("a", "a", "a");
	expect_choice("a,b", "b,a", "a");
	expect_choice("none,zlib", "zlib,none", "none");
}

Test(dissect_ssh_negotiate, names_without_a_match_are_not_chosen)
{
	expect_choice("a,b", "c,d", NULL);
	expect_choice("aes128-ctr", "aes128-ct", NULL);
	expect_choice("aes128-ct", "aes128-ctr", NULL);
	expect_choice("", "a", NULL);
	expect_choice("a", "", NULL);
	expect_choice("", "", NULL);
}

/* RFC 8308 section 2.1: what only announces is never chosen, even when both lists have it. */
Test(dissect_ssh_negotiate, markers_are_no_algorithms)
{
	static const char *const markers[] = { "ext-info-c", "ext-info-s",
					       "kex-strict-c-v00@openssh.com",
					       "kex-strict-s-v00@openssh.com" };

	for (size_t i = 0; i < 4; i++) {
		char list[64];

		snprintf(list, sizeof(list), "%s,b", markers[i]);
		expect_choice(list, list, "b");
		expect_choice(markers[i], markers[i], NULL);
	}
}

static struct ssh_kexinit preferring(const char *kex, const char *host_key)
{
	return (struct ssh_kexinit){ .list = { slice(kex), slice(host_key) } };
}

/* RFC 4253 section 7: the first of both lists, whatever is chosen in the end. */
Test(dissect_ssh_negotiate, a_guess_is_right_when_both_first_names_agree)
{
	static const struct {
		const char *kex, *host_key;
		bool right;
	} rows[] = {
		{ "a,b", "x,y", true },  { "a", "x", true },     { "b,a", "x,y", false },
		{ "a,b", "y,x", false }, { "", "x", false },     { "a", "", false },
		{ "ab", "x", false },    { "a,c", "x,z", true },
	};
	struct ssh_kexinit ours = preferring("a,b", "x,y");

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ssh_kexinit theirs = preferring(rows[i].kex, rows[i].host_key);

		cr_expect_eq(ssh_guess_is_right(&ours, &theirs), rows[i].right, "row %zu", i);
		cr_expect_eq(ssh_guess_is_right(&theirs, &ours), rows[i].right, "row %zu", i);
	}
}

Test(dissect_ssh_negotiate, each_side_asks_for_strict_key_exchange_with_its_own_marker)
{
	struct ssh_kexinit client = preferring("a,kex-strict-c-v00@openssh.com", "x");
	struct ssh_kexinit server = preferring("kex-strict-s-v00@openssh.com,a", "x");

	cr_expect(ssh_asks_for_strict(&client, false));
	cr_expect_not(ssh_asks_for_strict(&client, true));
	cr_expect(ssh_asks_for_strict(&server, true));
	cr_expect_not(ssh_asks_for_strict(&server, false));
}

Test(dissect_ssh_negotiate, a_list_is_long_when_it_has_more_names_than_are_compared)
{
	char names[2 * (SSH_LIST_NAMES_MAX + 1) + 1] = "";

	for (size_t i = 0; i < SSH_LIST_NAMES_MAX; i++)
		strcat(names, i == 0 ? "a" : ",a");
	cr_expect_not(ssh_list_is_long(slice("")));
	cr_expect_not(ssh_list_is_long(slice(names)));
	strcat(names, ",a");
	cr_expect(ssh_list_is_long(slice(names)));
}
