/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the connections to one server and port teach about it: what its segments look like, whether
 * it took others before and after, and whether it ended several at once. A fixed table; a newcomer
 * takes the least recent of the few places it may stand in.
 */
#include <stdlib.h>

#include "base/die.h"
#include "base/siphash.h"
#include "track/inside.h"

#define HOSTS_MAX 8192 /* servers at one time: 10 MiB, touched as they are used */
#define HOSTS_WAYS 8   /* places a server may stand in */
#define MEMORY 16      /* happenings of each kind that are kept, the latest */

/* Ends within a second of each other belong together. */
#define TOGETHER_NS NS_PER_S

struct happening {
	int64_t time_ns;
	struct mark mark;
	struct mark conn; /* first frame of the connection: its name here */
};

struct memory {
	uint32_t count; /* ever */
	struct happening at[MEMORY];
};

struct host {
	struct endpoint server; /* family 0: a free place */
	int64_t last_ns;
	uint32_t connections;
	struct memory accepted, refused, ended;
	struct happening alive[2]; /* data both ways: the latest, and the latest of another one */
	uint8_t ttl_min, ttl_max;
	int64_t rtt_min_ns;
};

struct hosts {
	struct siphash_key key;
	struct host host[HOSTS_MAX];
};

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

/* A host that lost its place to another teaches nothing more. */
static struct host *host_of(struct hosts *h, uint32_t place, const struct conn *conn)
{
	struct host *host = &h->host[place];

	return endpoint_equal(&host->server, &conn->peer[SERVER].at) ? host : NULL;
}

/* ---- happenings ---- */

static bool same_mark(struct mark a, struct mark b)
{
	return a.number == b.number && a.input == b.input;
}

static void remember(struct memory *m, const struct conn *conn, int64_t time_ns, struct mark mark)
{
	m->at[m->count++ % MEMORY] = (struct happening){ time_ns, mark, conn->first };
}

uint32_t hosts_connection(struct hosts *h, uint32_t place, const struct conn *conn)
{
	struct host *host = host_of(h, place, conn);

	if (host == NULL)
		return 0;
	host->connections++;
	return host->accepted.count;
}

static void learn_looks(struct host *host, const struct peer *server)
{
	if (host->ttl_min == 0 || server->ttl_min < host->ttl_min)
		host->ttl_min = server->ttl_min;
	if (server->ttl_max > host->ttl_max)
		host->ttl_max = server->ttl_max;
	if (server->rtt_min_ns != 0 &&
	    (host->rtt_min_ns == 0 || server->rtt_min_ns < host->rtt_min_ns))
		host->rtt_min_ns = server->rtt_min_ns;
}

void hosts_segment(struct hosts *h, uint32_t place, const struct conn *conn, bool accepted_now)
{
	struct host *host = host_of(h, place, conn);
	struct happening now = { conn->last_ns, conn->last, conn->first };

	if (host == NULL)
		return;
	host->last_ns = conn->last_ns;
	if (accepted_now) {
		remember(&host->accepted, conn, conn->last_ns, conn->last);
		learn_looks(host, &conn->peer[SERVER]);
	}
	if (conn->end.ending != ENDING_open || conn->peer[CLIENT].bytes == 0 ||
	    conn->peer[SERVER].bytes == 0 ||
	    !same_mark(conn->peer[SERVER].recent[0].mark, conn->last))
		return; /* what a client repeats says nothing of the server */
	if (!same_mark(host->alive[0].conn, conn->first))
		host->alive[1] = host->alive[0];
	host->alive[0] = now;
}

void hosts_ended(struct hosts *h, uint32_t place, const struct conn *conn)
{
	struct host *host = host_of(h, place, conn);

	if (host == NULL)
		return;
	if (conn->end.ending == ENDING_refused || conn->end.ending == ENDING_rejected)
		remember(&host->refused, conn, conn->end.time_ns, conn->end.mark);
	else if (conn->end.has_side && conn->end.side == SERVER)
		remember(&host->ended, conn, conn->end.time_ns, conn->end.mark);
}

/* ---- lessons ---- */

/* How many of other connections are after a time; the earliest of them into *earliest. */
static uint32_t count_after(const struct memory *m, const struct conn *conn, int64_t time_ns,
			    struct happening *earliest)
{
	uint32_t kept = m->count < MEMORY ? m->count : MEMORY, found = 0;

	memset(earliest, 0, sizeof(*earliest));
	for (uint32_t i = 0; i < kept; i++) {
		if (m->at[i].time_ns <= time_ns || same_mark(m->at[i].conn, conn->first))
			continue;
		if (found++ == 0 || m->at[i].time_ns < earliest->time_ns)
			*earliest = m->at[i];
	}
	return found;
}

static uint32_t count_with(const struct memory *m, const struct conn *conn, int64_t time_ns)
{
	uint32_t kept = m->count < MEMORY ? m->count : MEMORY, found = 0;

	for (uint32_t i = 0; i < kept; i++) {
		int64_t apart = m->at[i].time_ns - time_ns;

		found += apart <= TOGETHER_NS && apart >= -TOGETHER_NS &&
			 !same_mark(m->at[i].conn, conn->first);
	}
	return found;
}

static bool any_before(const struct memory *m, int64_t time_ns)
{
	for (uint32_t i = 0; i < MEMORY && i < m->count; i++) {
		if (m->at[i].time_ns <= time_ns)
			return true;
	}
	return false;
}

/*
 * How many of other connections are not after a time, at least. What was forgotten was before all that
 * is kept, so when some of that is not after it either, all of it was before.
 */
static uint32_t count_before(const struct memory *m, const struct conn *conn, int64_t time_ns)
{
	uint32_t kept = m->count < MEMORY ? m->count : MEMORY, found = 0;
	bool own = conn->handshake == HANDSHAKE_COMPLETE;

	for (uint32_t i = 0; i < kept; i++) {
		found += m->at[i].time_ns <= time_ns;
		if (own && same_mark(m->at[i].conn, conn->first)) {
			found -= m->at[i].time_ns <= time_ns;
			own = false;
		}
	}
	if (kept == m->count || !any_before(m, time_ns))
		return found;
	return found + (m->count - kept) - own;
}

/* The latest acceptance before a time, for its frame. */
static struct happening latest_before(const struct memory *m, const struct conn *conn,
				      int64_t time_ns)
{
	uint32_t kept = m->count < MEMORY ? m->count : MEMORY;
	struct happening latest = { 0 };

	for (uint32_t i = 0; i < kept; i++) {
		if (m->at[i].time_ns <= time_ns && !same_mark(m->at[i].conn, conn->first) &&
		    m->at[i].time_ns >= latest.time_ns)
			latest = m->at[i];
	}
	return latest;
}

void hosts_teach(struct hosts *h, uint32_t place, uint32_t accepted_at_begin, struct conn *conn)
{
	const struct host *host = host_of(h, place, conn);
	struct lessons *lessons = &conn->lessons;
	int64_t end_ns = conn->end.time_ns;
	struct happening after;

	if (host == NULL)
		return;
	lessons->connections = host->connections > 0 ? host->connections - 1 : 0;
	lessons->refused_after = count_after(&host->refused, conn, end_ns, &after);
	lessons->accepted_after = count_after(&host->accepted, conn, end_ns, &after);
	lessons->accepted_after_mark = after.mark;
	lessons->accepted_after_ns = after.time_ns;
	lessons->accepted_before = count_before(&host->accepted, conn, end_ns);
	if (lessons->accepted_before < accepted_at_begin)
		lessons->accepted_before = accepted_at_begin;
	lessons->accepted_before_mark = latest_before(&host->accepted, conn, end_ns).mark;
	for (int i = 0; i < 2; i++)
		lessons->alive_after += host->alive[i].time_ns > end_ns &&
					!same_mark(host->alive[i].conn, conn->first);
	lessons->ended_with = count_with(&host->ended, conn, end_ns);
	lessons->ttl_min = host->ttl_min;
	lessons->ttl_max = host->ttl_max;
	lessons->rtt_min_ns = host->rtt_min_ns;
}
