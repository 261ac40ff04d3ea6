/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/report/events.h"

static struct conn conn;
static struct verdict verdict;

static cJSON *document(void)
{
	return events_one("ecs", NULL, &conn, &verdict);
}

Test(report_ecs, a_connection_has_the_fields_that_the_schema_has_for_it)
{
	cJSON *d;

	example_conn(&conn);
	example_verdict(&verdict);
	d = document();
	events_expect(d, "@timestamp", "2026-11-04T09:51:19.834000000Z");
	events_expect(d, "event.start", "2026-11-04T09:45:27.000000000Z");
	events_expect(d, "event.action", "connection-reset");
	events_expect(d, "event.outcome", "failure");
	events_expect(d, "event.code", "idle_timeout");
	events_expect(d, "network.type", "ipv4");
	events_expect(d, "network.protocol", "ssh");
	events_expect(d, "network.vlan.id", "10");
	events_expect(d, "source.ip", "198.51.100.7");
	events_expect(d, "server.ip", "192.0.2.10");
	cr_expect_eq(events_at(d, "event.duration")->valuedouble, 352834e6);
	cr_expect_eq(events_at(d, "destination.port")->valueint, 22);
	cr_expect_eq(events_at(d, "network.bytes")->valueint, 4711 + 12400);
	cr_expect_eq(events_at(d, "network.packets")->valueint, 77);
	cJSON_Delete(d);
}

Test(report_ecs, its_types_are_what_the_capture_shows)
{
	static const struct {
		enum handshake handshake;
		enum ending ending;
		enum cause_id cause;
		const char *types;
	} rows[] = {
		{ HANDSHAKE_COMPLETE, ENDING_closed, CAUSE_orderly_close, "connection start end" },
		{ HANDSHAKE_MISSING, ENDING_reset, CAUSE_server_crash, "connection end" },
		{ HANDSHAKE_COMPLETE, ENDING_open, CAUSE_still_open, "connection start" },
		{ HANDSHAKE_PARTIAL, ENDING_refused, CAUSE_service_down, "connection start end" },
		{ HANDSHAKE_PARTIAL, ENDING_refused, CAUSE_firewall_reject,
		  "connection start end denied" },
		{ HANDSHAKE_PARTIAL, ENDING_unanswered, CAUSE_firewall_drop,
		  "connection start end denied" },
		{ HANDSHAKE_COMPLETE, ENDING_closed, CAUSE_access_denied,
		  "connection start end denied" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char types[64] = "";
		const cJSON *item;
		cJSON *d;

		example_conn(&conn);
		example_verdict(&verdict);
		conn.handshake = rows[i].handshake;
		conn.end.ending = rows[i].ending;
		verdict.cause = rows[i].cause;
		d = document();
		cJSON_ArrayForEach(item, events_at(d, "event.type"))
		{
			strcat(types, types[0] != '\0' ? " " : "");
			strcat(types, item->valuestring);
		}
		cr_expect_str_eq(types, rows[i].types, "row %zu: %s", i, types);
		cJSON_Delete(d);
	}
}

Test(report_ecs, what_is_not_known_is_absent)
{
	cJSON *d;

	memset(&conn, 0, sizeof(conn));
	conn.id = 1;
	example_verdict(&verdict);
	verdict.remedy = cause_remedy(CAUSE_unexplained);
	d = document();
	events_expect_no_null(d);
	cr_expect_null(events_find(d, "network.protocol"));
	cr_expect_null(events_find(d, "network.vlan"));
	cr_expect_null(events_find(d, "rstscope.idle_before_end_s"));
	cJSON_Delete(d);
}

Test(report_ecs, the_inner_of_two_tags_is_the_inner_one)
{
	cJSON *d;

	example_conn(&conn);
	example_verdict(&verdict);
	conn.vlans = 2;
	conn.vlan[1] = 4094;
	d = document();
	events_expect(d, "network.vlan.id", "10");
	events_expect(d, "network.inner.vlan.id", "4094");
	cJSON_Delete(d);
}

Test(report_ecs, an_input_that_is_damaged_is_told_at_the_end)
{
	cJSON *d = events_damage("ecs");

	events_expect(d, "@timestamp", "2026-11-04T09:45:27.000000000Z");
	events_expect(d, "event.kind", "pipeline_error");
	events_expect(d, "error.message", "cut after nothing");
	events_expect(d, "file.path", "\\x1b[2J.pcap");
	events_expect(d, "rstscope.damaged", "cut after nothing");
	events_expect_no_null(d);
	cJSON_Delete(d);
}
