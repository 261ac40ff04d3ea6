/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Servers are folded by network. When a table is full all networks become wider, until there is room:
 * a scan of a continent then is one line, and the sessions beside it keep theirs, as those who were
 * logged in are never folded with those who were not.
 */
#include "report/groups.h"

#include <string.h>

/* What registries and routers hand out, then wider: bits of IPv4 and of IPv6. */
static const uint8_t widths[GROUP_LEVELS][2] = { { 24, 64 }, { 16, 48 }, { 8, 32 }, { 0, 0 } };

/* Silence below this is no news: every connection has some. */
#define SILENCE_LEAST_NS INT64_C(10000000000)

static struct prefix key_of(const struct groups *g, const struct address *server)
{
	return prefix_of(server, widths[g->level][server->family == 6]);
}

/* ---- places ---- */

static struct place *find_place(struct groups *g, const struct prefix *key)
{
	for (size_t i = 0; i < g->places; i++) {
		if (prefix_equal(&g->place[i].key, key))
			return &g->place[i];
	}
	return NULL;
}

static void merge_place(struct groups *g, const struct place *from)
{
	struct place *to = find_place(g, &from->key);

	if (to == NULL) {
		g->place[g->places++] = *from;
		return;
	}
	to->connections += from->connections;
	prefix_join(&to->servers, &from->servers);
}

/* ---- groups ---- */

static bool same_kind(const struct group *a, const struct group *b)
{
	return a->cause == b->cause && a->who == b->who && a->in_session == b->in_session &&
	       prefix_equal(&a->key, &b->key);
}

static struct group *find_group(struct groups *g, const struct group *like)
{
	for (size_t i = 0; i < g->count; i++) {
		if (same_kind(&g->group[i], like))
			return &g->group[i];
	}
	return NULL;
}

static void join_range(struct range *to, const struct range *from)
{
	if (from->count == 0)
		return;
	if (to->count == 0 || from->least < to->least)
		to->least = from->least;
	if (to->count == 0 || from->most > to->most)
		to->most = from->most;
	to->count += from->count;
}

/* Distances counted from different places are not to be compared. */
static void join_hops(struct group *to, const struct group *from)
{
	if (to->hops.count != 0 && from->hops.count != 0 && to->vantage != from->vantage)
		to->vantage = VANTAGE_BETWEEN;
	else if (from->hops.count != 0)
		to->vantage = from->vantage;
	join_range(&to->hops, &from->hops);
}

static void join(struct group *to, const struct group *from)
{
	for (uint64_t i = to->count; i < GROUP_EXAMPLES && i - to->count < from->count; i++)
		to->example[i] = from->example[i - to->count];
	to->count += from->count;
	to->confidence += from->confidence;
	if (from->first_ns < to->first_ns)
		to->first_ns = from->first_ns;
	if (from->last_ns > to->last_ns)
		to->last_ns = from->last_ns;
	if (to->port != from->port)
		to->port = 0;
	prefix_join(&to->servers, &from->servers);
	to->clients_mixed |= from->clients_mixed || !prefix_join(&to->clients, &from->clients);
	join_range(&to->silence_ns, &from->silence_ns);
	join_hops(to, from);
}

/* ---- when a table is full ---- */

static void widen(struct groups *g)
{
	size_t count = g->count, places = g->places;

	g->level++;
	g->count = g->places = 0;
	for (size_t i = 0; i < places; i++) { /* each is read before its room is taken */
		struct place place = g->place[i];

		place.key = key_of(g, &place.key.ip);
		merge_place(g, &place);
	}
	for (size_t i = 0; i < count; i++) {
		struct group group = g->group[i], *to;

		group.key = key_of(g, &group.key.ip);
		to = find_group(g, &group);
		if (to == NULL)
			g->group[g->count++] = group;
		else
			join(to, &group);
	}
}

static void count_place(struct groups *g, const struct address *server)
{
	struct place place = { .connections = 1 };

	place.servers = prefix_of(server, UINT8_MAX);
	place.key = key_of(g, server);
	while (g->places == PLACES_MAX && find_place(g, &place.key) == NULL &&
	       g->level + 1 < GROUP_LEVELS) {
		widen(g);
		place.key = key_of(g, server);
	}
	merge_place(g, &place); /* the widest has two: one a family */
}

static void add_group(struct groups *g, struct group *group)
{
	struct group *to;

	while ((to = find_group(g, group)) == NULL && g->count == GROUPS_MAX &&
	       g->level + 1 < GROUP_LEVELS) {
		widen(g);
		group->key = key_of(g, &group->servers.ip);
	}
	if (to != NULL)
		join(to, group);
	else if (g->count < GROUPS_MAX)
		g->group[g->count++] = *group;
	else
		g->others++;
}

/* ---- one connection ---- */

/* Stacks begin with one of these; no path is longer than what lies between them. */
static int64_t hops_of(uint8_t ttl)
{
	static const uint8_t initial[] = { 32, 64, 128, 255 };
	size_t i = 0;

	while (ttl > initial[i])
		i++;
	return initial[i] - ttl;
}

static enum vantage vantage_of(const struct conn *conn)
{
	for (enum side side = CLIENT; side <= SERVER; side++) {
		const struct peer *peer = &conn->peer[side];

		if (peer->ttl_samples != 0 && peer->ttl_min == peer->ttl_max &&
		    hops_of(peer->ttl_max) == 0 &&
		    (conn->peer[!side].ttl_samples == 0 || hops_of(conn->peer[!side].ttl_max) != 0))
			return side == CLIENT ? VANTAGE_CLIENT : VANTAGE_SERVER;
	}
	return VANTAGE_BETWEEN;
}

static struct group group_of(const struct groups *g, const struct conn *conn,
			     const struct verdict *v)
{
	const struct reset *reset = conn_ending_reset(conn);
	const struct endpoint *server = &conn->peer[SERVER].at;
	int64_t silence_ns = conn->end.idle_before_ns;
	struct group group = {
		.cause = v->cause,
		.who = v->who,
		.in_session = conn->ssh.phase == SSH_PHASE_SESSION,
		.key = key_of(g, &server->ip),
		.servers = prefix_of(&server->ip, UINT8_MAX),
		.clients = prefix_of(&conn->peer[CLIENT].at.ip, UINT8_MAX),
		.port = server->port,
		.count = 1,
		.first_ns = conn->end.time_ns != 0 ? conn->end.time_ns : conn->last_ns,
		.confidence = v->confidence,
		.example = { conn->id },
	};

	group.last_ns = group.first_ns;
	if (silence_ns >= SILENCE_LEAST_NS)
		group.silence_ns = (struct range){ 1, silence_ns, silence_ns };
	if (reset != NULL && v->who == WHO_MIDDLEBOX) {
		int64_t hops = hops_of(reset->seen.ttl);

		group.hops = (struct range){ 1, hops, hops };
		group.vantage = vantage_of(conn);
	}
	return group;
}

void groups_add(struct groups *g, const struct conn *conn, const struct verdict *v)
{
	struct group group;

	count_place(g, &conn->peer[SERVER].at.ip);
	if (cause_is_healthy(v->cause))
		return;
	g->odd++;
	group = group_of(g, conn, v);
	add_group(g, &group);
}

/* ---- afterwards ---- */

const struct place *groups_place(const struct groups *g, const struct group *group)
{
	for (size_t i = 0; i < g->places; i++) {
		if (prefix_equal(&g->place[i].key, &group->key))
			return &g->place[i];
	}
	return NULL;
}

bool groups_has_example(const struct groups *g, uint64_t id)
{
	for (size_t i = 0; i < g->count; i++) {
		const struct group *group = &g->group[i];

		for (uint64_t k = 0; k < GROUP_EXAMPLES && k < group->count; k++) {
			if (group->example[k] == id)
				return true;
		}
	}
	return false;
}
