/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A segment reached a host that never had the connection: another machine took the address over
 * (failover), a balancer chose another backend, a NAT mapped the client anew. That host's kernel
 * answers with a bare reset without ACK, in the middle of a connection that was well.
 *
 * What tells: the machine behind the address is another one afterwards (host key, identification,
 * SYN-ACKs), or there was no time for a boot, or other sessions live on. Mimics: a reboot, in which
 * the host is missed and comes back as it was; a device's idle limit, which needs a long silence.
 */
#include "classify/inside.h"

static void weigh_machine(const struct facts *f, struct plea *p)
{
	const struct lessons *others = &f->lessons;

	if (others->other_key_after != 0)
		plead(p, others->other_key_before != 0 ? 6 : 18, f->reset.mark,
		      others->key_after_mark,
		      "Afterwards another host key was shown: another machine%s has the address.",
		      others->other_key_before != 0 ? ", as before in turn," : "");
	else if (others->same_key_after != 0 && others->survived == 0)
		plead(p, -6, others->key_after_mark, NO_MARK,
		      "Afterwards the same host key was shown: the machine is the same.");
	if (others->other_key_after == 0 && others->same_key_after == 0 &&
	    others->other_software_after != 0)
		plead(p, 5, others->software_after_mark, NO_MARK,
		      "Afterwards it identified itself as another version.");
	if (others->other_stack_after != 0)
		plead(p, 6, others->stack_after_mark, NO_MARK,
		      "Afterwards its SYN-ACKs were of another make.");
}

static void weigh_server(const struct facts *f, struct plea *p)
{
	const struct lessons *others = &f->lessons;
	struct mark missed;

	if (others->survived != 0)
		plead(p, 5, others->survived_mark, f->reset.mark,
		      "Another session of that time lived on: only this one is unknown there.");
	else if (others->forgotten != 0)
		plead(p, 6, f->reset.mark, others->forgotten_mark,
		      "It did not know %u other session%s of that time either.", others->forgotten,
		      others->forgotten == 1 ? "" : "s");
	if (host_was_missed(f, &missed))
		plead(p, 4, missed, NO_MARK, "Before that nobody answered at the address.");
	if (others->refused_after != 0)
		plead(p, 3, others->refused_after_mark, NO_MARK,
		      "Nothing listens where the server did.");
	weigh_machine(f, p);
}

/*
 * A forged reset or a filter's, and a kernel that gave up, also end a connection for the one side alone,
 * which then answers as if it never had it; so the reset by itself is shared with them. A server has
 * other connections that could have told more, a client has not.
 */
static void weigh(const struct facts *f, struct plea *p)
{
	int known;

	if (!was_unknown(f)) {
		rule_out(p);
		return;
	}
	plead_unknown(f, p);
	known = p->decibans;
	if (f->silence.ns >= IDLE_LEAST_NS)
		plead(p, -6, f->silence.from, f->silence.to,
		      "A long silence came before: a device's limit or a restart may have passed in it.");
	if (f->reset.from == SERVER)
		weigh_server(f, p);
	if (known > 0 && p->decibans == known)
		plead(p, f->reset.from == SERVER ? -5 : -4, f->reset.mark, NO_MARK,
		      "Nothing else shows another host: this one may have lost the connection by an end that was not seen here.");
}

static const char *what_it_was(const struct facts *f)
{
	if (f->reset.from == CLIENT)
		return "its address or a NAT mapping was given to another host, or it was restarted";
	if (f->lessons.other_key_after != 0)
		return "another machine, with another host key, has the address now";
	if (f->lessons.other_stack_after != 0 || f->lessons.other_software_after != 0)
		return "another machine seems to have the address now";
	if (f->lessons.survived != 0)
		return "other sessions to the server lived on, so this one was led elsewhere or mapped anew";
	return "a failover, a moved address or a changed NAT mapping led it there";
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);

	settle(v, "Who has the address, and since when? A changed link address or host key tells.",
	       "ip neigh show %s; ssh-keyscan -p %u %s | ssh-keygen -lf -",
	       f->reset.from == SERVER ? n.server_ip : n.client_ip, f->server.port, n.server_ip);
	settle(v, "Rule a restart out:", "ssh %s 'uptime -s'", n.server_ip);
	say(v,
	    "A segment of the SSH connection from %s to %s reached a host that did not have the connection, at the %s's address, and was reset at %s: %s",
	    n.client, n.server, side_name(f->reset.from), n.when, what_it_was(f));
}

const struct cause cause_state_lost = {
	.title = "segments reached a host without the connection",
	.family = "network",
	.meaning = "Segments of this connection reached a machine that never had it: a failover, a moved address, a balancer that chose another server, or a NAT that gave the client another port. That machine's kernel answered with a reset, as it must.",
	.decided = "By a reset in the form of a kernel without such a connection, in the middle of one that was in use, while the server's other sessions live on or the machine behind the address looks different from before.",
	.mimics = "A reboot also loses connections, but all of the host's at once. A packet filter answers with a reset in a similar form. A forged reset: then the real end goes on.",
	.who = WHO_COUNT,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Keep a connection on the machine that has it, or have clients expect its loss at a failover.",
		.why = "TCP state lives in one kernel: whoever else gets a segment of the connection must reset it.",
		.step = {
			{ WHERE_NETWORK, "Did a cluster address move, or a balancer change its backends?",
			  "journalctl -u keepalived -u pacemaker --since -1h" },
			{ WHERE_NETWORK, "Let the balancer send a client to the same backend for as long as the connection lives.",
			  "" },
			{ WHERE_SERVER, "Does another host use this address?", "arping -D -I eth0 -c 3 ADDRESS" },
			{ WHERE_CLIENT, "Did the client change its network or its VPN?", "ip -ts monitor address route" },
		},
	},
};
