/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is remembered of a server, told from where one connection ended: only what others met there
 * counts, before, around and after that end.
 */
#include "track/hosts.h"

/* Ends within a second of each other belong together. */
#define TOGETHER_NS NS_PER_S

/* A shutdown takes less, but for services that hang. */
#define BEFORE_NS (60 * NS_PER_S)

/* Begun so many times further apart than ended: no limit of time that began with each ended both. */
#define OTHER_AGE 4

/* Stacks begin at 32, 64, 128 or 255; no way is this much longer than another. */
#define OTHER_TTL 30

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

/* ---- what happened to the server ---- */

static const struct happening *nth(const struct memory *m, uint32_t i)
{
	return i < MEMORY && i < m->count ? &m->at[i] : NULL;
}

static int64_t distance(int64_t a, int64_t b)
{
	return a < b ? b - a : a - b;
}

static void ended_with(const struct memory *m, const struct conn *conn, struct lessons *lessons)
{
	const struct happening *other;

	for (uint32_t i = 0; (other = nth(m, i)) != NULL; i++) {
		int64_t apart = distance(other->time_ns, conn->end.time_ns);

		if (apart > TOGETHER_NS || same_mark(other->conn, conn->first))
			continue;
		lessons->ended_with++;
		lessons->ended_with_mark = other->mark;
		lessons->ended_other_age +=
			distance(other->since_ns, conn->first_ns) > OTHER_AGE * apart;
	}
}

/* When the server was last heard on this connection: it still had it then. */
static int64_t known_ns(const struct conn *conn)
{
	const struct seen *last = &conn->peer[SERVER].recent[0];

	return last->mark.number != 0 ? last->time_ns : conn->first_ns;
}

/* A host that shuts down in order ends its sessions first, and is then away. */
static void ended_before(const struct memory *m, const struct conn *conn, struct lessons *lessons)
{
	const struct happening *other;
	int64_t known = known_ns(conn);

	for (uint32_t i = 0; (other = nth(m, i)) != NULL; i++) {
		if (other->time_ns > conn->end.time_ns || other->time_ns < known - BEFORE_NS ||
		    same_mark(other->conn, conn->first))
			continue;
		lessons->ended_before++;
		lessons->ended_before_mark = other->mark;
	}
}

/* Both were known at one time, and may have been forgotten at one time. */
static void forgotten_with(const struct memory *m, const struct conn *conn, struct lessons *lessons)
{
	const struct happening *other;

	for (uint32_t i = 0; (other = nth(m, i)) != NULL; i++) {
		if (other->since_ns >= conn->end.time_ns || other->time_ns <= known_ns(conn) ||
		    same_mark(other->conn, conn->first))
			continue;
		lessons->forgotten++;
		lessons->forgotten_mark = other->mark;
	}
}

static bool is_among(const struct memory *m, struct mark conn)
{
	const struct happening *other;

	for (uint32_t i = 0; (other = nth(m, i)) != NULL; i++) {
		if (same_mark(other->conn, conn))
			return true;
	}
	return false;
}

static void heard_after(const struct host *host, const struct conn *conn, struct lessons *lessons)
{
	for (size_t i = 0; i < HEARD_MAX; i++) {
		const struct happening *other = &host->heard[i];

		if (other->time_ns <= conn->end.time_ns || same_mark(other->conn, conn->first))
			continue;
		lessons->alive_after++;
		/* Its last words may have been on their way when it died as well. */
		if (other->since_ns >= known_ns(conn) || is_among(&host->ended, other->conn) ||
		    is_among(&host->forgotten, other->conn))
			continue;
		lessons->survived++;
		lessons->survived_mark = other->mark;
	}
}

/* ---- which machine it is ---- */

static bool asked_alike(const struct look *a, const struct look *b)
{
	return a->ttl != 0 && b->ttl != 0 && address_equal(&a->client, &b->client) &&
	       a->asked_timestamps == b->asked_timestamps && a->asked_wscale == b->asked_wscale;
}

static bool answered_alike(const struct look *a, const struct look *b)
{
	return a->timestamps == b->timestamps && a->wscale == b->wscale &&
	       distance(a->ttl, b->ttl) < OTHER_TTL;
}

static void compare_keys(const struct look *own, const struct look *other, const struct conn *conn,
			 struct lessons *lessons)
{
	if (own->key == 0 || other->key == 0 || own->key_type != other->key_type)
		return;
	if (own->key != other->key && other->began_ns <= known_ns(conn)) {
		lessons->other_key_before++;
	} else if (own->key != other->key) {
		lessons->other_key_after++;
		lessons->key_after_mark = other->mark;
	} else if (other->began_ns > conn->end.time_ns) {
		lessons->same_key_after++;
		if (lessons->other_key_after == 0)
			lessons->key_after_mark = other->mark;
	}
}

static void compare_looks(const struct hosts *h, const struct host *host, const struct conn *conn,
			  struct lessons *lessons)
{
	struct look own = look_of(h, conn);

	for (uint32_t i = 0; i < LOOKS_MAX && i < host->looks; i++) {
		const struct look *other = &host->look[i];

		if (same_mark(other->conn, conn->first))
			continue;
		compare_keys(&own, other, conn, lessons);
		if (other->began_ns <= known_ns(conn))
			continue;
		if (own.identification != 0 && other->identification != 0 &&
		    own.identification != other->identification) {
			lessons->other_software_after++;
			lessons->software_after_mark = other->mark;
		}
		if (asked_alike(&own, other) && !answered_alike(&own, other)) {
			lessons->other_stack_after++;
			lessons->stack_after_mark = other->mark;
		}
	}
}

/* ---- all of it ---- */

static void taken_and_refused(const struct host *host, uint32_t accepted_at_begin,
			      const struct conn *conn, struct lessons *lessons)
{
	int64_t end_ns = conn->end.time_ns;
	struct happening after;

	lessons->refused_after = count_after(&host->refused, conn, end_ns, &after);
	lessons->refused_after_mark = after.mark;
	lessons->missed = count_after(&host->missed, conn, known_ns(conn), &after);
	lessons->missed_mark = after.mark;
	lessons->accepted_after = count_after(&host->accepted, conn, end_ns, &after);
	lessons->accepted_after_mark = after.mark;
	lessons->accepted_after_ns = after.time_ns;
	lessons->accepted_before = count_before(&host->accepted, conn, end_ns);
	if (lessons->accepted_before < accepted_at_begin)
		lessons->accepted_before = accepted_at_begin;
	lessons->accepted_before_mark = latest_before(&host->accepted, conn, end_ns).mark;
}

void hosts_teach(struct hosts *h, uint32_t place, uint32_t accepted_at_begin, struct conn *conn)
{
	const struct host *host = host_of(h, place, conn);
	struct lessons *lessons = &conn->lessons;

	if (host == NULL)
		return;
	lessons->connections = host->connections > 0 ? host->connections - 1 : 0;
	taken_and_refused(host, accepted_at_begin, conn, lessons);
	ended_with(&host->ended, conn, lessons);
	ended_before(&host->ended, conn, lessons);
	forgotten_with(&host->forgotten, conn, lessons);
	heard_after(host, conn, lessons);
	compare_looks(h, host, conn, lessons);
	lessons->ttl_min = host->ttl_min;
	lessons->ttl_max = host->ttl_max;
	lessons->keeps_tos = host->keeps_tos;
	lessons->rtt_min_ns = host->rtt_min_ns;
	silences_teach(&host->silences, conn);
}
