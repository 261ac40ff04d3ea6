/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The client's program or user ended it without a goodbye: killed, closed window, a program that
 * resets on exit. With unread output of the server its kernel resets, else it sends a FIN, which
 * cannot be told from an orderly close by clients that say no goodbye. A client that gave up on a
 * dead path is not the one who ended it.
 */
#include "classify/inside.h"

static void weigh_reset(const struct facts *f, struct plea *p)
{
	bool half_open = f->handshake == HANDSHAKE_PARTIAL;

	if (f->reset.from != CLIENT || f->origin.who == WHO_MIDDLEBOX) {
		rule_out(p);
		return;
	}
	if (f->origin.kind == KIND_SOCKET)
		plead(p, 17, f->reset.mark, NO_MARK,
		      "A socket of the client sent the reset: its program closed with data unread, or at once.");
	else if (f->origin.who == WHO_CLIENT) /* scanners let their kernel refuse the SYN-ACK */
		plead(p, half_open ? 10 : 4, f->reset.mark, f->reset.trigger,
		      "The client's host did not want the connection any more.");
	else /* a NAT in front of the client speaks in its name too */
		plead(p, half_open ? 6 : 0, f->reset.mark, f->reset.trigger,
		      "The reset says that it is the client's; its marks leave that open.");
	if (f->last.goodbye && f->last.client_ago_ns >= 0 && f->last.client_ago_ns < NS_PER_S / 2)
		plead(p, -12, f->last.client_mark, NO_MARK,
		      "Its last words have the size of a goodbye.");
	if (f->origin.kind == KIND_SOCKET && f->last.server_ago_ns >= 0 &&
	    f->last.server_ago_ns < NS_PER_S)
		plead(p, 4, f->last.server_mark, NO_MARK,
		      "The server was sending just before: output was left unread.");
	if (f->silence.ns >= 10 * IDLE_LEAST_NS)
		plead(p, -6, f->silence.from, f->silence.to, "A long silence came before.");
}

static void weigh(const struct facts *f, struct plea *p)
{
	bool closed = f->end.ending == ENDING_closed && f->end.has_side && !f->one_sided;

	if (f->end.ending == ENDING_reset && !gave_up(f))
		weigh_reset(f, p);
	else if (closed && f->end.side == CLIENT && !gave_up(f))
		plead(p, 4, f->end.mark, NO_MARK, "The client closed first.");
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
	if (f->end.ending == ENDING_reset && f->handshake == HANDSHAKE_PARTIAL) {
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
