/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The two ends do not speak the same language. All of it is in clear text and computed from what both
 * said: no common algorithm (RFC 4253 section 7.1), versions that differ, something that is not SSH, a
 * packet that breaks the rules, or a DISCONNECT that says so. Which one it is: classify/problem.c.
 */
#include <string.h>

#include "classify/inside.h"

static const char *const algorithm_words[] = {
	"key exchange method",
	"host key type",
	"cipher (client to server)",
	"cipher (server to client)",
	"MAC (client to server)",
	"MAC (server to client)",
	"compression (client to server)",
	"compression (server to client)",
};

static void weigh_not_ssh(const struct facts *f, struct plea *p)
{
	const struct fact_ssh *s = &f->ssh;

	for (enum side side = CLIENT; side <= SERVER; side++) {
		if (s->not_ssh[side])
			plead(p, 30, s->not_ssh_mark[side], NO_MARK,
			      "The %s did not begin with an SSH identification.", side_name(side));
	}
	if (notice_is_complaint(s))
		plead(p, 30, s->notice_mark, NO_MARK, "The %s said \"%s\" (%s).",
		      side_name(s->notice_from), quote_of(s->notice_text).at,
		      notice_source(s->notice));
	else if (!s->not_ssh[CLIENT] && !s->not_ssh[SERVER])
		plead(p, 25, s->text_mark[SERVER], f->end.mark,
		      "The server said \"%s\", and no SSH identification until the end.",
		      quote_of(s->notice_text).at);
}

/* Who finds something bad is its receiver, and it is the receiver who ends it then. */
static void weigh_packets(const struct facts *f, enum problem problem, struct plea *p)
{
	const struct fact_ssh *s = &f->ssh;
	enum side bad = problem_culprit(f, problem);
	bool receiver = f->end.has_side && f->end.side != bad;

	switch (problem) {
	case PROBLEM_STRICT:
		plead(p, receiver ? 30 : 8, s->extra_mark[bad], s->disconnect_mark,
		      "The %s sent message %u into a strict key exchange, where none but its own are allowed.",
		      side_name(bad), s->extra_number[bad]);
		break;
	case PROBLEM_TOO_LONG:
		plead(p, receiver ? 22 : 3, s->identification_mark[bad], NO_MARK,
		      "The %s's identification is longer than the 255 characters of RFC 4253 section 4.2.",
		      side_name(bad));
		break;
	case PROBLEM_MALFORMED:
		plead(p, receiver ? 26 : 5,
		      s->malformed[bad] ? s->malformed_mark[bad] : s->text_mark[bad], NO_MARK,
		      "A packet of the %s breaks the form of RFC 4253 section 6.", side_name(bad));
		break;
	case PROBLEM_OUT_OF_TURN:
		plead(p, receiver && parted_at_once(f) ? 24 : 5, s->extra_mark[bad], f->end.mark,
		      "The %s sent message %u in the middle of the key exchange.", side_name(bad),
		      s->extra_number[bad]);
		break;
	case PROBLEM_DAMAGED:
		plead(p, receiver && parted_at_once(f) ? 25 : 5, s->desync_mark[bad], f->end.mark,
		      "An encrypted packet of the %s has a length that no packet has.",
		      side_name(bad));
		break;
	default:
		plead(p, 16, f->last.server_mark, f->end.mark,
		      "The client closed at once on what it heard, without the DISCONNECT of OpenSSH, as on a packet that fails its check.");
		break;
	}
}

static void weigh(const struct facts *f, struct plea *p)
{
	const struct fact_ssh *s = &f->ssh;
	enum problem problem = problem_of(f);

	if ((f->end.ending == ENDING_open && !s->mismatch) || is_other_protocol(f)) {
		rule_out(p);
		return;
	}
	switch (problem) {
	case PROBLEM_NONE:
		rule_out(p);
		break;
	case PROBLEM_MISMATCH:
		plead(p, 40, s->kexinit_mark[CLIENT], s->kexinit_mark[SERVER],
		      "The lists of both key exchange proposals share no %s.",
		      algorithm_words[s->mismatch_in]);
		break;
	case PROBLEM_VERSION:
		plead(p, 40, s->identification_mark[CLIENT], s->identification_mark[SERVER],
		      "One side offers only SSH 1, the other only SSH 2.");
		break;
	case PROBLEM_NOT_SSH:
		weigh_not_ssh(f, p);
		break;
	case PROBLEM_SAID_SO:
		plead(p, 30, s->disconnect_mark, NO_MARK,
		      "The %s's DISCONNECT has the reason %u (%s).", side_name(s->disconnect_from),
		      s->disconnect_code, ssh_disconnect_name(s->disconnect_code));
		break;
	default:
		weigh_packets(f, problem, p);
		break;
	}
}

static void tell_not_ssh(const struct facts *f, const struct names *n, struct verdict *v)
{
	const struct fact_ssh *s = &f->ssh;
	bool client =
		s->not_ssh[CLIENT] || notice_is_complaint(s); /* servers complain of clients */

	detail(v, s->notice >= 0 && !s->not_ssh[CLIENT] && !s->not_ssh[SERVER] ?
			  notice_detail(s->notice) :
			  "not_ssh");
	if (strcmp(v->detail, "version_mismatch") == 0)
		say(v,
		    "%s and %s speak different major versions of SSH, so the connection ended at %s: the %s said \"%s\"",
		    n->client, n->server, n->when, side_name(s->notice_from),
		    quote_of(s->notice_text).at);
	else if (s->notice_text[0] != '\0')
		say(v,
		    "The %s of the connection from %s to %s did not speak SSH (the %s said \"%s\"), and it ended at %s",
		    client ? "client" : "server", n->client, n->server, side_name(s->notice_from),
		    quote_of(s->notice_text).at, n->when);
	else
		say(v,
		    "The %s of the connection from %s to %s did not speak SSH, and it ended at %s",
		    client ? "client" : "server", n->client, n->server, n->when);
}

/* The cheapest look at what each end says, by what went wrong. */
static void settle_it(const struct facts *f, struct verdict *v, const struct names *n)
{
	switch (problem_of(f)) {
	case PROBLEM_MISMATCH:
		settle(v, "Both lists in full, from the client:",
		       "ssh -vv -p %u %s true 2>&1 | grep -e 'algorithms' -e 'ciphers' -e 'MACs'",
		       f->server.port, n->server_ip);
		break;
	case PROBLEM_VERSION:
	case PROBLEM_NOT_SSH:
		settle(v, "What does the server say first, before anything is sent to it?",
		       "nc -w 5 %s %u </dev/null | head -c 255 | cat -v", n->server_ip,
		       f->server.port);
		settle(v, "Which program is the client? Ask on its host while it is connected:",
		       "ss -tnp 'dport = :%u'", f->server.port);
		break;
	case PROBLEM_DAMAGED:
	case PROBLEM_SUSPECTED:
		settle(v,
		       "The end that received it says so, as a bad packet length or a corrupted MAC.",
		       "ssh -v -p %u %s 2>&1 | grep -i -e corrupted -e 'bad packet' -e mac",
		       f->server.port, n->server_ip);
		/* fall through */
	case PROBLEM_MALFORMED:
		settle_capture(
			f, v, WHERE_SERVER,
			"Capture at both ends at the same time: if a segment differs, the path changed it; at the server:");
		break;
	default:
		settle_server_log(f, v, "The server's log has the complaint in words.", "");
		break;
	}
}

static void tell_packets(const struct facts *f, const struct names *n, struct verdict *v)
{
	static const struct {
		const char *detail, *words;
	} rows[] = {
		[PROBLEM_STRICT] = { "strict_kex_violation",
				     "sent a message that strict key exchange forbids" },
		[PROBLEM_TOO_LONG] = { "identification_too_long",
				       "sent an identification longer than SSH allows" },
		[PROBLEM_MALFORMED] = { "malformed_packet", "sent a malformed packet" },
		[PROBLEM_OUT_OF_TURN] = { "message_out_of_turn",
					  "sent a message out of turn in the key exchange" },
		[PROBLEM_DAMAGED] = { "bad_mac", "sent an encrypted packet that arrived damaged" },
		[PROBLEM_SUSPECTED] = { "bad_mac",
					"sent a packet that seems to have arrived damaged" },
	};
	enum problem problem = problem_of(f);
	enum side bad = problem_culprit(f, problem);

	detail(v, rows[problem].detail);
	say(v, "The %s of the connection from %s to %s %s, and the %s ended it at %s over that",
	    side_name(bad), n->client, n->server, rows[problem].words, side_name(!bad), n->when);
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);

	settle_it(f, v, &n);
	switch (problem_of(f)) {
	case PROBLEM_MISMATCH:
		detail(v, "no_common_algorithm");
		say(v,
		    "%s and %s have no common %s, so the key exchange failed at %s: the client offers %s, the server %s",
		    n.client, n.server, algorithm_words[f->ssh.mismatch_in], n.when,
		    quote_of(f->ssh.offer[CLIENT]).at, quote_of(f->ssh.offer[SERVER]).at);
		break;
	case PROBLEM_VERSION:
		detail(v, "version_mismatch");
		say(v,
		    "%s and %s speak different major versions of SSH, so the connection ended at %s",
		    n.client, n.server, n.when);
		break;
	case PROBLEM_SAID_SO:
		detail(v, "disconnect");
		say(v,
		    "The %s ended the connection from %s to %s at %s with a protocol complaint: DISCONNECT %u (%s)",
		    side_name(f->ssh.disconnect_from), n.client, n.server, n.when,
		    f->ssh.disconnect_code, ssh_disconnect_name(f->ssh.disconnect_code));
		break;
	case PROBLEM_NOT_SSH:
		tell_not_ssh(f, &n, v);
		break;
	default:
		tell_packets(f, &n, v);
		break;
	}
}

const struct cause cause_protocol_error = {
	.title = "a protocol mismatch",
	.family = "protocol_error",
	.meaning = "The two ends do not speak the same language: another major version, no common algorithm, something that is not SSH, a malformed packet, or data that was damaged on the way. The detail says which.",
	.decided = "By what both say in clear text: identifications and offers are compared as RFC 4253 does it; texts and reasons of DISCONNECT are read. After the keys are exchanged only lengths and timing are left.",
	.mimics = "Scanners and health checks that never meant to speak SSH: the protocol failed, but nothing is broken. A reset that follows is an after-effect.",
	.who = WHO_COUNT,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Make the two ends agree: update the older one, or allow one algorithm that both have.",
		.why = "SSH takes the first algorithm of the client's list that the server has too; without one there is no connection.",
		.step = {
			{ WHERE_SERVER, "What does the server offer? Is its configuration sound?",
			  "sshd -t && sshd -T | grep -i -e kexalgorithms -e ciphers -e macs -e hostkeyalgorithms" },
			{ WHERE_CLIENT, "What does the client have?",
			  "ssh -Q kex; ssh -Q cipher; ssh -Q mac; ssh -Q key" },
			{ WHERE_CLIENT, "For one old server only, in ~/.ssh/config (a stopgap):",
			  "Host OLDSERVER\n    KexAlgorithms +diffie-hellman-group14-sha1\n    HostKeyAlgorithms +ssh-rsa" },
			{ WHERE_CLIENT, "If it was not meant to be SSH, a scanner or health check speaks to the wrong port.",
			  "" },
		},
	},
};
