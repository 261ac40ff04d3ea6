/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How a connection ended: the first FIN, the first reset that its receiver would obey, or, when there
 * is neither, what the silence at the end of the capture means. A reset after a FIN is an after-effect
 * and changes nothing here.
 */
#include "track/inside.h"

/* Two repeats of a segment are loss; a silence must also outlast a slow round trip. */
#define SILENT_REPEATS 2
#define SILENT_NS NS_PER_S

/* A third repeat of what was acknowledged: the second may cross with the answer to the first. */
#define UNHEARD_ANSWERS 3
/* What the client said this shortly before the server's FIN may be what the server answers. */
#define ASKED_NS (500 * NS_PER_MS)

static const char *const names[] = {
#define ENDING(id) #id,
#include "track/endings.def"
#undef ENDING
};

const char *ending_name(enum ending ending)
{
	return names[ending];
}

/* The side that waits longest for an answer, or NULL. */
static const struct peer *waiting(const struct conn *conn)
{
	const struct peer *client = &conn->peer[CLIENT], *server = &conn->peer[SERVER];

	if (client->pending.mark.number == 0)
		return server->pending.mark.number != 0 ? server : NULL;
	if (server->pending.mark.number == 0)
		return client;
	return client->pending.time_ns <= server->pending.time_ns ? client : server;
}

/* The silence that counts is the one before the first segment without an answer. */
static void measure_idle(struct conn *conn, struct mark mark, int64_t time_ns)
{
	const struct peer *peer = waiting(conn);
	struct end *end = &conn->end;

	if (peer != NULL) {
		end->idle_before_ns = peer->pending.silence_ns;
		end->idle_from = peer->pending.before;
		end->idle_to = peer->pending.mark;
		end->idle_broken = true;
		end->idle_broken_by = peer == &conn->peer[CLIENT] ? CLIENT : SERVER;
	} else {
		end->idle_before_ns = conn->last.number != 0 ? time_ns - conn->last_ns : 0;
		end->idle_from = conn->last;
		end->idle_to = mark;
		end->idle_broken = false;
	}
	if (end->idle_before_ns < 0)
		end->idle_before_ns = 0;
}

void ending_set(struct conn *conn, enum ending ending, enum side side, const struct packet *p)
{
	measure_idle(conn, p->mark, p->time_ns);
	conn->end.ending = ending;
	conn->end.has_side = true;
	conn->end.side = side;
	conn->end.mark = p->mark;
	conn->end.time_ns = p->time_ns;
}

/* The first FIN that came while a reset was believed. */
static void end_by_fin(struct conn *conn)
{
	const struct peer *client = &conn->peer[CLIENT], *server = &conn->peer[SERVER];
	bool client_first = client->fin.number != 0 &&
			    (server->fin.number == 0 || client->fin_ns <= server->fin_ns);
	const struct peer *first = client_first ? client : server;

	if (first->fin.number == 0)
		return;
	conn->end.ending = ENDING_closed;
	conn->end.has_side = true;
	conn->end.side = client_first ? CLIENT : SERVER;
	conn->end.mark = first->fin;
	conn->end.time_ns = first->fin_ns;
}

void ending_take_back(struct conn *conn)
{
	int64_t survived_ns = conn->end.idle_survived_ns;

	memset(&conn->end, 0, sizeof(conn->end));
	conn->end.idle_survived_ns = survived_ns;
	conn->ending_reset = -1;
	conn->trigger_acked = false;
	memset(conn->data_after_reset, 0, sizeof(conn->data_after_reset));
	memset(conn->after_reset_mark, 0, sizeof(conn->after_reset_mark));
	end_by_fin(conn);
}

static void end_in_silence(struct conn *conn, enum ending ending, enum side silent_side,
			   int64_t time_ns)
{
	measure_idle(conn, conn->last, conn->last_ns);
	conn->end.ending = ending;
	conn->end.has_side = true;
	conn->end.side = silent_side;
	conn->end.time_ns = time_ns;
}

static void end_by_icmp(struct conn *conn)
{
	end_in_silence(conn, ENDING_rejected, !conn->icmp.about, conn->icmp.time_ns);
	conn->end.mark = conn->icmp.mark;
}

/*
 * Did the side that was told "unreachable" hear nothing more from the other, or nothing of what it
 * repeated, whatever else the other said? A rule may stop one direction alone.
 */
static bool icmp_was_the_end(const struct conn *conn)
{
	const struct pending *told = &conn->peer[conn->icmp.about].pending;
	const struct peer *other = &conn->peer[!conn->icmp.about];

	if (conn->icmp.count == 0 || told->mark.number == 0)
		return false;
	return other->recent[0].time_ns <= told->time_ns ||
	       (conn->icmp.quotes_in_flight && conn->icmp.count >= SILENT_REPEATS &&
		told->repeats >= SILENT_REPEATS && conn->icmp.time_ns >= told->time_ns);
}

static void settle_one_sided(struct conn *conn)
{
	conn->one_sided = conn->peer[CLIENT].packets == 0 || conn->peer[SERVER].packets == 0;
	conn->only_side = conn->peer[CLIENT].packets == 0 ? SERVER : CLIENT;
	if (!conn->one_sided || conn->end.ending != ENDING_closed)
		return;
	if (!conn->closer_known && conn->peer[conn->only_side].ack_step == 0) {
		/* What it acknowledges never moved: no FIN had reached it. */
		conn->closer_known = true;
		conn->closer = conn->only_side;
	}
	conn->end.has_side = conn->closer_known;
	conn->end.side = conn->closer;
}

/*
 * When only one direction was captured, its acknowledgments still tell who closed first: a FIN
 * takes one sequence number, nothing is acknowledged after it, and hardly anything that SSH sends
 * is a single octet.
 */
void ending_closer(struct conn *conn, enum side side)
{
	const struct peer *peer = &conn->peer[side];

	if (conn->peer[!side].packets != 0)
		return;
	conn->closer_known = peer->ack_step == 1;
	conn->closer = peer->fin.number != 0 ? side : !side;
}

static bool only_syns(const struct conn *conn)
{
	const struct peer *client = &conn->peer[CLIENT];

	return client->has_isn && !client->has_acked && conn->peer[SERVER].ttl_samples == 0;
}

/* The side that repeats, to the end, what was acknowledged: it is deaf, so for it there is silence. */
static const struct peer *unheard(const struct conn *conn)
{
	for (enum side side = CLIENT; side <= SERVER; side++) {
		const struct unheard *u = &conn->peer[side].unheard;

		if (!u->probe && u->answers >= UNHEARD_ANSWERS &&
		    u->last_ns - u->time_ns >= SILENT_NS)
			return &conn->peer[side];
	}
	return NULL;
}

static void end_unheard(struct conn *conn, const struct peer *deaf)
{
	end_in_silence(conn, ENDING_silent, deaf == &conn->peer[CLIENT] ? SERVER : CLIENT,
		       deaf->unheard.time_ns);
	conn->end.mark = deaf->unheard.last;
}

void ending_at_last(struct conn *conn)
{
	const struct peer *peer = waiting(conn);

	settle_one_sided(conn);
	if (conn->end.ending != ENDING_open)
		return;
	if (only_syns(conn)) {
		conn->one_sided = false; /* nothing was sent that could be missing */
		if (conn->icmp.count != 0)
			end_by_icmp(conn);
		else
			end_in_silence(conn, ENDING_unanswered, SERVER, conn->last_ns);
	} else if (icmp_was_the_end(conn)) {
		end_by_icmp(conn);
	} else if (!conn->one_sided && peer != NULL && peer->pending.repeats >= SILENT_REPEATS &&
		   peer->pending.last_ns - peer->pending.time_ns >= SILENT_NS) {
		end_in_silence(conn, ENDING_silent, peer == &conn->peer[CLIENT] ? SERVER : CLIENT,
			       peer->pending.time_ns);
		conn->end.mark = peer->pending.last_mark;
	} else if (!conn->one_sided && unheard(conn) != NULL) {
		end_unheard(conn, unheard(conn));
	}
}

bool ending_is_orderly(const struct conn *conn)
{
	return conn->end.ending == ENDING_closed && conn->resets == 0 &&
	       conn->peer[CLIENT].fin.number != 0 && conn->peer[SERVER].fin.number != 0;
}

bool ending_is_unasked(const struct conn *conn)
{
	const struct said *client = &conn->peer[CLIENT].last_data;
	const struct said *server = &conn->peer[SERVER].last_data;

	if (conn->end.ending != ENDING_closed || !conn->end.has_side || conn->end.side != SERVER ||
	    conn->ssh.phase < SSH_PHASE_SESSION)
		return false;
	/* Or the server went on with what it was saying before. */
	return client->mark.number == 0 || conn->end.time_ns - client->time_ns > ASKED_NS ||
	       (server->mark.number != 0 && server->time_ns > client->time_ns);
}
