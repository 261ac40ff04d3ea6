/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Both sides said goodbye. In SSH it is the client that closes first: the server sends the exit
 * status and closes the channel, the client answers, sends DISCONNECT and its FIN. A reset after that
 * comes from a socket that is gone and is harmless; some clients reset in place of the FIN.
 */
#include "classify/inside.h"

/* The client's last words and its FIN or reset leave it together. */
#define TOGETHER_NS (500 * NS_PER_MS)

static bool nothing_went_wrong(const struct facts *f)
{
	enum problem problem = problem_of(f);

	if (is_other_protocol(f))
		return true;
	return f->ssh.notice < 0 && !(f->ssh.disconnect && f->ssh.disconnect_code != 11) &&
	       (problem == PROBLEM_NONE || problem == PROBLEM_SUSPECTED);
}

/* And with it went the FIN: most clients at least close their side of the channel. */
static bool spoke_last(const struct facts *f)
{
	return f->last.client_ago_ns >= 0 && f->last.client_ago_ns <= TOGETHER_NS &&
	       (f->last.goodbye_alone || f->last.server_ago_ns < 0 ||
		f->last.client_ago_ns <= f->last.server_ago_ns);
}

/*
 * Servers end a session with its exit status or EOF and the close of the channel, in one write: the
 * client that closes on less has not seen the end of one.
 */
static bool is_cut_short(const struct facts *f)
{
	return f->ssh.close_len != 0 && f->last.server_ago_ns >= 0 &&
	       f->last.server_len < 2 * f->ssh.close_len;
}

/* Those that always say it are told by it; of the others only the last exchange is to be had. */
static void weigh_farewell(const struct facts *f, struct plea *p)
{
	bool silent = parted_in_silence(f);

	if (said_goodbye(f) || (!f->ssh.owes_goodbye && !silent)) {
		if (spoke_last(f))
			plead(p, 5, f->last.client_mark, f->end.mark,
			      "It sent its last words, %u octets, just before.",
			      f->last.client_len);
	} else if (f->ssh.owes_goodbye) {
		plead(p, silent ? -25 : -18, f->last.client_mark, f->end.mark,
		      "The DISCONNECT that OpenSSH ends with is missing.");
	} else {
		plead(p, -22, f->last.server_mark, f->end.mark,
		      "Nobody had spoken for a while: the end of a session is talked over.");
	}
	if (!f->ssh.owes_goodbye && !silent && is_cut_short(f))
		plead(p, -9, f->last.server_mark, NO_MARK,
		      "The server's last words, %u octets, are too short for the end of a session.",
		      f->last.server_len);
}

static void weigh_client_fin(const struct facts *f, struct plea *p)
{
	if (is_before_login(f) && !is_other_protocol(f)) {
		plead(p, -6, f->end.mark, NO_MARK, "The client closed before a login.");
		return;
	}
	if (f->mid_stream && f->bytes[CLIENT] == 0 && f->bytes[SERVER] == 0) {
		plead(p, -3, f->end.mark, NO_MARK, "Nothing of it was captured but its end.");
		return;
	}
	plead(p, f->ssh.owes_goodbye ? 17 : 12, f->end.mark, NO_MARK,
	      "The client closed first, as SSH clients do at the end.");
	if (!is_other_protocol(f))
		weigh_farewell(f, p);
	if (f->last.fin_server)
		plead(p, 5, f->last.fin_server_mark, NO_MARK,
		      "The server closed its side in turn.");
}

/* On a DISCONNECT; or on last words that nobody knows the meaning of, and it had no more to say. */
static bool is_answer_to_client(const struct facts *f)
{
	const struct fact_last *last = &f->last;

	if (last->client_ago_ns < 0 || last->client_ago_ns > TOGETHER_NS)
		return false;
	return last->goodbye ||
	       (!f->ssh.owes_goodbye && last->client_ago_ns <= last->server_ago_ns);
}

/* A server that closes first does so in order when it answers the client's last words. */
static void weigh_server_fin(const struct facts *f, struct plea *p)
{
	if (f->ssh.phase < SSH_PHASE_AUTH || f->after_fin.data != 0 || f->after_fin.reset) {
		plead(p, -15, f->end.mark, NO_MARK,
		      "The server closed first, before the client did.");
		return;
	}
	if (f->ssh.phase == SSH_PHASE_AUTH) { /* LoginGraceTime, too many attempts */
		plead(p, -15, f->end.mark, NO_MARK,
		      "The server closed first, before a login was seen.");
		return;
	}
	if (is_answer_to_client(f))
		plead(p, f->last.goodbye_alone ? 15 : 8, f->last.client_mark, f->end.mark,
		      "The server closed at once on the client's last words.");
	else
		plead(p, -15, f->end.mark, NO_MARK, "The server closed first, unasked.");
	if (f->last.fin_client)
		plead(p, 5, f->last.fin_client_mark, NO_MARK,
		      "The client closed its side in turn and sent nothing more.");
}

static void weigh_reset(const struct facts *f, struct plea *p)
{
	/* A kernel without a socket resets for a client that is long gone. */
	if (f->reset.from != CLIENT || f->origin.who == WHO_MIDDLEBOX ||
	    f->ssh.phase < SSH_PHASE_AUTH || !said_goodbye(f) || f->origin.kind != KIND_SOCKET) {
		rule_out(p);
		return;
	}
	plead(p, 14, f->last.client_mark, f->reset.mark,
	      "The client's last words have the size of a DISCONNECT, and its reset followed at once.");
}

static void weigh(const struct facts *f, struct plea *p)
{
	bool closed = f->end.ending == ENDING_closed, reset = f->end.ending == ENDING_reset;

	if ((!closed && !reset) || gave_up(f) || asked_in_vain(f) || !nothing_went_wrong(f))
		rule_out(p);
	else if (reset)
		weigh_reset(f, p);
	else if (!f->end.has_side)
		plead(p, 10, f->end.mark, NO_MARK,
		      "A FIN is in the capture, but not who sent the first one.");
	else if (f->end.side == CLIENT)
		weigh_client_fin(f, p);
	else
		weigh_server_fin(f, p);
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);
	const char *harmless = f->late_reset.number != 0 ?
				       "; the reset that followed is a harmless after-effect" :
				       "";
	const char *who = f->end.has_side ? side_name(f->end.side) : "first side";

	if (is_other_protocol(f))
		detail(v, "not_ssh");
	else if (is_before_login(f))
		detail(v, "before_login");
	if (is_other_protocol(f))
		say(v,
		    "The connection from %s to %s carried another protocol than SSH and was closed in order at %s, by the %s%s",
		    n.client, n.server, n.when, who, harmless);
	else if (f->end.ending == ENDING_reset)
		say(v,
		    "The client %s left %s in order at %s, with a reset in place of a FIN after its goodbye",
		    n.client, n.server, n.when);
	else
		say(v, "The connection from %s to %s was closed in order at %s, by the %s%s%s",
		    n.client, n.server, n.when, who, is_before_login(f) ? " before a login" : "",
		    harmless);
}

const struct cause cause_orderly_close = {
	.title = "closed in order",
	.family = "none",
	.meaning = "Both sides had finished. Nothing went wrong; a reset after that is an after-effect and harmless.",
	.decided = "By a FIN of the client, best after last words of the size of a goodbye, and by the server closing in turn. A server that closes first does so in order only when it answers the client's last words.",
	.mimics = "A program that is killed while nothing is unread closes with a FIN as well. A proxy that ends both sides at its limit looks orderly from each.",
	.who = WHO_COUNT,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Nothing needs to be done.",
		.why = "Both sides had finished; a reset after that changes nothing.",
	},
};
