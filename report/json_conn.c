/* SPDX-License-Identifier: BSD-3-Clause */
/* connections[]: the keys of the contract in their order. What is not known is null. */
#include <string.h>

#include "base/clock.h"
#include "report/json.h"
#include "report/timeline.h"
#include "report/words.h"

static void put_endpoint(cJSON *parent, const char *key, const struct endpoint *at)
{
	cJSON *object = json_object(parent, key);
	char buffer[64];
	struct text t = text_in(buffer, sizeof(buffer));

	address_add(&t, &at->ip);
	json_words(object, "ip", buffer);
	json_count(object, "port", at->port);
}

/* Tags are kept apart from layers, in the same order: the first tag layer has the first tag. */
static void put_encapsulation(cJSON *parent, const struct conn *conn)
{
	cJSON *array = json_array(parent, "encapsulation");
	uint8_t vlan = 0;

	for (uint8_t i = 0; i < conn->layers; i++) {
		bool is_tag = conn->layer[i] == LAYER_vlan || conn->layer[i] == LAYER_qinq;
		char buffer[32];
		struct text t = text_in(buffer, sizeof(buffer));

		text_add(&t, "%s", layer_name(conn->layer[i]));
		if (is_tag && vlan < conn->vlans)
			text_add(&t, ":%u", conn->vlan[vlan++]);
		json_words(array, NULL, buffer);
	}
	if (conn->ssh.prelude != PRELUDE_none)
		json_words(array, NULL, prelude_name(conn->ssh.prelude));
}

/* By side and not by direction: who sent what, whichever way the capture looked. */
static void put_sides(cJSON *parent, const char *key, uint64_t client, uint64_t server)
{
	cJSON *object = json_object(parent, key);

	json_count(object, "client", client);
	json_count(object, "server", server);
}

/* Baselines leave resets out, so a side that only sent resets has none. */
static void put_ttl(cJSON *parent, const char *key, const struct peer *peer)
{
	cJSON *array;

	if (peer->ttl_samples == 0) {
		json_null(parent, key);
		return;
	}
	array = json_array(parent, key);
	json_count(array, NULL, peer->ttl_min);
	json_count(array, NULL, peer->ttl_max);
}

/* From end to end: the two parts of the way that meet at the capture. */
static void put_round_trip(cJSON *parent, const struct conn *conn)
{
	int64_t client_ns = conn->peer[CLIENT].rtt_min_ns,
		server_ns = conn->peer[SERVER].rtt_min_ns;

	if (client_ns > 0 && server_ns > 0)
		json_span(parent, "rtt_ms", client_ns + server_ns, NS_PER_MS);
	else
		json_null(parent, "rtt_ms");
}

static void put_tcp(cJSON *parent, const struct conn *conn)
{
	static const char *const handshakes[] = {
		[HANDSHAKE_MISSING] = "missing",
		[HANDSHAKE_PARTIAL] = "partial",
		[HANDSHAKE_COMPLETE] = "complete",
	};
	const struct peer *client = &conn->peer[CLIENT], *server = &conn->peer[SERVER];
	cJSON *tcp = json_object(parent, "tcp");
	cJSON *ttl;

	json_words(tcp, "conn_state", conn_state(conn));
	json_wire(tcp, "history", conn->history, strnlen(conn->history, sizeof(conn->history)));
	json_words(tcp, "handshake", handshakes[conn->handshake]);
	put_round_trip(tcp, conn);
	ttl = json_object(tcp, "ttl");
	put_ttl(ttl, "client", client);
	put_ttl(ttl, "server", server);
	put_sides(tcp, "retransmissions", peer_retransmissions(client),
		  peer_retransmissions(server));
}

/* The clock of a capture may step back: offsets do not, the time is as captured. */
static void put_event(const struct report *r, cJSON *array, const struct conn *conn,
		      const struct event *e)
{
	struct mark mark = { .number = e->frame, .input = e->input };
	cJSON *object = json_object(array, NULL);
	char buffer[TIMELINE_TEXT_MAX];
	struct text t = text_in(buffer, sizeof(buffer));

	json_time(object, "time", e->time_ns);
	json_span(object, "offset_s", words_span_ns(conn->first_ns, e->time_ns), NS_PER_S);
	if (e->frame != 0)
		json_count(object, "frame", e->frame);
	else
		json_null(object, "frame");
	json_path(object, "file", report_file_of(r, mark));
	json_words(object, "from", timeline_from(e));
	json_words(object, "event", event_name((enum event_kind)e->kind));
	text_add(&t, "%s", timeline_subject(e));
	if (t.len != 0)
		text_add(&t, " ");
	timeline_add_deed(&t, conn, e);
	json_words(object, "text", buffer);
}

static void put_timeline(const struct report *r, cJSON *parent, const struct conn *conn)
{
	cJSON *array = json_array(parent, "timeline");
	uint32_t kept = timeline_kept(&conn->timeline);

	for (uint32_t i = 0; i < kept; i++)
		put_event(r, array, conn, timeline_at(&conn->timeline, i));
}

void json_conn(const struct report *r, cJSON *object, const struct conn *conn,
	       const struct verdict *verdict)
{
	const struct peer *client = &conn->peer[CLIENT], *server = &conn->peer[SERVER];

	json_count(object, "id", conn->id);
	json_community_id(r, object, "community_id", conn);
	put_endpoint(object, "client", &client->at);
	put_endpoint(object, "server", &server->at);
	put_encapsulation(object, conn);
	json_time(object, "first", conn->first_ns);
	json_time(object, "last", conn->last_ns);
	json_span(object, "duration_s", words_span_ns(conn->first_ns, conn->last_ns), NS_PER_S);
	put_sides(object, "packets", client->packets, server->packets);
	put_sides(object, "bytes", client->bytes, server->bytes);
	put_tcp(object, conn);
	json_ssh(object, conn);
	json_words(object, "ending", ending_name(conn->end.ending));
	if (conn->end.ending == ENDING_open)
		json_null(object, "idle_before_end_s");
	else
		json_span(object, "idle_before_end_s", conn->end.idle_before_ns, NS_PER_S);
	json_verdict(r, object, conn, verdict);
	put_timeline(r, object, conn);
}
