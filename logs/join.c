/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which notes belong to a connection? Those that name its ends, at its time; those of the processes
 * that spoke of it; and what its host says of itself about its end, when it is known whose log it is.
 */
#include <string.h>

#include "logs/inside.h"

/* Stamps of one second, a process that waits for its turn: how far the same event may be apart. */
#define SLACK_NS (2 * NS_PER_S)
/* An unanswered segment is given up after 15.4 min (Linux, tcp_retries2): then its end is logged. */
#define LATE_NS (INT64_C(960) * NS_PER_S)
/* What is said of a host as a whole concerns what ended within this time of it. */
#define HOST_NS (60 * NS_PER_S)
/* When its begin was not captured: so long before may its process have named itself. */
#define EARLIER_NS (INT64_C(86400) * NS_PER_S)

#define PIDS_MAX 8 /* the monitor, the user's process, one for each login that was tried */

struct search {
	const struct store *store;
	const struct join_source *from;
	const struct conn *conn;
	struct noted_conn *out;
	int64_t since_ns, until_ns; /* by the clock of the log */
	uint32_t pid[PIDS_MAX];
	size_t pids;
};

static bool fits(const struct endpoint *said, const struct endpoint *is)
{
	return (said->ip.family == 0 || address_equal(&said->ip, &is->ip)) &&
	       (said->port == 0 || said->port == is->port);
}

bool note_names(const struct note *note, const struct conn *conn, enum note_side *side)
{
	const struct endpoint *client = &conn->peer[CLIENT].at, *server = &conn->peer[SERVER].at;
	bool of_server = fits(&note->remote, client) && fits(&note->local, server);
	bool of_client = fits(&note->remote, server) && fits(&note->local, client);

	if (note->remote.ip.family == 0 || note->remote.port == 0)
		return false;
	/* Who speaks of the server's end alone, as a kernel may, names no connection. */
	if (!of_server && (!of_client || note->local.port == 0))
		return false;
	*side = note->on_path ? NOTE_OF_PATH : of_server ? NOTE_OF_SERVER : NOTE_OF_CLIENT;
	return true;
}

static void keep(struct search *s, const struct note *note, enum note_tie tie, enum note_side side)
{
	const int64_t time_ns = note->time_ns - s->from->offset_ns;
	struct noted_conn *out = s->out;
	uint8_t at = out->count;

	for (uint8_t i = 0; i < out->count; i++) {
		if (out->at[i].note == note)
			return;
	}
	if (note_use(note->kind) == USE_AIDS || out->count == NOTED_MAX)
		return;
	for (; at > 0 && out->at[at - 1].time_ns > time_ns; at--)
		out->at[at] = out->at[at - 1];
	out->at[at] = (struct noted){ note, time_ns, tie, side };
	out->count++;
}

/* ---- by its ends ---- */

/* A listener speaks of many connections, and of some that others serve. */
static bool speaks_for_itself(const struct note *note)
{
	return note->pid != 0 && note->about_pid == 0 && !note->on_path &&
	       note->kind != NOTE_max_startups && note->kind != NOTE_penalty;
}

static void learn_pid(struct search *s, uint32_t pid)
{
	for (size_t i = 0; i < s->pids; i++) {
		if (s->pid[i] == pid)
			return;
	}
	if (pid != 0 && s->pids < PIDS_MAX)
		s->pid[s->pids++] = pid;
}

/* The same ports begin anew: what follows is said of another connection. */
static bool begins_anew(const struct search *s, const struct note *note)
{
	return note_moment(note->kind) == MOMENT_BEGIN &&
	       note->time_ns - s->from->offset_ns > clock_plus(s->conn->last_ns, SLACK_NS);
}

static void by_port(struct search *s, uint16_t port)
{
	struct store_range r = store_of_port(s->store, s->from->source, port);
	const bool begun = s->conn->handshake != HANDSHAKE_MISSING;
	enum note_side side;

	r = store_since(r, clock_plus(s->since_ns, begun ? 0 : -EARLIER_NS));
	for (; r.from < r.to && r.from->time_ns <= s->until_ns; r.from++) {
		const struct note *note = store_note(s->store, r.from->index);

		if (!note_names(note, s->conn, &side))
			continue;
		if (begins_anew(s, note))
			break;
		if (note->time_ns < s->since_ns && note_moment(note->kind) == MOMENT_BEGIN)
			s->pids = 0; /* the latest begin is this one's */
		if (speaks_for_itself(note))
			learn_pid(s, note->pid);
		if (note->about_pid != 0)
			learn_pid(s, note->about_pid);
		if (note->time_ns >= s->since_ns)
			keep(s, note, TIE_PORTS, side);
	}
}

/* ---- by process ---- */

static bool is_of_another(const struct note *note, const struct conn *conn)
{
	return note->remote.port != 0 ||
	       (note->remote.ip.family != 0 &&
		!address_equal(&note->remote.ip, &conn->peer[CLIENT].at.ip));
}

static void by_process(struct search *s, uint32_t pid)
{
	struct store_range r = store_of_process(s->store, s->from->source, pid);

	r = store_since(r, s->since_ns);
	for (; r.from < r.to && r.from->time_ns <= s->until_ns; r.from++) {
		const struct note *note = store_note(s->store, r.from->index);
		const bool about_other = note->about_pid != 0 && note->about_pid != pid;

		if (!is_of_another(note, s->conn) && !about_other)
			keep(s, note, TIE_PROCESS, NOTE_OF_SERVER);
	}
}

/* ---- by host ---- */

static bool is_host(const struct join_source *from, const struct address *ip)
{
	for (size_t i = 0; i < from->hosts; i++) {
		if (address_equal(&from->host[i], ip))
			return true;
	}
	return false;
}

/* Who was refused, or what port was flooded: it has to be of this connection. */
static bool concerns(const struct note *note, const struct conn *conn)
{
	const struct endpoint *server = &conn->peer[SERVER].at;

	return (note->remote.ip.family == 0 ||
		address_equal(&note->remote.ip, &conn->peer[CLIENT].at.ip)) &&
	       (note->local.port == 0 || note->local.port == server->port);
}

static void by_host(struct search *s)
{
	const struct address *client = &s->conn->peer[CLIENT].at.ip;
	const struct address *server = &s->conn->peer[SERVER].at.ip;
	const int64_t end_ns =
		s->conn->end.ending != ENDING_open ? s->conn->end.time_ns : s->conn->last_ns;
	const int64_t until_ns = clock_plus(s->conn->last_ns, s->from->offset_ns + SLACK_NS);
	const bool of_server = is_host(s->from, server), of_client = is_host(s->from, client);
	struct store_range r = store_of_host(s->store, s->from->source);

	for (; r.from < r.to && r.from->time_ns <= until_ns; r.from++) {
		const struct note *note = store_note(s->store, r.from->index);
		const bool refused = note->remote.ip.family != 0;
		const int64_t least_ns =
			clock_plus(refused ? s->conn->first_ns : end_ns,
				   s->from->offset_ns - (refused ? SLACK_NS : HOST_NS));

		if (note_use(note->kind) != USE_HOST || note->time_ns + note->exact_ns < least_ns ||
		    !concerns(note, s->conn))
			continue;
		if (note->on_path && (address_equal(&note->local.ip, server) ||
				      address_equal(&note->local.ip, client)))
			keep(s, note, TIE_HOST, NOTE_OF_PATH);
		else if (!note->on_path && (of_server || of_client))
			keep(s, note, refused ? TIE_ADDRESS : TIE_HOST,
			     of_server ? NOTE_OF_SERVER : NOTE_OF_CLIENT);
	}
}

void join(const struct store *store, const struct join_source *from, const struct conn *conn,
	  struct noted_conn *out)
{
	struct search s = {
		.store = store,
		.from = from,
		.conn = conn,
		.out = out,
		/* A stamp of one second may stand before what happened in it. */
		.since_ns = clock_plus(conn->first_ns, from->offset_ns - SLACK_NS),
		.until_ns = clock_plus(conn->last_ns, from->offset_ns + LATE_NS),
	};

	by_port(&s, conn->peer[CLIENT].at.port);
	if (conn->peer[SERVER].at.port != conn->peer[CLIENT].at.port)
		by_port(&s, conn->peer[SERVER].at.port); /* as the client's host has it */
	for (size_t i = 0; i < s.pids; i++)
		by_process(&s, s.pid[i]);
	by_host(&s);
}
