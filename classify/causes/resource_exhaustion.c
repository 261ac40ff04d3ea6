/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The server had no room: MaxStartups, PerSourcePenalties, or no process to be had. sshd says so in
 * one clear line and closes. Whether the client then reads "reset" or "closed" is a race between its
 * own identification and that close; the line settles it.
 *
 * Or it said nothing at all: the kernel took the connection, no program came for it (all descriptors
 * or processes used up, the machine stuck, the queue full), and the client gave up.
 */
#include "classify/inside.h"

/* Clients ask for a second at least (OpenSSH's ConnectTimeout); servers speak within much less. */
#define PATIENCE_NS NS_PER_S

/* Longer than any look-up of a name. */
#define LONG_PATIENCE_NS (10 * NS_PER_S)

#define TOO_MANY_CONNECTIONS 12 /* RFC 4253 section 11.1 */

/* A limit that is told to nobody: no process, no descriptor, Dropbear's, sshd's before 8.2. */
static bool is_turned_away(const struct facts *f)
{
	return (f->end.ending == ENDING_reset || f->end.ending == ENDING_closed) &&
	       server_ends_mute(f) && f->origin.who != WHO_MIDDLEBOX && !f->ssh.not_ssh[CLIENT];
}

/* Rules look the same, but take time: see access_denied. */
static void weigh_turned_away(const struct facts *f, struct plea *p)
{
	bool by_socket = f->end.ending == ENDING_closed || f->origin.kind == KIND_SOCKET;

	plead(p, by_socket ? 8 : 5, f->syn_ack_mark, f->end.mark,
	      "The server took the connection and ended it without a single octet.");
	if (f->end.after_ns < PATIENCE_NS)
		plead(p, 1, f->syn_mark, f->end.mark,
		      "It did so at once, without the time to look anything up.");
	else
		plead(p, -4, f->syn_mark, f->end.mark, "It took its time for that.");
	if (f->lessons.refused_after != 0)
		plead(p, -10, NO_MARK, NO_MARK,
		      "The port was closed right after: the listener stopped with this one queued.");
}

static bool gave_up_waiting(const struct facts *f)
{
	return f->end.ending == ENDING_closed && f->end.has_side && f->end.side == CLIENT &&
	       ((server_is_mute(f) && f->end.after_ns >= PATIENCE_NS) || client_is_unheard(f));
}

/* A client that only looks whether the port is open does not wait, and does not say its name. */
static void weigh_mute(const struct facts *f, struct plea *p)
{
	bool spoke = f->ssh.has_identification[CLIENT];
	bool heard = !f->waiting.any || f->waiting.side != CLIENT;

	if (!server_is_mute(f)) { /* it began well: the client may have had its own reason */
		plead(p, 9, f->last.client_mark, f->end.mark,
		      "The server began the login, and then left the client without an answer.");
		return;
	}
	plead(p, spoke ? 14 : 8, f->syn_ack_mark, f->end.mark,
	      "The server's kernel took the connection, and no program said a word in %s.",
	      names_of(f).age);
	if (f->end.after_ns >= LONG_PATIENCE_NS)
		plead(p, 3, f->end.mark, NO_MARK, "No look-up of a name takes that long.");
	if (!heard) /* loss on the way there looks like that */
		plead(p, -3, f->waiting.first, NO_MARK,
		      "What the client said was not acknowledged either.");
}

static void weigh(const struct facts *f, struct plea *p)
{
	bool too_many = f->ssh.disconnect && f->ssh.disconnect_from == SERVER &&
			f->ssh.disconnect_code == TOO_MANY_CONNECTIONS;

	if (f->ssh.notice >= 0 && notice_cause(f->ssh.notice) == CAUSE_resource_exhaustion &&
	    f->ssh.notice_from == SERVER)
		plead(p, 40, f->ssh.notice_mark, NO_MARK, "The server said \"%s\" (%s).",
		      quote_of(f->ssh.notice_text).at, notice_source(f->ssh.notice));
	else if (too_many)
		plead(p, 40, f->ssh.disconnect_mark, NO_MARK,
		      "The server's DISCONNECT has the reason TOO_MANY_CONNECTIONS.");
	else if (gave_up_waiting(f))
		weigh_mute(f, p);
	else if (is_turned_away(f))
		weigh_turned_away(f, p);
	else
		rule_out(p);
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);

	if (gave_up_waiting(f)) {
		detail(v, "no_answer");
		say(v,
		    "The host of the SSH server %s took the connection from %s, but no program of it %s, and the client gave up at %s, after %s",
		    n.server, n.client,
		    server_is_mute(f) ? "said a word" : "went on with the login", n.when, n.age);
		settle(v, "Is it stuck, or out of processes or descriptors? On the server:",
		       "ss -ltn 'sport = :%u'; uptime; dmesg -T | tail -20", f->server.port);
	} else if (is_turned_away(f)) {
		detail(v, "turned_away");
		say(v,
		    "The SSH server %s took the connection from %s and ended it at %s before its identification, as it does when it is at a limit or has no process or descriptor left",
		    n.server, n.client, n.when);
	} else if (f->ssh.notice >= 0) {
		detail(v, notice_detail(f->ssh.notice));
		say(v,
		    "The SSH server %s turned %s away at %s before a login because it was at a limit: it said \"%s\"",
		    n.server, n.client, n.when, quote_of(f->ssh.notice_text).at);
	} else {
		detail(v, "too_many_connections");
		say(v, "The SSH server %s turned %s away at %s because it had too many connections",
		    n.server, n.client, n.when);
	}
	settle_server_log(f, v, "The server's log names the limit and the client that met it.",
			  "grep -i -e maxstartups -e penalty -e 'drop connection'");
}

const struct cause cause_resource_exhaustion = {
	.title = "the server was at a limit",
	.family = "server_crash",
	.meaning = "The server had no room for this client: too many connections that are not logged in yet (MaxStartups), a penalty for this client's address, a full queue, or no process to be had.",
	.decided = "By what the server says in clear text before it closes, or by the reason of its DISCONNECT.",
	.mimics = "Nothing when the server says it. A server that closes without a word may be at a limit as well, but access control and a crash look the same (access_denied, server_crash).",
	.who = WHO_SERVER,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Raise MaxStartups, or have fewer clients log in at the same moment.",
		.why = "sshd drops connections at random once that many are not logged in yet; the default begins at 10.",
		.step = {
			{ WHERE_SERVER, "What is set, and is anyone in penalty?",
			  "sshd -T | grep -i -e maxstartups -e persource" },
			{ WHERE_SERVER, "In /etc/ssh/sshd_config, begin to drop at 100:",
			  "MaxStartups 100:30:200" },
			{ WHERE_SERVER, "Who holds the unauthenticated ones?",
			  "ss -tnp state established '( sport = :22 )' | sort -k4" },
			{ WHERE_CLIENT, "Share one connection between many commands, in ~/.ssh/config:",
			  "ControlMaster auto\nControlPath ~/.ssh/%C\nControlPersist 60" },
		},
	},
};
