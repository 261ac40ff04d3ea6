/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Nothing listens on the port: the kernel of the server answers the SYN itself. It copies the DSCP of
 * the SYN, its TTL is the host's, and it needs a whole round trip; a filter's refusal lacks one of
 * these (firewall_reject).
 */
#include "classify/inside.h"

static void weigh(const struct facts *f, struct plea *p)
{
	if (f->end.ending != ENDING_refused || f->origin.who == WHO_MIDDLEBOX) {
		rule_out(p);
		return;
	}
	/* Without a mark to copy, a rule on the server that resets looks the same: nobody can be certain. */
	plead(p,
	      f->origin.who != WHO_SERVER        ? 8 :
	      (f->reset.trigger_tos & DSCP) != 0 ? 12 :
						   9,
	      f->syn_mark, f->reset.mark, "The SYN in frame %u was refused at once, in frame %u.",
	      f->syn_mark.number, f->reset.mark.number);
	if (f->origin.kind == KIND_FILTER)
		plead(p, f->origin.bleached ? -6 : -15, f->reset.mark, NO_MARK,
		      "The refusal has the form of a filter's%s.",
		      f->origin.bleached ? ", unless the path clears such marks" : "");
	if (dscp_is_copied(&f->reset))
		plead(p, 5, f->syn_mark, f->reset.mark,
		      "It carries the DSCP of the SYN, as a kernel's own refusal does.");
	if (f->lessons.accepted_before != 0)
		plead(p, 2, f->lessons.accepted_before_mark, NO_MARK,
		      "The same port had taken connections before.");
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);

	settle(v, "Does anything listen there? Ask on the server:", "ss -ltnp 'sport = :%u'",
	       f->server.port);
	settle_capture(
		f, v, WHERE_SERVER,
		"Capture at the server during an attempt: if the refusal does not leave it, a filter on the path made it.");
	say(v, "Nothing listened on %s at %s: the server's kernel refused the connection from %s%s",
	    n.server, n.when, n.client,
	    f->lessons.accepted_after != 0  ? ", and took new ones later" :
	    f->lessons.accepted_before != 0 ? ", though it had taken others before" :
					      "");
}

const struct cause cause_service_down = {
	.title = "nothing listens on the port",
	.family = "server_crash",
	.meaning = "Nothing listens on the port: the kernel of the server's host refused the connection itself.",
	.decided = "By a reset to the SYN that has the marks of the host: its distance, a whole round trip, and the priority mark (DSCP) of the SYN copied, as a kernel does.",
	.mimics = "A packet filter that rejects with a reset (firewall_reject). On the host itself it differs only in the DSCP; when the SYN carries none, packets cannot tell the two apart.",
	.who = WHO_SERVER,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Start sshd on the server, or use the port on which it listens.",
		.why = "A kernel refuses only what no process has asked to receive.",
		.step = {
			{ WHERE_SERVER, "Is it running, and if not, what did it say?",
			  "systemctl status ssh; journalctl -u ssh -u sshd -n 50" },
			{ WHERE_SERVER, "A mistake in the configuration keeps it from starting:", "sshd -t" },
			{ WHERE_SERVER, "Which port and address does it listen on?", "ss -ltnp | grep sshd" },
		},
	},
};
