/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Open Cybersecurity Schema Framework: an SSH Activity (class 4007) for each connection, one a
 * line, as data lakes want them, and a Base Event for each input that is damaged. What a class has no
 * attribute for is under unmapped.rstscope.
 *
 * Attributes, types and enums: schema.ocsf.io, class ssh_activity and its objects.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "report/fingerprint.h"
#include "report/json_event.h"
#include "report/words.h"

/* The first in which the Community ID has an attribute, and neither endpoint is required. */
#define OCSF_VERSION "1.4.0"

struct class
{
	int category, uid;
	const char *category_name, *name;
};

static const struct class ssh_activity = { 4, 4007, "Network Activity", "SSH Activity" };
static const struct class base_event = { 0, 0, "Uncategorized", "Base Event" };

enum activity {
	ACTIVITY_CLOSE = 2,
	ACTIVITY_RESET,
	ACTIVITY_FAIL,
	ACTIVITY_REFUSE,
	ACTIVITY_TRAFFIC,
	ACTIVITY_OTHER = 99,
};

/* ICMP's "port unreachable" (RFC 792; RFC 4443 section 3.1). */
static bool says_refused(const struct icmp_seen *icmp)
{
	return icmp->count != 0 && (icmp->is_v6 ? icmp->type == 1 && icmp->code == 4 :
						  icmp->type == 3 && icmp->code == 3);
}

/*
 * The words of the schema: "refuse" is a port that is not open, as the caller's connect() calls it,
 * and that takes ICMP's port unreachable for the same; "fail" a timeout or no route. One that is
 * still open is a report of its traffic.
 */
static enum activity activity_of(const struct conn *conn)
{
	switch (conn->end.ending) {
	case ENDING_reset:
		return ACTIVITY_RESET;
	case ENDING_closed:
		return ACTIVITY_CLOSE;
	case ENDING_refused:
		return ACTIVITY_REFUSE;
	case ENDING_rejected:
		return says_refused(&conn->icmp) ? ACTIVITY_REFUSE : ACTIVITY_FAIL;
	case ENDING_unanswered:
	case ENDING_silent:
		return ACTIVITY_FAIL;
	default:
		return ACTIVITY_TRAFFIC;
	}
}

static const char *activity_name(enum activity activity)
{
	static const char *const names[] = {
		[ACTIVITY_CLOSE] = "Close",     [ACTIVITY_RESET] = "Reset",
		[ACTIVITY_FAIL] = "Fail",       [ACTIVITY_REFUSE] = "Refuse",
		[ACTIVITY_TRAFFIC] = "Traffic",
	};

	return names[activity];
}

static void put_type(cJSON *event, const struct class *class, enum activity activity,
		     const char *name)
{
	char type[40];

	snprintf(type, sizeof(type), "%s: %s", class->name, name);
	json_integer(event, "category_uid", class->category);
	json_words(event, "category_name", class->category_name);
	json_integer(event, "class_uid", class->uid);
	json_words(event, "class_name", class->name);
	json_integer(event, "activity_id", (int)activity);
	json_words(event, "activity_name", name);
	json_integer(event, "type_uid", class->uid * 100 + (int)activity);
	json_words(event, "type_name", type);
}

/* timestamp_t: milliseconds since 1970, rounded down also before it. */
static void put_ms(cJSON *event, const char *key, int64_t time_ns)
{
	int64_t ms = time_ns / NS_PER_MS - (time_ns % NS_PER_MS < 0);
	char digits[32];

	snprintf(digits, sizeof(digits), "%lld", (long long)ms);
	cJSON_AddRawToObject(event, key, digits);
}

static void put_times(cJSON *event, const struct conn *conn)
{
	int64_t end_ns = outcome_end_ns(conn);

	put_ms(event, "time", end_ns);
	put_ms(event, "start_time", conn->first_ns);
	put_ms(event, "end_time", end_ns);
	json_count(event, "duration",
		   (uint64_t)(words_span_ns(conn->first_ns, end_ns) / NS_PER_MS));
}

/* Low: "the user decides if action is needed". What a session was worth the packets do not tell. */
static void put_status(const struct report *r, cJSON *event, const struct conn *conn,
		       const struct verdict *v)
{
	static const char *const statuses[] = {
		[OUTCOME_UNKNOWN] = "Unknown", /* the ids of the schema are the same: 0, 1, 2 */
		[OUTCOME_SUCCESS] = "Success",
		[OUTCOME_FAILURE] = "Failure",
	};
	enum outcome outcome = outcome_of_conn(conn, v);
	bool low = outcome == OUTCOME_FAILURE;

	json_integer(event, "severity_id", low ? 2 : 1);
	json_words(event, "severity", low ? "Low" : "Informational");
	json_integer(event, "status_id", (int)outcome);
	json_words(event, "status", statuses[outcome]);
	json_words(event, "status_code", cause_name(v->cause));
	json_words(event, "status_detail", v->sentence);
	event_put_sentence(r, event, "message", v);
}

static void put_metadata(cJSON *event)
{
	cJSON *metadata = json_object(event, "metadata"), *product;

	json_words(metadata, "version", OCSF_VERSION);
	product = json_object(metadata, "product");
	json_words(product, "name", "rstscope");
	json_words(product, "vendor_name", "rstscope");
	json_words(product, "version", RSTSCOPE_VERSION);
}

static void put_endpoint(cJSON *event, const char *key, const struct endpoint *at, bool is_ssh)
{
	cJSON *endpoint = json_object(event, key);

	event_put_ip(endpoint, "ip", &at->ip);
	json_integer(endpoint, "port", at->port);
	if (is_ssh)
		json_words(endpoint, "svc_name", "ssh");
}

/* One capture does not know which of the networks is the inner one. */
static void put_connection(const struct report *r, cJSON *event, const struct conn *conn)
{
	cJSON *info = json_object(event, "connection_info");

	json_integer(info, "direction_id", 0);
	json_words(info, "direction", "Unknown");
	json_words(info, "protocol_name", "tcp");
	json_integer(info, "protocol_num", 6);
	json_integer(info, "protocol_ver_id", conn->peer[CLIENT].at.ip.family == 6 ? 6 : 4);
	json_community_id(r, info, "community_uid", conn);
}

/* Out: from the source to the destination. */
static void put_traffic(cJSON *event, const struct conn *conn)
{
	const struct peer *client = &conn->peer[CLIENT], *server = &conn->peer[SERVER];
	cJSON *traffic = json_object(event, "traffic");

	json_count(traffic, "bytes", client->bytes + server->bytes);
	json_count(traffic, "bytes_in", server->bytes);
	json_count(traffic, "bytes_out", client->bytes);
	json_count(traffic, "packets", client->packets + server->packets);
	json_count(traffic, "packets_in", server->packets);
	json_count(traffic, "packets_out", client->packets);
}

static void put_hassh(cJSON *event, const char *key, const struct ssh_half *half)
{
	char buffer[FINGERPRINT_SIZE];
	struct text t = text_in(buffer, sizeof(buffer));
	cJSON *fingerprint;

	if (!half->has_hassh)
		return;
	fingerprint_add_hex(&t, half->hassh, sizeof(half->hassh));
	fingerprint = json_object(json_object(event, key), "fingerprint");
	json_integer(fingerprint, "algorithm_id", 1);
	json_words(fingerprint, "algorithm", "MD5");
	json_words(fingerprint, "value", buffer);
}

/* RFC 4253 section 4.2: "SSH-protoversion-". */
static void put_ssh(cJSON *event, const struct ssh *ssh)
{
	const char *at = ssh->half[SERVER].identification.at;
	size_t len = ssh->half[SERVER].identification.len;
	const char *dash;

	put_hassh(event, "client_hassh", &ssh->half[CLIENT]);
	put_hassh(event, "server_hassh", &ssh->half[SERVER]);
	if (len <= 4 || memcmp(at, "SSH-", 4) != 0)
		return;
	dash = memchr(at + 4, '-', len - 4);
	if (dash != NULL && dash != at + 4)
		json_wire(event, "protocol_ver", at + 4, (size_t)(dash - at - 4));
}

static void each(struct report *r, const struct conn *conn, const struct verdict *v)
{
	const enum activity activity = activity_of(conn);
	cJSON *event = cJSON_CreateObject();

	put_type(event, &ssh_activity, activity, activity_name(activity));
	put_times(event, conn);
	put_status(r, event, conn, v);
	put_metadata(event);
	put_endpoint(event, "src_endpoint", &conn->peer[CLIENT].at, false);
	put_endpoint(event, "dst_endpoint", &conn->peer[SERVER].at, conn->ssh.recognised);
	put_connection(r, event, conn);
	put_traffic(event, conn);
	put_ssh(event, &conn->ssh);
	event_put_ours(r, json_object(event, "unmapped"), conn, v);
	event_print_line(r, event);
}

/*
 * The class for what no other class is about, so that nobody takes it for a connection. Medium: what is
 * missing may be what is looked for.
 */
static void put_damage(struct report *r, const struct totals *totals, size_t i)
{
	const struct input_total *input = &totals->input[i];
	cJSON *event = cJSON_CreateObject();

	put_type(event, &base_event, ACTIVITY_OTHER, "Other");
	put_ms(event, "time", event_input_ns(totals, i));
	json_integer(event, "severity_id", 3);
	json_words(event, "severity", "Medium");
	json_integer(event, "status_id", (int)OUTCOME_FAILURE);
	json_words(event, "status", "Failure");
	json_words(event, "status_detail", input->damaged);
	json_words(event, "message", input->damaged);
	put_metadata(event);
	event_put_input(json_object(event, "unmapped"), input);
	event_print_line(r, event);
}

/* That it is damaged is known last, and most of its connections were told long before. */
static void end(struct report *r, const struct totals *totals)
{
	for (size_t i = 0; i < totals->inputs; i++) {
		if (totals->input[i].damaged != NULL)
			put_damage(r, totals, i);
	}
}

const struct format format_ocsf = {
	.name = "ocsf",
	.waits = false,
	.begin = json_begin,
	.each = each,
	.end = end,
};
