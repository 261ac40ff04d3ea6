/* SPDX-License-Identifier: BSD-3-Clause */
/* The part of track/ssh_course.c about logins that are refused. */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/inside.h"

TestSuite(track_failed_logins);

static const struct conn *attempts(struct wire *wire, size_t first_request, int failures)
{
	struct talk talk = talk_new(wire);

	talk_open(&talk);
	talk_kex(&talk);
	talk_data(&talk, CLIENT, SERVICE_LEN);
	talk_data(&talk, SERVER, SERVICE_LEN);
	talk_data(&talk, CLIENT, first_request);
	talk_data(&talk, SERVER, FAILURE_LEN);
	for (int i = 0; i < failures; i++) {
		talk_data(&talk, CLIENT, 140);
		talk_data(&talk, SERVER, FAILURE_LEN);
	}
	talk_data(&talk, CLIENT, 140);
	talk_data(&talk, SERVER, 100); /* USERAUTH_PK_OK */
	talk_data(&talk, CLIENT, 308);
	talk_data(&talk, SERVER, SUCCESS_LEN);
	talk_data(&talk, CLIENT, 112);
	talk_data(&talk, SERVER, FAILURE_LEN); /* that size means nothing any more */
	return wire_conn(wire);
}

Test(track_failed_logins, refusals_after_the_first_are_failed_logins)
{
	for (int failures = 0; failures < 4; failures++) {
		struct wire *wire = wire_new();
		const struct conn *conn = attempts(wire, 60, failures);

		cr_expect(conn->ssh.auth_counted);
		cr_expect_eq(conn->ssh.auth_failures, failures, "%u", conn->ssh.auth_failures);
		cr_expect_not(conn->ssh.auth_refused_last, "a success came");
		wire_free(wire);
	}
}

Test(track_failed_logins, whether_the_last_answer_was_a_refusal_is_known)
{
	for (int more = 0; more < 2; more++) {
		struct wire *wire = wire_new();
		struct talk talk = talk_new(wire);
		const struct conn *conn;

		talk_open(&talk);
		talk_kex(&talk);
		talk_data(&talk, CLIENT, SERVICE_LEN);
		talk_data(&talk, SERVER, SERVICE_LEN);
		talk_data(&talk, CLIENT, 60);
		talk_data(&talk, SERVER, FAILURE_LEN);
		talk_data(&talk, CLIENT, 140);
		talk_data(&talk, SERVER, FAILURE_LEN);
		if (more != 0)
			talk_data(&talk, SERVER, 76); /* DISCONNECT */
		conn = wire_conn(wire);
		cr_expect_eq(conn->ssh.auth_refused_last, more == 0);
		cr_expect_eq(conn->ssh.close_len, KEY_LEN);
		wire_free(wire);
	}
}

/* A client that asks for a key at once: the answer may be PK_OK as well as a refusal. */
Test(track_failed_logins, when_the_first_request_is_not_none_failures_are_not_counted)
{
	struct wire *wire = wire_new();
	const struct conn *conn = attempts(wire, 140, 2);

	cr_expect_not(conn->ssh.auth_counted);
	cr_expect_eq(conn->ssh.auth_failures, 0);
	wire_free(wire);
}
