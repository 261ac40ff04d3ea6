/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <string.h>

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

TestSuite(report_severity, .init = setup);

static void add(int count, enum cause_id cause, enum who who, enum ssh_phase phase)
{
	verdict.cause = cause;
	verdict.who = who;
	conn.ssh.phase = phase;
	for (int i = 0; i < count; i++, conn.id++)
		groups_add(&groups, &conn, &verdict);
}

static enum severity severity(size_t i)
{
	return groups_severity(&groups, &groups.group[i]);
}

Test(report_severity, ten_thousand_resets_of_a_scanner_do_not_bury_one_session)
{
	add(10000, CAUSE_client_abort, WHO_CLIENT, SSH_PHASE_IDENTIFICATION);
	add(1, CAUSE_idle_timeout, WHO_MIDDLEBOX, SSH_PHASE_SESSION);
	groups_sort(&groups);
	cr_expect_eq(groups.group[0].cause, CAUSE_idle_timeout);
	cr_expect_eq(severity(0), SEVERITY_MEDIUM);
	cr_expect_eq(severity(1), SEVERITY_LOW);
}

Test(report_severity, several_lost_sessions_are_graver_than_one)
{
	add(1, CAUSE_server_crash, WHO_SERVER, SSH_PHASE_SESSION);
	add(5, CAUSE_idle_timeout, WHO_MIDDLEBOX, SSH_PHASE_SESSION);
	groups_sort(&groups);
	cr_expect_eq(groups.group[0].cause, CAUSE_idle_timeout);
	cr_expect_eq(severity(0), SEVERITY_HIGH);
	cr_expect_eq(severity(1), SEVERITY_MEDIUM);
}

Test(report_severity, before_a_login_it_counts_whether_others_get_in)
{
	add(6, CAUSE_service_down, WHO_SERVER, SSH_PHASE_IDENTIFICATION);
	cr_expect_eq(severity(0), SEVERITY_HIGH, "nobody gets in");
	add(20, CAUSE_orderly_close, WHO_CLIENT, SSH_PHASE_SESSION);
	cr_expect_eq(severity(0), SEVERITY_MEDIUM);
	add(100, CAUSE_orderly_close, WHO_CLIENT, SSH_PHASE_SESSION);
	cr_expect_eq(severity(0), SEVERITY_LOW);
}

Test(report_severity, of_two_alike_the_larger_comes_first)
{
	add(2, CAUSE_server_crash, WHO_SERVER, SSH_PHASE_SESSION);
	add(3, CAUSE_network_loss, WHO_NETWORK, SSH_PHASE_SESSION);
	groups_sort(&groups);
	cr_expect_eq(groups.group[0].cause, CAUSE_network_loss);
}
