/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The server's host took the connection and closed it before it said a word: TCP wrappers
 * (hosts.deny), RefuseConnection, a per-source limit of an older sshd. The client's identification was
 * acknowledged by the kernel and never read, so the close is a reset by the socket; when the client
 * had not spoken yet it is a FIN.
 *
 * Mimics: a listener that stopped with the connection still queued, a fork that failed, a proxy whose
 * backend is down.
 */
#include <stdio.h>

#include "classify/inside.h"

/* TCP wrappers look the client's name up first; that takes time. */
#define LOOKUP_NS (100 * NS_PER_MS)

static bool said_nothing(const struct facts *f)
{
	return f->handshake == HANDSHAKE_COMPLETE && f->bytes[SERVER] == 0 && f->missing == 0 &&
	       !f->one_sided && f->end.has_side && f->end.side == SERVER;
}

static void weigh(const struct facts *f, struct plea *p)
{
	bool reset = f->end.ending == ENDING_reset, closed = f->end.ending == ENDING_closed;

	if (!said_nothing(f) || (!reset && !closed) || f->origin.who == WHO_MIDDLEBOX ||
	    f->ssh.not_ssh[CLIENT]) {
		rule_out(p);
		return;
	}
	/* Its mimics look the same: this is the weight of the group, and does not make certain. */
	if (reset && f->origin.kind == KIND_SOCKET)
		plead(p, 10, f->end.mark, f->ssh.identification_mark[CLIENT],
		      "The server took the connection and reset it without a single octet, the client's words unread.");
	else
		plead(p, reset && f->origin.who != WHO_SERVER ? 2 : 6, f->end.mark,
		      f->ssh.identification_mark[CLIENT],
		      "The server took the connection and ended it without a single octet.");
	if (f->end.after_ns >= LOOKUP_NS)
		plead(p, 3, f->syn_mark, f->end.mark,
		      "It took its time, as a look-up of the client's name does.");
	if (f->lessons.accepted_after != 0)
		plead(p, 2, f->lessons.accepted_after_mark, NO_MARK,
		      "It took other connections afterwards.");
	if (f->lessons.refused_after != 0)
		plead(p, -10, NO_MARK, NO_MARK,
		      "The port was closed right after: the listener stopped with this one queued.");
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);
	char filter[80];

	snprintf(filter, sizeof(filter), "grep -i -e refused -e '%s'", n.client_ip);
	settle_server_log(f, v, "The server's log says which rule refused this client.", filter);
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
