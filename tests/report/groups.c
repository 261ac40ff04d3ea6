/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <string.h>

#include "base/clock.h"
#include "report/groups.h"
#include "tests/report/example.h"

static struct conn conn;
static struct verdict verdict;
static struct groups groups;

static void setup(void)
{
	example_conn(&conn);
	example_verdict(&verdict);
	memset(&groups, 0, sizeof(groups));
}

TestSuite(report_groups, .init = setup);

/* The example, to another server. */
static void add_to(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	conn.peer[SERVER].at.ip = (struct address){ 4, { a, b, c, d } };
	groups_add(&groups, &conn, &verdict);
	conn.id++;
}

static void expect_prefix(const struct prefix *prefix, const char *wanted)
{
	char buffer[64];
	struct text t = text_in(buffer, sizeof(buffer));

	prefix_add(&t, prefix);
	cr_expect_str_eq(buffer, wanted, "%s", buffer);
}

Test(report_groups, one_cause_in_one_network_is_one_group)
{
	const struct group *group = &groups.group[0];

	add_to(10, 1, 2, 3);
	conn.end.idle_before_ns = 349 * NS_PER_S;
	add_to(10, 1, 2, 7);
	add_to(10, 1, 2, 7);
	cr_assert_eq(groups.count, 1);
	add_to(10, 1, 2, 7);
	conn.end.idle_before_ns = 3 * NS_PER_S; /* no news */
	add_to(10, 1, 2, 7);
	cr_expect_eq(group->silence_ns.count, 4);
	cr_expect_eq(group->silence_ns.least, 349 * NS_PER_S);
	cr_expect_eq(group->silence_ns.most, 352100 * NS_PER_MS);
	cr_expect_eq(group->port, 22);
	cr_expect(group->example[0] == 3 && group->example[1] == 4 && group->example[2] == 5);
	expect_prefix(&group->servers, "10.1.2.0/29"); /* no wider than need be: 3 and 7 */
	expect_prefix(&group->clients, "198.51.100.7");
}

Test(report_groups, another_network_cause_or_culprit_is_another_group)
{
	add_to(10, 1, 2, 3);
	add_to(10, 1, 3, 3);
	verdict.who = WHO_SERVER;
	add_to(10, 1, 3, 3);
	verdict.cause = CAUSE_server_crash;
	add_to(10, 1, 3, 3);
	conn.peer[SERVER].at.ip.family = 6;
	groups_add(&groups, &conn, &verdict);
	cr_expect_eq(groups.count, 5);
}

Test(report_groups, who_was_logged_in_is_not_folded_with_who_was_not)
{
	add_to(10, 1, 2, 3);
	conn.ssh.phase = SSH_PHASE_AUTH;
	add_to(10, 1, 2, 3);
	cr_assert_eq(groups.count, 2);
	cr_expect(groups.group[0].in_session && !groups.group[1].in_session);
}

Test(report_groups, healthy_connections_are_what_a_share_is_of)
{
	add_to(10, 1, 2, 3);
	verdict.cause = CAUSE_orderly_close;
	add_to(10, 1, 2, 200);
	add_to(10, 1, 3, 1);
	cr_assert_eq(groups.count, 1);
	cr_expect_eq(groups.odd, 1);
	cr_expect_eq(groups_place(&groups, &groups.group[0])->connections, 2);
	expect_prefix(&groups_place(&groups, &groups.group[0])->servers, "10.1.2.0/24");
}

static void of_reset(uint8_t ttl, uint8_t client_ttl, uint8_t server_ttl)
{
	conn.resets_kept = 1;
	conn.ending_reset = 0;
	conn.reset[0].seen.ttl = ttl;
	conn.peer[CLIENT].ttl_min = conn.peer[CLIENT].ttl_max = client_ttl;
	conn.peer[SERVER].ttl_min = conn.peer[SERVER].ttl_max = server_ttl;
	add_to(10, 1, 2, 3);
}

Test(report_groups, distances_of_resets_are_counted_from_where_the_capture_was)
{
	const struct group *group = &groups.group[0];

	of_reset(61, 64, 57);
	of_reset(252, 64, 57);
	cr_assert_eq(groups.count, 1);
	cr_expect(group->hops.count == 2 && group->hops.least == 3 && group->hops.most == 3);
	cr_expect_eq(group->vantage, VANTAGE_CLIENT);
	of_reset(126, 60, 64);
	cr_expect(group->hops.least == 2 && group->hops.most == 3);
	cr_expect_eq(group->vantage, VANTAGE_BETWEEN, "counted from two places, so from neither");
}

Test(report_groups, a_reset_of_a_host_has_no_distance_to_tell)
{
	verdict.who = WHO_SERVER;
	of_reset(61, 64, 57);
	cr_expect_eq(groups.group[0].hops.count, 0);
}

Test(report_groups, a_scan_makes_networks_wider_and_loses_nothing)
{
	uint64_t sum = 0;

	conn.ssh.phase = SSH_PHASE_IDENTIFICATION;
	for (int i = 0; i < 6000; i++) /* two to each network, before it becomes wider */
		add_to(10, (uint8_t)(i / 512), (uint8_t)(i / 2), 1);
	for (size_t i = 0; i < groups.count; i++) {
		cr_expect_eq(groups_place(&groups, &groups.group[i])->connections,
			     groups.group[i].count);
		sum += groups.group[i].count;
	}
	cr_expect_eq(sum, 6000);
	cr_expect_eq(groups.others, 0);
	cr_expect_eq(groups.count, 12, "one for each /16: %zu", groups.count);
}

Test(report_groups, a_scan_of_everything_leaves_the_session_its_own_group)
{
	add_to(10, 1, 2, 3);
	conn.ssh.phase = SSH_PHASE_IDENTIFICATION;
	verdict.cause = CAUSE_client_abort;
	verdict.who = WHO_CLIENT;
	for (int i = 0; i < 100000; i++)
		add_to((uint8_t)(i * 7), (uint8_t)(i / 256), (uint8_t)i, 1);
	cr_assert_geq(groups.count, 2);
	groups_sort(&groups);
	cr_expect(groups.group[0].in_session);
	cr_expect_eq(groups.group[0].example[0], 3);
	expect_prefix(&groups.group[0].servers, "10.1.2.3");
	cr_expect_eq(groups_place(&groups, &groups.group[1])->connections,
		     groups.group[1].count + (groups.count == 2));
}

Test(report_groups, what_finds_no_room_at_all_is_counted)
{
	for (int i = 0; i < 2 * GROUPS_MAX; i++) {
		struct group *group = &groups.group[i % GROUPS_MAX];

		if (i < GROUPS_MAX) { /* full of what nothing is like, and as wide as can be */
			*group = (struct group){ .cause = CAUSE_COUNT,
						 .who = WHO_COUNT,
						 .count = 1 };
			group->example[0] = (uint64_t)i;
			group->port = (uint16_t)i;
		}
	}
	groups.count = GROUPS_MAX;
	groups.level = 3;
	add_to(10, 1, 2, 3);
	cr_expect_eq(groups.others, 1);
	cr_expect_eq(groups.count, GROUPS_MAX);
}
