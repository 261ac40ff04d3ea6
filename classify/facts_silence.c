/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The part of facts_of() that looks at what had no answer: the silence, the segments that wait, what
 * a receiver lacks, and the questions by which SSH looks for life.
 */
#include "classify/inside.h"

/*
 * A kernel whose probe was answered waits the whole idle time before it asks again; one that heard
 * nothing asks at a shorter interval, by default a hundredth of it. Half is between.
 */
#define PROBE_HASTE 2

static struct fact_silence silence_of(const struct conn *conn)
{
	return (struct fact_silence){
		.ns = conn->end.ending != ENDING_open ? conn->end.idle_before_ns : 0,
		.from = conn->end.idle_from,
		.to = conn->end.idle_to,
		.broken = conn->end.idle_broken,
		.broken_by = conn->end.idle_broken_by,
		.survived_ns = conn->end.idle_survived_ns,
	};
}

static struct fact_waiting waiting_for(const struct pending *first, enum side side)
{
	return (struct fact_waiting){
		.any = true,
		.side = side,
		.repeats = first->repeats,
		.len = first->repeats != 0 ? first->repeat_len : first->len,
		.span_ns = first->last_ns - first->time_ns,
		.first = first->mark,
		.last = first->last_mark,
		.probe = first->probe,
	};
}

/* Keep-alives that hear their answers come after the same silence each time. */
static bool is_deaf(const struct unheard *u)
{
	return u->answers != 0 && u->repeats != 0 &&
	       (!u->probe || (u->last_ns - u->time_ns) / u->repeats * PROBE_HASTE <= u->silence_ns);
}

static struct fact_waiting deaf(const struct unheard *u, enum side side)
{
	return (struct fact_waiting){
		.any = true,
		.side = side,
		.repeats = u->repeats,
		.len = u->len,
		.span_ns = u->last_ns - u->time_ns,
		.first = u->mark,
		.last = u->last,
		.probe = u->probe,
		.unheard = true,
	};
}

static struct fact_waiting waiting_of(const struct conn *conn)
{
	const struct pending *client = &conn->peer[CLIENT].pending;
	const struct pending *server = &conn->peer[SERVER].pending;
	bool client_waits = client->mark.number != 0, server_waits = server->mark.number != 0;
	struct fact_waiting waiting = { 0 };

	for (enum side side = CLIENT; side <= SERVER && !client_waits && !server_waits; side++) {
		if (is_deaf(&conn->peer[side].unheard))
			return deaf(&conn->peer[side].unheard, side);
	}
	if (client_waits && (!server_waits || client->time_ns <= server->time_ns))
		waiting = waiting_for(client, CLIENT);
	else if (server_waits)
		waiting = waiting_for(server, SERVER);
	waiting.both = client_waits && server_waits && client->repeats != 0 && server->repeats != 0;
	return waiting;
}

/* Of two, the one that lasted longer. */
static struct fact_lack lack_of(const struct conn *conn, const struct fact_end *end)
{
	struct fact_lack fact = { 0 };

	for (enum side side = CLIENT; side <= SERVER; side++) {
		const struct lack *lack = &conn->peer[side].lack;
		int64_t until_ns = end->time_ns > conn->last_ns ? end->time_ns : conn->last_ns;

		if (lack->mark.number == 0 || until_ns - lack->time_ns <= fact.span_ns)
			continue;
		fact = (struct fact_lack){ .any = true,
					   .side = side,
					   .len = lack->len,
					   .beyond_len = lack->beyond_len,
					   .span_ns = until_ns - lack->time_ns,
					   .first = lack->mark,
					   .last = lack->last };
		fact.too_big = conn->too_big.number != 0 && conn->too_big_about == side;
		fact.too_big_mark = fact.too_big ? conn->too_big : NO_MARK;
	}
	return fact;
}

static struct fact_alive alive_of(const struct ssh_alive *alive)
{
	return (struct fact_alive){ .answered = alive->answered,
				    .unanswered = alive->unanswered,
				    .interval_ns = alive->interval_ms * NS_PER_MS,
				    .last = alive->last_mark };
}

static bool left_so(int ttl_min, int ttl_max)
{
	return ttl_min == ttl_max && ttl_min != 0 && initial_ttl(ttl_min) == ttl_min;
}

/* A server that never answered this client is known by its other connections. */
static bool is_near(const struct conn *conn, enum side side)
{
	const struct peer *peer = &conn->peer[side];

	if (side == SERVER && peer->ttl_samples == 0)
		return left_so(conn->lessons.ttl_min, conn->lessons.ttl_max);
	return left_so(peer->ttl_min, peer->ttl_max);
}

void facts_of_silence(const struct conn *conn, struct facts *facts)
{
	facts->silence = silence_of(conn);
	facts->waiting = waiting_of(conn);
	facts->lack = lack_of(conn, &facts->end);
	for (enum side side = CLIENT; side <= SERVER; side++) {
		facts->alive[side] = alive_of(&conn->ssh.alive[side]);
		facts->near[side] = is_near(conn, side);
	}
}
