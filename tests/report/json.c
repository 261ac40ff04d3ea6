/* SPDX-License-Identifier: BSD-3-Clause */
#include <cjson/cJSON.h>
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "report/json.h"
#include "tests/report/example.h"

static struct conn conn;
static struct verdict verdict;

/* Keys of the contract, in its order. */
#define CONNECTION_KEYS                                                                            \
	"id community_id client server encapsulation first last duration_s packets bytes tcp ssh " \
	"ending idle_before_end_s verdict timeline"
#define VERDICT_KEYS                                                                               \
	"who cause family detail sentence confidence sure evidence against alternatives settle "   \
	"remedy limits"

/* "a b c" of the keys of an object. */
static void expect_keys(const cJSON *object, const char *wanted)
{
	char keys[512] = "";

	cr_assert(cJSON_IsObject(object));
	for (const cJSON *item = object->child; item != NULL; item = item->next) {
		if (keys[0] != '\0')
			strcat(keys, " ");
		strcat(keys, item->string);
	}
	cr_expect_str_eq(keys, wanted, "got: %s", keys);
}

/* "ssh.client.software" */
static const cJSON *at(const cJSON *tree, const char *path)
{
	char copy[128], *rest = copy;
	const char *key;

	strcpy(copy, path);
	while ((key = strsep(&rest, ".")) != NULL) {
		tree = cJSON_GetObjectItemCaseSensitive(tree, key);
		cr_assert_not_null(tree, "%s: no %s", path, key);
	}
	return tree;
}

static void expect_string(const cJSON *tree, const char *path, const char *wanted)
{
	const char *string = cJSON_GetStringValue(at(tree, path));

	cr_assert_not_null(string, "%s", path);
	cr_expect_str_eq(string, wanted, "%s: %s", path, string);
}

/* The whole report; the first connection is connections[0]. */
static cJSON *parsed(const struct report_options *options, const struct conn *of)
{
	char *text = example_report("json", options, of, &verdict);
	cJSON *tree = cJSON_ParseWithOpts(text, NULL, true);

	cr_assert_not_null(tree, "not JSON:\n%s", text);
	free(text);
	return tree;
}

Test(report_json, all_keys_are_there_in_the_order_of_the_contract)
{
	const cJSON *c;
	cJSON *tree;

	example_conn(&conn);
	example_verdict(&verdict);
	tree = parsed(NULL, &conn);
	expect_keys(tree, "schema tool inputs summary connections capture");
	expect_keys(at(tree, "inputs")->child,
		    "file format compression link_types packets bytes first "
		    "last damaged skipped");
	expect_keys(at(tree, "summary"), "connections judged resets causes families evicted "
					 "judged_early");
	c = at(tree, "connections")->child;
	expect_keys(c, CONNECTION_KEYS);
	expect_keys(at(c, "tcp"), "conn_state history handshake rtt_ms ttl retransmissions");
	expect_keys(at(c, "ssh"), "client server negotiated phase notice disconnect");
	expect_keys(at(c, "ssh.client"), "identification software hassh");
	expect_keys(at(c, "ssh.server"), "identification software hassh_server host_key");
	expect_keys(at(c, "ssh.negotiated"), "kex host_key cipher mac compression");
	expect_keys(at(c, "verdict"), VERDICT_KEYS);
	expect_keys(at(c, "verdict.evidence")->child, "text decibans frames files filter");
	expect_keys(at(c, "verdict.against")->child, "text decibans frames files filter");
	expect_keys(at(c, "verdict.alternatives")->child, "who cause confidence");
	expect_keys(at(c, "verdict.settle")->child, "text command");
	expect_keys(at(c, "verdict.remedy"), "text why steps");
	expect_keys(at(c, "verdict.remedy.steps")->child, "where text command");
	expect_keys(at(c, "timeline")->child, "time offset_s frame file from event text");
	cJSON_Delete(tree);
}

Test(report_json, values_are_those_of_the_connection)
{
	const cJSON *c;
	cJSON *tree;

	example_conn(&conn);
	example_verdict(&verdict);
	tree = parsed(NULL, &conn);
	c = at(tree, "connections")->child;
	expect_string(c, "client.ip", "198.51.100.7");
	expect_string(c, "last", "2026-11-04T09:51:19.834000000Z");
	expect_string(c, "ssh.client.software", "OpenSSH_9.2p1");
	expect_string(c, "ssh.server.software", "OpenSSH_8.4p1");
	expect_string(c, "ssh.phase", "session");
	expect_string(c, "ending", "reset");
	expect_string(c, "verdict.cause", "idle_timeout");
	expect_string(at(c, "verdict.evidence")->child, "filter",
		      "ip.addr == 198.51.100.7 && ip.addr == 192.0.2.10 && tcp.port == 51514 && "
		      "tcp.port == 22 && ((frame.time_epoch == 1793785879.833000000) || "
		      "(frame.time_epoch == 1793785879.834000000))");
	expect_string(at(c, "verdict.remedy.steps")->child, "command",
		      "Host *\n    ServerAliveInterval 60\n    ServerAliveCountMax 3");
	cr_expect_str_eq(at(c, "encapsulation")->child->next->valuestring, "vlan:10");
	cr_expect_eq(at(c, "duration_s")->valuedouble, 352.834);
	cr_expect_eq(at(c, "tcp.rtt_ms")->valuedouble, 21.25);
	cr_expect_eq(at(c, "verdict.confidence")->valuedouble, 0.947);
	cr_expect_eq(at(tree, "summary.families.middlebox_idle_timeout")->valuedouble, 1);
	cr_expect_eq(at(tree, "inputs")->child->child->next->next->type, cJSON_NULL);
	cJSON_Delete(tree);
}

Test(report_json, what_is_not_known_is_null)
{
	static const char *const nulls[] = {
		"ssh",
		"idle_before_end_s",
		"tcp.rtt_ms",
		"tcp.ttl.client",
		"tcp.ttl.server",
		"tcp.history",
		"verdict.detail",
	};
	const cJSON *c;
	cJSON *tree;

	memset(&conn, 0, sizeof(conn));
	conn.id = 1;
	example_verdict(&verdict);
	verdict.evidence[1].marks = 0;
	tree = parsed(NULL, &conn);
	c = at(tree, "connections")->child;
	expect_keys(c, CONNECTION_KEYS);
	for (size_t i = 0; i < sizeof(nulls) / sizeof(nulls[0]); i++)
		cr_expect(cJSON_IsNull(at(c, nulls[i])), "%s", nulls[i]);
	cr_expect(cJSON_IsNull(at(at(c, "verdict.evidence")->child->next, "filter")));
	cJSON_Delete(tree);
}

Test(report_json, zero_connections_are_an_empty_list)
{
	cJSON *tree = parsed(NULL, NULL);

	expect_keys(tree, "schema tool inputs summary connections capture");
	cr_expect_eq(cJSON_GetArraySize(at(tree, "connections")), 0);
	cr_expect(cJSON_IsNull(at(tree, "capture")));
	cJSON_Delete(tree);
}

Test(report_json, a_notice_and_a_disconnect_name_their_sender)
{
	const cJSON *c;
	cJSON *tree;

	memset(&conn, 0, sizeof(conn));
	example_verdict(&verdict);
	EXAMPLE_PUT(conn.ssh.half[SERVER].text, "Not allowed at this time");
	EXAMPLE_PUT(conn.ssh.half[CLIENT].identification, "SSH-2.0");
	conn.ssh.disconnect = (struct ssh_disconnect){ .seen = true, .from = SERVER, .code = 11 };
	tree = parsed(NULL, &conn);
	c = at(tree, "connections")->child;
	expect_string(c, "ssh.notice.from", "server");
	expect_string(c, "ssh.notice.text", "Not allowed at this time");
	expect_string(c, "ssh.disconnect.from", "server");
	expect_string(c, "ssh.disconnect.name", "BY_APPLICATION");
	cr_expect(cJSON_IsNull(at(c, "ssh.disconnect.description")));
	cr_expect(cJSON_IsNull(at(c, "ssh.client.software")));
	cr_expect(cJSON_IsNull(at(c, "ssh.server.identification")));
	cJSON_Delete(tree);
}

Test(report_json, a_hostile_string_is_one_string_and_can_be_told_back)
{
	static const char hostile[] = "SSH-2.0-\"\\\0\xff</script>\n";
	struct ssh_half *half = &conn.ssh.half[SERVER];
	cJSON *tree;

	memset(&conn, 0, sizeof(conn));
	example_verdict(&verdict);
	memcpy(half->identification.at, hostile, sizeof(hostile) - 1);
	half->identification.len = sizeof(hostile) - 1;
	tree = parsed(NULL, &conn);
	expect_string(at(tree, "connections")->child, "ssh.server.identification",
		      "SSH-2.0-\"\\\\\\x00\\xff</script>\\x0a");
	cJSON_Delete(tree);
}

Test(report_json, with_several_files_a_frame_stands_beside_its_file)
{
	static const char *const paths[] = { "a.pcap", "b\n.pcap" };
	static const struct report_options options = { .inputs = 2, .paths = paths };
	const cJSON *c, *files;
	cJSON *tree;

	example_conn(&conn);
	example_verdict(&verdict);
	verdict.evidence[0].mark[1].input = 1;
	tree = parsed(&options, &conn);
	c = at(tree, "connections")->child;
	files = at(at(c, "verdict.evidence")->child, "files");
	cr_expect_str_eq(files->child->valuestring, "a.pcap");
	cr_expect_str_eq(files->child->next->valuestring, "b\\x0a.pcap");
	expect_string(at(c, "timeline")->child, "file", "a.pcap");
	cJSON_Delete(tree);
}

static void expect_value(cJSON *object, const char *wanted)
{
	char *text = cJSON_PrintUnformatted(object);

	cr_expect_str_eq(text, wanted, "got: %s", text);
	cJSON_free(text);
	cJSON_Delete(object);
}

#define EXPECT_VALUE(wanted, call)                                                                 \
	do {                                                                                       \
		cJSON *object = cJSON_CreateObject();                                              \
		call;                                                                              \
		expect_value(object, "{\"k\":" wanted "}");                                        \
	} while (0)

Test(report_json, integers_that_a_double_cannot_hold_are_strings)
{
	EXPECT_VALUE("0", json_count(object, "k", 0));
	EXPECT_VALUE("9007199254740992", json_count(object, "k", UINT64_C(1) << 53));
	EXPECT_VALUE("\"9007199254740993\"", json_count(object, "k", (UINT64_C(1) << 53) + 1));
	EXPECT_VALUE("\"18446744073709551615\"", json_count(object, "k", UINT64_MAX));
}

Test(report_json, spans_are_exact_decimals)
{
	EXPECT_VALUE("0", json_span(object, "k", 0, NS_PER_S));
	EXPECT_VALUE("0", json_span(object, "k", -1, NS_PER_S));
	EXPECT_VALUE("0.000000001", json_span(object, "k", 1, NS_PER_S));
	EXPECT_VALUE("352.1", json_span(object, "k", 352100 * NS_PER_MS, NS_PER_S));
	EXPECT_VALUE("100", json_span(object, "k", 100 * NS_PER_S, NS_PER_S));
	EXPECT_VALUE("9223372036.854775807", json_span(object, "k", INT64_MAX, NS_PER_S));
	EXPECT_VALUE("0.00025", json_span(object, "k", 250, NS_PER_MS));
}

Test(report_json, probabilities_are_numbers_whatever_happens)
{
	EXPECT_VALUE("0.9799", json_probability(object, "k", 0.97999));
	EXPECT_VALUE("0.98", json_probability(object, "k", 0.98));
	EXPECT_VALUE("1", json_probability(object, "k", 1));
	EXPECT_VALUE("0", json_probability(object, "k", (double)NAN));
	EXPECT_VALUE("1", json_probability(object, "k", (double)INFINITY));
}

Test(report_json, what_ssh_goes_through_is_the_last_encapsulation)
{
	const cJSON *last;
	cJSON *tree;

	example_conn(&conn);
	example_verdict(&verdict);
	conn.ssh.prelude = PRELUDE_http_connect;
	tree = parsed(NULL, &conn);
	last = at(tree, "connections")->child;
	last = at(last, "encapsulation")->child;
	while (last->next != NULL)
		last = last->next;
	cr_expect_str_eq(last->valuestring, "http_connect");
	cJSON_Delete(tree);
}
