/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The server's host took the connection and closed it before it said a word: TCP wrappers
 * (hosts.deny), RefuseConnection, a per-source limit of an older sshd. The client's identification was
 * acknowledged by the kernel and never read, so the close is a reset by the socket; when the client
 * had not spoken yet it is a FIN.
 *
 * Or it did so on the first request of the login, which names the user (RefuseConnection in a Match).
 *
 * Mimics: a listener that stopped with the connection still queued, a fork that failed, a proxy whose
 * backend is down.
 */
#include <stdio.h>

#include "classify/inside.h"

/* TCP wrappers look the client's name up first; that takes time. */
#define LOOKUP_NS (100 * NS_PER_MS)

/* And libwrap's clean_exit() sleeps five seconds before it exits, "to be kind to the inetd". */
#define WRAPPED_NS (5 * NS_PER_S)
#define WRAPPED_ERROR_NS (600 * NS_PER_MS)

/* Acceptance of the service and EXT_INFO; a first answer to a request would make it more. */
#define BEFORE_ANSWERS 2

static bool is_wrapped(const struct facts *f)
{
	return f->end.after_ns >= WRAPPED_NS && f->end.after_ns <= WRAPPED_NS + WRAPPED_ERROR_NS;
}

/* Its mimics look the same: this is the weight of the group, and does not make certain. */
static void weigh_mute(const struct facts *f, struct plea *p)
{
	bool reset = f->end.ending == ENDING_reset;

	if (reset && f->origin.kind == KIND_SOCKET)
		plead(p, 8, f->end.mark, f->ssh.identification_mark[CLIENT],
		      "The server took the connection and reset it without a single octet, the client's words unread.");
	else
		plead(p, reset && f->origin.who != WHO_SERVER ? 2 : 5, f->end.mark,
		      f->ssh.identification_mark[CLIENT],
		      "The server took the connection and ended it without a single octet.");
	if (is_wrapped(f)) /* a proxy may give its backend as long */
		plead(p, 5, f->syn_mark, f->end.mark,
		      "It did so after %s: TCP wrappers sleep five seconds before they exit.",
		      names_of(f).age);
	else if (f->end.after_ns >= LOOKUP_NS && f->end.after_ns < WRAPPED_NS)
		plead(p, 4, f->syn_mark, f->end.mark,
		      "It took its time, as a look-up of the client's name does.");
	else if (f->end.after_ns > WRAPPED_NS + WRAPPED_ERROR_NS)
		plead(p, -4, f->syn_mark, f->end.mark,
		      "It took %s: a rule needs that long only if names cannot be looked up.",
		      names_of(f).age);
	if (f->lessons.accepted_after != 0)
		plead(p, 2, f->lessons.accepted_after_mark, NO_MARK,
		      "It took other connections afterwards.");
	if (f->lessons.refused_after != 0)
		plead(p, -18, NO_MARK, NO_MARK,
		      "The port was closed right after: the listener stopped with this one queued.");
}

/* sshd hears for whom the login is meant to be, and ends it: RefuseConnection, since 9.9. */
static bool is_refused_by_name(const struct facts *f)
{
	return f->end.ending == ENDING_closed && f->end.has_side && f->end.side == SERVER &&
	       f->ssh.phase == SSH_PHASE_AUTH && is_before_login(f) && parted_at_once(f) &&
	       f->ssh.encrypted[SERVER] != 0 && f->ssh.encrypted[SERVER] <= BEFORE_ANSWERS &&
	       f->ssh.refusals == 0;
}

static void weigh(const struct facts *f, struct plea *p)
{
	bool over = f->end.ending == ENDING_reset || f->end.ending == ENDING_closed;

	if (is_refused_by_name(f))
		plead(p, 4, f->last.client_mark, f->end.mark,
		      "The server closed at once on the first request of the login, without an answer.");
	else if (over && server_ends_mute(f) && f->origin.who != WHO_MIDDLEBOX &&
		 !f->ssh.not_ssh[CLIENT])
		weigh_mute(f, p);
	else
		rule_out(p);
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);
	char filter[80];

	snprintf(filter, sizeof(filter), "grep -i -e refused -e '%s'", n.client_ip);
	settle_server_log(f, v, "The server's log says which rule refused this client.", filter);
	if (is_refused_by_name(f)) {
		detail(v, "refused_by_name");
		say(v,
		    "The SSH server %s ended the connection from %s at %s on the first request of its login, without an answer, as a rule for that user or address (RefuseConnection) does",
		    n.server, n.client, n.when);
		return;
	}
	settle(v, "Does a client with another address get in? Then it is a rule for this one.",
	       "ssh -v -o BatchMode=yes -p %u %s true 2>&1 | grep 'remote software'",
	       f->server.port, n.server_ip);
	say(v,
	    "The SSH server %s accepted the connection from %s and closed it at %s before its identification, as access control (hosts.deny, a rule of sshd) does",
	    n.server, n.client, n.when);
}

const struct cause cause_access_denied = {
	.title = "turned away before the server's first word",
	.family = "firewall_reject",
	.meaning = "The server's host took the connection and closed it before its first word: TCP wrappers (hosts.deny), RefuseConnection, or a rule for this client.",
	.decided = "By an end from the server without a single octet, although the handshake was complete. It gains when there was time to look the client's name up, and when others are accepted.",
	.mimics = "A listener that stopped with this connection in its queue, a fork that failed, a proxy whose backend is down. They look the same, so this is seldom more than likely.",
	.who = WHO_SERVER,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Look for a rule on the server that refuses this client before the login.",
		.why = "Such rules are asked after the connection is accepted, so the client sees a close in place of a refusal.",
		.step = {
			{ WHERE_SERVER, "TCP wrappers:", "grep -v '^#' /etc/hosts.deny /etc/hosts.allow" },
			{ WHERE_SERVER, "sshd's own rules for this client:",
			  "sshd -T -C addr=CLIENT_ADDRESS,user=root,host=x | grep -i refuse" },
			{ WHERE_SERVER, "Was sshd short of processes or memory at that time?",
			  "journalctl -u ssh -u sshd | grep -i -e fork -e 'cannot allocate'" },
			{ WHERE_NETWORK, "If a proxy or balancer stands in front, is its backend up?", "" },
		},
	},
};
