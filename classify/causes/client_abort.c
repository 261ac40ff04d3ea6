/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The client's program or user ended it without a goodbye: killed, closed window, a program that
 * resets on exit. With unread output of the server its kernel resets, else it sends a FIN, which
 * cannot be told from an orderly close by clients that say no goodbye. A client that gave up on a
 * dead path is not the one who ended it.
 */
#include "classify/inside.h"

/* An answer of the server takes no longer, if it is well. */
#define UNHEARD_NS (2 * NS_PER_S)

/* A program that ends closes within this of what made it end. */
#define NEAR_NS (60 * NS_PER_MS)

/* What went wrong with the protocol is a reason to leave; damage that is only suspected is not. */
static bool has_reason(const struct facts *f)
{
	enum problem problem = problem_of(f);

	return is_other_protocol(f) || (problem != PROBLEM_NONE && problem != PROBLEM_SUSPECTED);
}

static void weigh_reset(const struct facts *f, struct plea *p)
{
	bool half_open = is_half_open(f);

	if (f->reset.from != CLIENT || f->origin.who == WHO_MIDDLEBOX) {
		rule_out(p);
		return;
	}
	if (has_reason(f))
		plead(p, 4, f->reset.mark, NO_MARK, "The client reset it first.");
	else if (f->origin.kind == KIND_SOCKET)
		plead(p, 17, f->reset.mark, NO_MARK,
		      "A socket of the client sent the reset: its program closed with data unread, or at once.");
	else if (!half_open && !f->reset.has_ack &&
		 !f->reset.after_outage) /* RFC 9293 section 3.10.7.1 */
		plead(p, -8, f->reset.mark, f->reset.trigger,
		      "The client's kernel had no such connection: a program that ends says so with a FIN, or its socket does.");
	else if (f->origin.who == WHO_CLIENT) /* scanners let their kernel refuse the SYN-ACK */
		plead(p, half_open ? 10 : 4, f->reset.mark, f->reset.trigger,
		      "The client's host did not want the connection any more.");
	else /* a NAT in front of the client speaks in its name too */
		plead(p, half_open ? 6 : 0, f->reset.mark, f->reset.trigger,
		      "The reset says that it is the client's; its marks leave that open.");
	/* Who says goodbye still has a socket. */
	if (said_goodbye(f) && f->origin.kind == KIND_SOCKET)
		plead(p, -12, f->last.client_mark, NO_MARK,
		      "Its last words have the size of a goodbye.");
	if (f->origin.kind == KIND_SOCKET && f->last.server_ago_ns >= 0 &&
	    f->last.server_ago_ns < NS_PER_S)
		plead(p, 4, f->last.server_mark, NO_MARK,
		      "The server was sending just before: output was left unread.");
	if (f->silence.ns >= 10 * IDLE_LEAST_NS)
		plead(p, -6, f->silence.from, f->silence.to, "A long silence came before.");
}

/* Before a login nothing is owed, and nothing was done: who closes then has its own reason. */
static void weigh_early_fin(const struct facts *f, struct plea *p)
{
	if (server_is_mute(f))
		plead(p, 2, f->end.mark, NO_MARK, "It had not heard a word of the server.");
	else if (client_is_unheard(f))
		plead(p, 5, f->last.client_mark, f->end.mark,
		      "It left when its last words had been without an answer for a while.");
	else if (f->ssh.key_shown && f->ssh.phase == SSH_PHASE_KEX)
		plead(p, 14, f->ssh.key_mark, f->end.mark,
		      "It left when it had seen the server's host key, before it took it.");
	else if (f->ssh.phase < SSH_PHASE_AUTH)
		plead(p, 10, f->last.server_mark, f->end.mark,
		      "It left before a login, with the server ready for one.");
	else if (parted_at_once(f))
		plead(p, 2, f->last.server_mark, f->end.mark,
		      "It left on the server's answer, before a login.");
	else /* tired of being refused, maybe */
		plead(p, f->ssh.refusals != 0 ? 6 : 12, f->last.server_mark, f->end.mark,
		      "It left while the server was waiting for its login.");
}

/*
 * Behind a jump host the connection ends with ssh -W, which is told to go (SIGHUP) before it has
 * passed on the goodbye: a round trip to somebody farther away lies between the last words and that.
 */
static bool is_a_jump(const struct facts *f)
{
	return f->last.thought_ns[CLIENT] > NEAR_NS;
}

static void weigh_late_fin(const struct facts *f, struct plea *p)
{
	bool silent = parted_in_silence(f);
	bool unheard = f->last.server_ago_ns - f->last.client_ago_ns > UNHEARD_NS;

	if (said_goodbye(f))
		plead(p, -12, f->last.client_mark, NO_MARK,
		      "Its last words have the size of a goodbye.");
	else if (silent && unheard)
		plead(p, 5, f->last.client_mark, f->end.mark,
		      "It closed when it had waited for an answer to its last words in vain.");
	else if (f->ssh.owes_goodbye)
		plead(p,
		      silent       ? 14 :
		      is_a_jump(f) ? 3 :
				     10,
		      f->last.client_mark, f->end.mark,
		      "It is an OpenSSH that ends with DISCONNECT, and did not this time.");
	else if (silent)
		plead(p, 12, f->last.server_mark, f->end.mark,
		      "It closed out of a silence, with nothing said to end the session.");
	else if (f->bytes[CLIENT] != 0) /* its goodbye cannot be told from other words */
		plead(p, 9, f->end.mark, NO_MARK, "No goodbye of it could be told by its size.");
	if (silent && f->ssh.unanswered > 1) /* one may be just late */
		plead(p, -10, f->end.mark, NO_MARK,
		      "The server had left %u of its questions unanswered: it gave up.",
		      f->ssh.unanswered);
}

static void weigh_fin(const struct facts *f, struct plea *p)
{
	plead(p, 4, f->end.mark, NO_MARK, "The client closed first.");
	if (has_reason(f))
		return;
	if (is_before_login(f))
		weigh_early_fin(f, p);
	else
		weigh_late_fin(f, p);
}

static void weigh(const struct facts *f, struct plea *p)
{
	bool closed = f->end.ending == ENDING_closed && f->end.has_side && !f->one_sided;

	if (f->end.ending == ENDING_reset && !gave_up(f))
		weigh_reset(f, p);
	else if (closed && f->end.side == CLIENT && !gave_up(f))
		weigh_fin(f, p);
	else
		rule_out(p);
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);

	settle_log(
		f, v,
		"Ask at the client: was the program killed, its window closed, its host suspended?",
		"", "grep -i -e ssh -e killed -e suspend");
	if (f->end.ending == ENDING_reset && is_half_open(f)) {
		detail(v, "half_open");
		say(v,
		    "The client %s asked %s for a connection at %s and reset it itself before the handshake was complete, as port scanners do",
		    n.client, n.server, n.when);
		return;
	}
	say(v,
	    "The client %s itself ended its SSH connection to %s at %s, %s into it and without a goodbye; neither the server nor the network did",
	    n.client, n.server, n.when, n.age);
}

const struct cause cause_client_abort = {
	.title = "ended by the client's program or user",
	.family = "other",
	.meaning = "The client's program or its user ended the connection without SSH's goodbye: killed, window closed, given up, or a scanner that wanted no more.",
	.decided = "By a reset from a socket of the client, or its FIN, without the goodbye that an orderly end begins with.",
	.mimics = "Clients that never say goodbye end like this in good order. A NAT in front of the client resets in its name. A client that closes because nothing came back is the victim of something else.",
	.who = WHO_CLIENT,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Nothing is wrong with the server or the network; look at what the client's program did.",
		.why = "The reset came from the client's own socket, which only its program or its end can cause.",
		.step = {
			{ WHERE_CLIENT, "Run it once with its own account of the end:", "ssh -vvv HOST" },
			{ WHERE_CLIENT, "Was it killed by a limit, a timeout of a job runner, or for memory?",
			  "dmesg -T | grep -i -e oom -e killed" },
			{ WHERE_SERVER, "Let long work survive a client that goes away:", "tmux new -A -s work" },
		},
	},
};
