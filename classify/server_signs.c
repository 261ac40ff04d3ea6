/* SPDX-License-Identifier: BSD-3-Clause */
/* Signs of what happened at the server, that the rules about crash, restart and reboot share. */
#include "classify/inside.h"

/* What arrives is read within this, unless the process hangs. */
#define UNREAD_NS (2 * NS_PER_S)

/* Data of the client this recent may be its goodbye, which the server then answers in order. */
#define GOODBYE_NS (500 * NS_PER_MS)

/* A channel's close and a DISCONNECT, in whatever cipher and MAC: more is something else. */
#define GOODBYE_LEN_MAX 300

/* A host that spoke so shortly before had the connection then; more likely it closed it since. */
#define RECENT_NS (2 * NS_PER_S)

#define PROMPT_NS (200 * NS_PER_MS)
#define PROMPT_ROUND_TRIPS 4

/* And the server had nothing more to say to it. */
static bool client_had_just_spoken(const struct facts *f)
{
	return f->last.client_ago_ns >= 0 && f->last.client_ago_ns <= GOODBYE_NS &&
	       f->last.client_len <= GOODBYE_LEN_MAX &&
	       (f->last.server_ago_ns < 0 || f->last.client_ago_ns <= f->last.server_ago_ns);
}

bool server_closed(const struct facts *f)
{
	return f->end.ending == ENDING_closed && f->end.has_side && f->end.side == SERVER &&
	       !f->one_sided;
}

bool server_socket_reset(const struct facts *f)
{
	return f->end.ending == ENDING_reset && f->reset.from == SERVER &&
	       f->origin.kind == KIND_SOCKET && f->origin.who != WHO_MIDDLEBOX;
}

static void plead_fin(const struct facts *f, struct plea *p)
{
	bool asked = client_had_just_spoken(f);

	/* The client is as surprised by a timer. Where the port was shut then, it was none. */
	if (is_by_the_clock(f->silence.ns) && f->lessons.refused_after == 0) {
		plead(p, -12, f->silence.from, f->silence.to,
		      "The silence before was %s, whole half minutes: a timer of sshd or of a proxy closes like this.",
		      names_of(f).silence);
		return;
	}
	if (f->after_fin.data != 0)
		plead(p, 8, f->end.mark, f->after_fin.data_mark,
		      "The server closed without a goodbye: the client, taken by surprise, sent more.");
	else if (!asked) /* sshd's limits and an administrator do so as well */
		plead(p, 3, f->end.mark, NO_MARK,
		      "The server closed unasked; in order it is the client that does.");
	/*
	 * Some servers close on the channel's close, before DISCONNECT, which then is all that comes.
	 * Who says more than that had not said goodbye.
	 */
	if (asked)
		plead(p, f->after_fin.data > 1 ? -4 : -11, f->last.client_mark, f->end.mark,
		      "The client had spoken just before: that may have been its goodbye.");
	if (f->after_fin.reset)
		plead(p, 5, f->after_fin.reset_mark, NO_MARK,
		      "What the client sent then was reset: no process had the session any more.");
	if (f->silence.ns >= IDLE_LEAST_NS)
		plead(p, -3, f->silence.from, f->silence.to,
		      "A long silence came before: sshd or a proxy may have ended an idle session.");
}

static void plead_socket_reset(const struct facts *f, struct plea *p)
{
	if (f->last.client_ago_ns >= 0 && f->last.client_ago_ns <= UNREAD_NS)
		plead(p, 18, f->reset.mark, f->reset.before,
		      "A socket of the server sent the reset: its process went away with data unread.");
	else /* ss -K, linger 0, a proxy's timer */
		plead(p, 3, f->reset.mark, f->last.client_mark,
		      "A socket of the server sent the reset, but the client had sent nothing that could be unread.");
}

bool session_lost_process(const struct facts *f, struct plea *p)
{
	if ((!server_closed(f) && !server_socket_reset(f)) || gave_up(f) ||
	    f->ssh.phase < SSH_PHASE_SESSION || (f->mid_stream && !f->ssh.any))
		return false;
	if (server_closed(f))
		plead_fin(f, p);
	else
		plead_socket_reset(f, p);
	return true;
}

/* A kernel answers at once; the path may hold that up, not for long. */
static bool is_prompt(const struct facts *f)
{
	const struct fact_reset *r = &f->reset;
	bool held = f->waiting.any && f->waiting.side != r->from && f->waiting.repeats != 0;
	int64_t most_ns = PROMPT_NS + PROMPT_ROUND_TRIPS * r->rtt_min_ns;

	return r->answers && r->since_trigger_ns >= 0 &&
	       r->since_trigger_ns <= most_ns + (held ? ROUTER_HOLDS_NS : 0);
}

void plead_together(const struct facts *f, struct plea *p)
{
	const struct lessons *others = &f->lessons;

	if (others->ended_other_age != 0)
		plead(p, others->ended_other_age >= 2 ? 12 : 8, f->end.mark,
		      others->ended_with_mark,
		      "The server ended %u other connection%s in the same moment, begun at other times.",
		      others->ended_other_age, others->ended_other_age == 1 ? "" : "s");
	else if (others->ended_with != 0) /* of the same age: a limit of time may have ended each */
		plead(p, 3, f->end.mark, others->ended_with_mark,
		      "The server ended %u other connection%s within the same second.",
		      others->ended_with, others->ended_with == 1 ? "" : "s");
}

/*
 * RFC 9293 section 3.10.7.1: a host that has no such connection answers a segment that has an ACK
 * with a bare reset that has none. A process that dies leaves a FIN or a socket's reset, which has
 * one: no death of a process ends like this. Where the server never spoke, its kernel may have dropped
 * the connection from a full queue.
 */
bool was_unknown(const struct facts *f)
{
	const struct fact_reset *r = &f->reset;

	if (f->end.ending != ENDING_reset || f->origin.who == WHO_MIDDLEBOX || f->one_sided ||
	    is_half_open(f) || gave_up(f))
		return false;
	if (f->handshake == HANDSHAKE_COMPLETE && f->bytes[SERVER] == 0)
		return false;
	return !r->has_ack && f->origin.kind != KIND_SOCKET && f->origin.kind != KIND_DEVICE &&
	       f->origin.kind != KIND_UNKNOWN && is_prompt(f) && r->fit != RESET_FIT_OUTSIDE &&
	       r->life == 0 && !r->both_ways;
}

void plead_unknown(const struct facts *f, struct plea *p)
{
	int64_t ago_ns = f->last.heard_ago_ns[f->reset.from];
	int decibans = f->origin.who == WHO_UNKNOWN ? 4 : 10;

	if (f->origin.kind == KIND_FILTER)
		decibans = f->origin.bleached ? 3 : 0;
	plead(p, decibans, f->reset.mark, f->reset.trigger,
	      f->origin.kind == KIND_FILTER ?
		      "The reset of the %s says that there is no such connection, but has the form of a filter's." :
		      "The %s's host answered as a kernel that has no such connection.",
	      side_name(f->reset.from));
	if (ago_ns < 0)
		plead(p, -8, f->reset.mark, NO_MARK,
		      "The capture shows nothing of the %s before: the connection may have been closed long ago.",
		      side_name(f->reset.from));
	else if (ago_ns < RECENT_NS)
		plead(p, -12, f->reset.before, f->reset.mark,
		      "The %s's own segment came just before: then its kernel still had the connection.",
		      side_name(f->reset.from));
}

/* Its own host, when the connection ended in the middle of an attempt to reach it. */
static bool was_missed_by_this(const struct facts *f)
{
	const struct fact_icmp *i = &f->icmp;

	if (i->count == 0 || i->about != CLIENT || i->from_server)
		return false;
	return i->is_v6 ? i->type == 1 && i->code == 3 : i->type == 3 && i->code == 1;
}

bool host_was_missed(const struct facts *f, struct mark *mark)
{
	*mark = f->lessons.missed != 0 ? f->lessons.missed_mark : f->icmp.mark;
	return f->lessons.missed != 0 || was_missed_by_this(f);
}
