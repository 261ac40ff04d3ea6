/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/report/events.h"

static struct conn conn;
static struct verdict verdict;

static cJSON *event(void)
{
	return events_one("ocsf", NULL, &conn, &verdict);
}

Test(report_ocsf, an_ending_is_an_activity_of_ssh)
{
	static const struct {
		enum ending ending;
		uint8_t icmp_type, icmp_code;
		bool is_v6;
		int activity;
		const char *name;
	} rows[] = {
		{ ENDING_closed, 0, 0, false, 2, "Close" },
		{ ENDING_reset, 0, 0, false, 3, "Reset" },
		{ ENDING_silent, 0, 0, false, 4, "Fail" },
		{ ENDING_unanswered, 0, 0, false, 4, "Fail" },
		{ ENDING_refused, 0, 0, false, 5, "Refuse" },
		{ ENDING_open, 0, 0, false, 6, "Traffic" },
		{ ENDING_rejected, 3, 3, false, 5, "Refuse" }, /* port unreachable */
		{ ENDING_rejected, 1, 4, true, 5, "Refuse" },
		{ ENDING_rejected, 3, 13, false, 4, "Fail" },
		{ ENDING_rejected, 1, 3, true, 4, "Fail" }, /* address unreachable */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cJSON *e;

		example_conn(&conn);
		example_verdict(&verdict);
		conn.end.ending = rows[i].ending;
		conn.icmp.type = rows[i].icmp_type;
		conn.icmp.code = rows[i].icmp_code;
		conn.icmp.is_v6 = rows[i].is_v6;
		conn.icmp.count = rows[i].icmp_type != 0;
		e = event();
		cr_expect_eq(events_at(e, "activity_id")->valueint, rows[i].activity, "row %zu", i);
		cr_expect_eq(events_at(e, "type_uid")->valueint, 400700 + rows[i].activity);
		events_expect(e, "activity_name", rows[i].name);
		cJSON_Delete(e);
	}
}

Test(report_ocsf, times_are_milliseconds)
{
	cJSON *e;

	example_conn(&conn);
	example_verdict(&verdict);
	e = event();
	cr_expect_eq(events_at(e, "start_time")->valuedouble, 1793785527000.0);
	cr_expect_eq(events_at(e, "time")->valuedouble, 1793785879834.0);
	cr_expect_eq(events_at(e, "duration")->valueint, 352834);
	cJSON_Delete(e);
	conn.first_ns = -1; /* before 1970, one rounds down, too */
	e = event();
	cr_expect_eq(events_at(e, "start_time")->valueint, -1);
	cJSON_Delete(e);
}

Test(report_ocsf, both_ends_and_what_they_said_are_there)
{
	cJSON *e;

	example_conn(&conn);
	example_verdict(&verdict);
	conn.ssh.half[SERVER].has_hassh = true;
	memset(conn.ssh.half[SERVER].hassh, 0xa5, SSH_MD5_LEN);
	e = event();
	events_expect(e, "src_endpoint.ip", "198.51.100.7");
	events_expect(e, "dst_endpoint.svc_name", "ssh");
	events_expect(e, "protocol_ver", "2.0");
	events_expect(e, "server_hassh.fingerprint.value", "a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5");
	cr_expect_null(events_find(e, "client_hassh"));
	cr_expect_eq(events_at(e, "traffic.bytes_out")->valueint, 4711);
	cr_expect_eq(events_at(e, "traffic.bytes_in")->valueint, 12400);
	events_expect(e, "status", "Failure");
	events_expect(e, "status_code", "idle_timeout");
	cJSON_Delete(e);
}

Test(report_ocsf, what_is_not_known_is_absent)
{
	static const char *const identifications[] = { "", "SSH-", "SSH-2.0", "SSH--x",
						       "HTTP/1.1 400-" };

	for (size_t i = 0; i < sizeof(identifications) / sizeof(identifications[0]); i++) {
		cJSON *e;

		memset(&conn, 0, sizeof(conn));
		conn.id = 1;
		EXAMPLE_PUT(conn.ssh.half[SERVER].identification, identifications[i]);
		example_verdict(&verdict);
		e = event();
		events_expect_no_null(e);
		cr_expect_null(events_find(e, "protocol_ver"), "%s", identifications[i]);
		cr_expect_null(events_find(e, "server_hassh"));
		cr_expect_null(events_find(e, "dst_endpoint.svc_name"));
		cJSON_Delete(e);
	}
}

Test(report_ocsf, an_input_that_is_damaged_is_told_at_the_end)
{
	cJSON *d = events_damage("ocsf");

	cr_expect_eq(events_at(d, "class_uid")->valueint, 0);
	cr_expect_eq(events_at(d, "type_uid")->valueint, 99);
	cr_expect_eq(events_at(d, "time")->valuedouble, (double)(EXAMPLE_BEGIN_NS / 1000000));
	events_expect(d, "status_detail", "cut after nothing");
	events_expect(d, "unmapped.rstscope.file", "\\x1b[2J.pcap");
	events_expect_no_null(d);
	cJSON_Delete(d);
}
