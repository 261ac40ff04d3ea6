/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the connections to one server and port teach about it: what its segments look like, whether
 * it took others before and after, and whether it ended several at once. A fixed table; a newcomer
 * takes the least recent of the few places it may stand in.
 */
#include <stdlib.h>

#include "base/die.h"
#include "track/hosts.h"

/* A host that was heard this shortly before cannot be missed: who is, is kept out by a rule. */
#define HEARD_NS NS_PER_S

/* So many SYNs without an answer are no loss by chance: Linux sends these within three seconds. */
#define MISSED_SYNS 3

struct hosts *hosts_new(void)
{
	struct hosts *h = xcalloc(1, sizeof(*h));

	h->key = siphash_random_key();
	return h;
}

void hosts_free(struct hosts *h)
{
	free(h);
}

/* ---- places ---- */

uint32_t hosts_place(struct hosts *h, const struct endpoint *server, int64_t now_ns)
{
	uint8_t key[19];
	uint32_t first, oldest;

	key[0] = server->ip.family;
	memcpy(key + 1, server->ip.bytes, 16);
	memcpy(key + 17, &server->port, 2);
	first = oldest = (uint32_t)(siphash(h->key, key, sizeof(key)) % HOSTS_MAX);
	for (uint32_t way = 0; way < HOSTS_WAYS; way++) {
		uint32_t at = (first + way) % HOSTS_MAX;

		if (endpoint_equal(&h->host[at].server, server))
			return at;
		if (h->host[at].server.ip.family == 0) {
			oldest = at;
			break;
		}
		if (h->host[at].last_ns < h->host[oldest].last_ns)
			oldest = at;
	}
	memset(&h->host[oldest], 0, sizeof(h->host[oldest]));
	h->host[oldest].server = *server;
	h->host[oldest].last_ns = now_ns;
	return oldest;
}

struct host *host_of(struct hosts *h, uint32_t place, const struct conn *conn)
{
	struct host *host = &h->host[place];

	return endpoint_equal(&host->server, &conn->peer[SERVER].at) ? host : NULL;
}

/* ---- happenings ---- */

static void remember(struct memory *m, const struct conn *conn, int64_t time_ns, int64_t since_ns,
		     struct mark mark)
{
	m->at[m->count++ % MEMORY] = (struct happening){ time_ns, since_ns, mark, conn->first };
}

uint32_t hosts_connection(struct hosts *h, uint32_t place, const struct conn *conn)
{
	struct host *host = host_of(h, place, conn);

	if (host == NULL)
		return 0;
	host->connections++;
	return host->accepted.count;
}

static void learn_distance(struct host *host, const struct peer *server)
{
	/* A SYN-ACK has no mark yet, and may be a proxy's: what follows it is asked as well. */
	host->keeps_tos |= (server->recent[0].tos & DSCP) != 0;
	if (host->ttl_min == 0 || server->ttl_min < host->ttl_min)
		host->ttl_min = server->ttl_min;
	if (server->ttl_max > host->ttl_max)
		host->ttl_max = server->ttl_max;
	if (server->rtt_min_ns != 0 &&
	    (host->rtt_min_ns == 0 || server->rtt_min_ns < host->rtt_min_ns))
		host->rtt_min_ns = server->rtt_min_ns;
}

/* To the front: the session that is heard now is mostly the one before. */
static void hear(struct host *host, const struct conn *conn)
{
	struct happening now = { conn->last_ns, conn->first_ns, conn->last, conn->first };
	size_t at = 0;

	while (at < HEARD_MAX - 1 && !same_mark(host->heard[at].conn, conn->first))
		at++;
	memmove(&host->heard[1], &host->heard[0], at * sizeof(now));
	host->heard[0] = now;
}

void hosts_segment(struct hosts *h, uint32_t place, const struct conn *conn, bool accepted_now)
{
	struct host *host = host_of(h, place, conn);

	if (host == NULL)
		return;
	host->last_ns = conn->last_ns;
	if (accepted_now)
		remember(&host->accepted, conn, conn->last_ns, conn->first_ns, conn->last);
	if (conn->handshake == HANDSHAKE_COMPLETE)
		learn_distance(host, &conn->peer[SERVER]);
	silences_learn(&host->silences, conn);
	/* What the client repeats is no sign of the server; nor is a reset, which is not recent. */
	if (!same_mark(conn->peer[SERVER].recent[0].mark, conn->last))
		return;
	host->heard_ns = conn->last_ns;
	if (conn->end.ending == ENDING_open && conn->peer[CLIENT].bytes != 0 &&
	    conn->peer[SERVER].bytes != 0)
		hear(host, conn);
}

/* ---- ends ---- */

static void reset_by_server(struct host *host, const struct conn *conn)
{
	const struct reset *reset = conn_ending_reset(conn);
	int64_t time_ns = conn->end.time_ns;

	if (reset == NULL)
		return;
	/* RFC 9293 section 3.10.7.1: who has no such connection answers an ACK without one. */
	if ((reset->seen.flags & TCP_ACK) == 0)
		remember(&host->forgotten, conn, time_ns, conn->peer[SERVER].recent[0].time_ns,
			 conn->end.mark);
	else if (reset->seen.window != 0)
		remember(&host->ended, conn, time_ns, conn->first_ns, conn->end.mark);
}

void hosts_ended(struct hosts *h, uint32_t place, const struct conn *conn)
{
	struct host *host = host_of(h, place, conn);
	const struct end *end = &conn->end;

	if (host == NULL)
		return;
	if (end->ending == ENDING_refused)
		remember(&host->refused, conn, end->time_ns, conn->first_ns, end->mark);
	else if (ending_is_unasked(conn))
		remember(&host->ended, conn, end->time_ns, conn->first_ns, end->mark);
	else if (end->ending == ENDING_reset && end->side == SERVER)
		reset_by_server(host, conn);
	silences_learn(&host->silences, conn);
}

static void miss(struct host *host, const struct conn *conn, struct mark mark, int64_t time_ns,
		 int64_t silent_since_ns)
{
	if (host->heard_ns < silent_since_ns || host->heard_ns == 0)
		remember(&host->missed, conn, time_ns, conn->first_ns, mark);
}

void hosts_syn(struct hosts *h, uint32_t place, const struct conn *conn)
{
	const struct peer *client = &conn->peer[CLIENT];
	struct host *host = host_of(h, place, conn);

	if (host == NULL || !client->has_isn || client->has_acked || client->bytes != 0 ||
	    conn->peer[SERVER].packets != 0)
		return;
	if (client->retransmissions + 1 == MISSED_SYNS)
		miss(host, conn, conn->last, conn->last_ns, conn->first_ns);
}

void hosts_icmp(struct hosts *h, uint32_t place, const struct conn *conn)
{
	const struct icmp_seen *icmp = &conn->icmp;
	struct host *host = host_of(h, place, conn);

	if (host == NULL || icmp->count == 0 || icmp->about != CLIENT || !icmp_misses_host(icmp) ||
	    address_equal(&icmp->from, &conn->peer[SERVER].at.ip))
		return;
	miss(host, conn, icmp->mark, icmp->time_ns, icmp->time_ns - HEARD_NS);
}

/* ---- looks ---- */

struct look look_of(const struct hosts *h, const struct conn *conn)
{
	const struct peer *client = &conn->peer[CLIENT], *server = &conn->peer[SERVER];
	const struct ssh *ssh = &conn->ssh;
	const struct ssh_half *half = &ssh->half[SERVER];
	struct look look = {
		.conn = conn->first,
		.began_ns = conn->first_ns,
		.client = client->at.ip,
		.asked_timestamps = client->timestamps,
		.asked_wscale = client->has_wscale,
		.timestamps = server->timestamps,
		.wscale = server->has_wscale ? server->wscale : 0,
		.mark = server->syn,
	};

	if (server->syn.number != 0)
		look.ttl = server->ttl_max;
	if (half->identification.len != 0) {
		look.identification =
			siphash(h->key, half->identification.at, half->identification.len);
		look.mark = half->identification_mark;
	}
	if (ssh->host_key_mark.number != 0) {
		look.key = siphash(h->key, ssh->host_key, sizeof(ssh->host_key));
		look.key_type = siphash(h->key, ssh->host_key_type.at, ssh->host_key_type.len);
		look.mark = ssh->host_key_mark;
	}
	return look;
}

void hosts_look(struct hosts *h, uint32_t place, const struct conn *conn)
{
	struct host *host = host_of(h, place, conn);
	uint32_t at;

	if (host == NULL)
		return;
	for (at = 0; at < LOOKS_MAX; at++) {
		if (same_mark(host->look[at].conn, conn->first))
			break;
	}
	if (at == LOOKS_MAX)
		at = host->looks++ % LOOKS_MAX;
	host->look[at] = look_of(h, conn);
}
