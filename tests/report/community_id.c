/* SPDX-License-Identifier: BSD-3-Clause */
/* The TCP rows of the reference data of the specification, of seed 0 and seed 1. */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <stdlib.h>

#include "report/community_id.h"
#include "report/json.h"
#include "tests/report/example.h"

static const struct row {
	const char *ip[2];
	uint16_t port[2];
	uint16_t seed;
	const char *id;
} rows[] = {
	{ { "128.232.110.120", "66.35.250.204" },
	  { 34855, 80 },
	  0,
	  "1:LQU9qZlK+B5F3KDmev6m5PMibrg=" },
	{ { "128.232.110.120", "66.35.250.204" },
	  { 34855, 80 },
	  1,
	  "1:3V71V58M3Ksw/yuFALMcW0LAHvc=" },
	{ { "2001:470:e5bf:dead:4957:2174:e82c:4887", "2607:f8b0:400c:c03::1a" },
	  { 63943, 25 },
	  0,
	  "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=" },
	{ { "2001:470:e5bf:dead:4957:2174:e82c:4887", "2607:f8b0:400c:c03::1a" },
	  { 63943, 25 },
	  1,
	  "1:eJYTW6AOzFLlSUoESovMjnu7rMw=" },
};

static struct endpoint end_of(const char *ip, uint16_t port)
{
	struct endpoint end = { .port = port };

	end.ip.family = inet_pton(AF_INET, ip, end.ip.bytes) == 1 ? 4 : 6;
	if (end.ip.family == 6)
		cr_assert_eq(inet_pton(AF_INET6, ip, end.ip.bytes), 1, "%s", ip);
	return end;
}

Test(report_community_id, is_that_of_the_reference_data_in_both_directions)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct endpoint a = end_of(row->ip[0], row->port[0]);
		struct endpoint b = end_of(row->ip[1], row->port[1]);
		char id[COMMUNITY_ID_SIZE];

		community_id(id, &a, &b, row->seed);
		cr_expect_str_eq(id, row->id, "%s, seed %u", row->ip[0], row->seed);
		community_id(id, &b, &a, row->seed);
		cr_expect_str_eq(id, row->id, "%s, seed %u, turned round", row->ip[0], row->seed);
	}
}

/* A connection of a host with itself: the smaller port comes first (the value is tshark's). */
Test(report_community_id, ports_decide_between_equal_addresses)
{
	struct endpoint a = end_of("127.0.0.1", 51000), b = end_of("127.0.0.1", 22);
	char one[COMMUNITY_ID_SIZE], other[COMMUNITY_ID_SIZE];

	community_id(one, &a, &b, 0);
	community_id(other, &b, &a, 0);
	cr_expect_str_eq(one, other);
	cr_expect_str_eq(one, "1:RkZSAionzEcnqvr53WXcZvFEuCw=");
}

static void expect_in_json(uint16_t seed, const char *wanted)
{
	struct report_options options = { .community_id_seed = seed };
	static struct conn conn;
	static struct verdict verdict;
	char *text;

	example_conn(&conn);
	example_verdict(&verdict);
	conn.peer[CLIENT].at = end_of("128.232.110.120", 34855);
	conn.peer[SERVER].at = end_of("66.35.250.204", 80);
	text = example_report("jsonl", &options, &conn, &verdict);
	cr_expect_not_null(strstr(text, wanted), "no %s", wanted);
	free(text);
}

Test(report_community_id, stands_in_the_json)
{
	expect_in_json(0, "\"community_id\":\"1:LQU9qZlK+B5F3KDmev6m5PMibrg=\"");
	expect_in_json(1, "\"community_id\":\"1:3V71V58M3Ksw/yuFALMcW0LAHvc=\"");
}
