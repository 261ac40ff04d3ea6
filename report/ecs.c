/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Elastic Common Schema 8: a document for each connection, one a line, as the bulk loaders want
 * them, and one for each input that is damaged. What ECS has a field for is there, the rest under
 * "rstscope".
 *
 * Fields and their allowed values: the ECS field reference, chapters Base, ECS, Event, Network,
 * Source, Destination, Client, Server, Observer, Related; Error and File of what is damaged.
 */
#include <stdio.h>

#include "base/clock.h"
#include "report/json_event.h"
#include "report/words.h"

/* All fields that are used are in it and in every later 8. */
#define ECS_VERSION "8.11.0"

/* Whether somebody's rule said no; a port where nothing listens denies nothing. */
static bool is_denied(const struct verdict *v)
{
	return v->cause == CAUSE_firewall_reject || v->cause == CAUSE_firewall_drop ||
	       v->cause == CAUSE_access_denied;
}

/* "start" and "end" are what the capture shows, not what must have been. */
static void put_types(cJSON *event, const struct conn *conn, const struct verdict *v)
{
	cJSON *types = json_array(event, "type");

	json_words(types, NULL, "connection");
	if (conn->handshake != HANDSHAKE_MISSING)
		json_words(types, NULL, "start");
	if (conn->end.ending != ENDING_open)
		json_words(types, NULL, "end");
	if (is_denied(v))
		json_words(types, NULL, "denied");
}

static void put_event(const struct report *r, cJSON *document, const struct conn *conn,
		      const struct verdict *v)
{
	static const char *const outcomes[] = {
		[OUTCOME_UNKNOWN] = "unknown",
		[OUTCOME_SUCCESS] = "success",
		[OUTCOME_FAILURE] = "failure",
	};
	cJSON *event = json_object(document, "event");
	int64_t end_ns = outcome_end_ns(conn);
	char action[32];

	snprintf(action, sizeof(action), "connection-%s", ending_name(conn->end.ending));
	json_words(event, "kind", "event");
	json_words(json_array(event, "category"), NULL, "network");
	put_types(event, conn, v);
	json_words(event, "action", action);
	json_words(event, "outcome", outcomes[outcome_of_conn(conn, v)]);
	json_words(event, "code", cause_name(v->cause));
	event_put_sentence(r, event, "reason", v);
	json_words(event, "module", "rstscope");
	json_words(event, "dataset", "rstscope.connection");
	json_time(event, "start", conn->first_ns);
	json_time(event, "end", end_ns);
	json_count(event, "duration", (uint64_t)words_span_ns(conn->first_ns, end_ns));
}

/* The outer tag first; ids are words in ECS. */
static void put_vlan(cJSON *parent, uint16_t id)
{
	char digits[8];

	snprintf(digits, sizeof(digits), "%u", id);
	json_words(json_object(parent, "vlan"), "id", digits);
}

static void put_network(const struct report *r, cJSON *document, const struct conn *conn)
{
	const struct peer *client = &conn->peer[CLIENT], *server = &conn->peer[SERVER];
	cJSON *network = json_object(document, "network");

	json_words(network, "transport", "tcp");
	json_words(network, "iana_number", "6");
	json_words(network, "type", client->at.ip.family == 6 ? "ipv6" : "ipv4");
	if (conn->ssh.recognised)
		json_words(network, "protocol", "ssh");
	json_community_id(r, network, "community_id", conn);
	json_count(network, "bytes", client->bytes + server->bytes);
	json_count(network, "packets", client->packets + server->packets);
	if (conn->vlans > 0)
		put_vlan(network, conn->vlan[0]);
	if (conn->vlans > 1)
		put_vlan(json_object(network, "inner"), conn->vlan[1]);
}

static void put_side(cJSON *document, const char *key, const struct peer *peer)
{
	cJSON *side = json_object(document, key);

	event_put_ip(side, "address", &peer->at.ip);
	event_put_ip(side, "ip", &peer->at.ip);
	json_count(side, "port", peer->at.port);
	json_count(side, "bytes", peer->bytes);
	json_count(side, "packets", peer->packets);
}

static void put_base(cJSON *document, int64_t time_ns)
{
	json_time(document, "@timestamp", time_ns);
	json_words(json_object(document, "ecs"), "version", ECS_VERSION);
}

static void put_observer(cJSON *document)
{
	cJSON *observer = json_object(document, "observer");

	json_words(observer, "product", "rstscope");
	json_words(observer, "version", RSTSCOPE_VERSION);
}

static void each(struct report *r, const struct conn *conn, const struct verdict *v)
{
	cJSON *document = cJSON_CreateObject(), *part;

	put_base(document, outcome_end_ns(conn));
	event_put_sentence(r, document, "message", v);
	put_event(r, document, conn, v);
	put_network(r, document, conn);
	/* ECS wants both pairs: source and destination always, client and server where they are known. */
	put_side(document, "source", &conn->peer[CLIENT]);
	put_side(document, "destination", &conn->peer[SERVER]);
	put_side(document, "client", &conn->peer[CLIENT]);
	put_side(document, "server", &conn->peer[SERVER]);
	part = json_array(json_object(document, "related"), "ip");
	event_put_ip(part, NULL, &conn->peer[CLIENT].at.ip);
	event_put_ip(part, NULL, &conn->peer[SERVER].at.ip);
	put_observer(document);
	event_put_ours(r, document, conn, v);
	event_print_line(r, document);
}

/* "event data may be missing": that is what the kind is for, and no rule about connections sees it. */
static void put_damage(struct report *r, const struct totals *totals, size_t i)
{
	const struct input_total *input = &totals->input[i];
	cJSON *document = cJSON_CreateObject(), *event;

	put_base(document, event_input_ns(totals, i));
	json_words(document, "message", input->damaged);
	event = json_object(document, "event");
	json_words(event, "kind", "pipeline_error");
	json_words(event, "action", "input-damaged");
	json_words(event, "outcome", "failure");
	json_words(event, "module", "rstscope");
	json_words(event, "dataset", "rstscope.input");
	json_words(json_object(document, "error"), "message", input->damaged);
	json_path(json_object(document, "file"), "path", input->path);
	put_observer(document);
	event_put_input(document, input);
	event_print_line(r, document);
}

/* That it is damaged is known last, and most of its connections were told long before. */
static void end(struct report *r, const struct totals *totals)
{
	for (size_t i = 0; i < totals->inputs; i++) {
		if (totals->input[i].damaged != NULL)
			put_damage(r, totals, i);
	}
}

const struct format format_ecs = {
	.name = "ecs",
	.waits = false,
	.begin = json_begin,
	.each = each,
	.end = end,
};
