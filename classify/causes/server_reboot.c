/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The host went away and came back, or not, without its connections. In order: the sessions are
 * closed, the port, then nobody is there. By loss of power or by a panic: silence, and later, to the
 * next segment of each old session, the bare reset of a kernel that never had it.
 *
 * Timestamps, sequence numbers and identifications of Linux begin at random for each connection: they
 * say nothing about a boot. What says something: the host was missed in between, all old sessions are
 * unknown, the port refuses before it takes, and the host key is still the same. Mimics: another
 * machine with this address (state_lost), which shows another key, and has no need of a boot's time.
 */
#include "classify/inside.h"

/* From firmware to a network takes longer than this. */
#define BOOT_NS (10 * NS_PER_S)

/* Three SYNs without an answer are no loss by chance. */
#define ASKED_REPEATS 2

static void weigh_shutdown(const struct facts *f, struct plea *p)
{
	const struct lessons *others = &f->lessons;
	struct mark missed;

	if (!host_was_missed(f, &missed) || !session_lost_process(f, p)) {
		rule_out(p);
		return;
	}
	plead(p, 14, f->end.mark, missed,
	      "After that the host itself was missed: nobody answered at its address.");
	plead_together(f, p);
	if (others->refused_after != 0)
		plead(p, 4, others->refused_after_mark, NO_MARK,
		      "In between the port refused connections: the service stopped first.");
}

static void weigh_absence(const struct facts *f, struct plea *p)
{
	struct mark missed;

	if (host_was_missed(f, &missed))
		plead(p, 12, missed, NO_MARK, "Before that nobody answered at its address.");
	else if (f->waiting.any && f->waiting.side == CLIENT && f->waiting.repeats >= 2)
		plead(p, 4, f->waiting.first, f->waiting.last,
		      "Before that %u repeats of the same segment had no answer.",
		      f->waiting.repeats);
	if (f->last.heard_ago_ns[SERVER] < BOOT_NS)
		plead(p, -12, f->reset.before, f->reset.mark,
		      "It had still spoken less than ten seconds before: no time for a boot.");
}

static void weigh_power_loss(const struct facts *f, struct plea *p)
{
	const struct lessons *others = &f->lessons;

	if (!was_unknown(f) || f->reset.from != SERVER || f->last.heard_ago_ns[SERVER] < 0) {
		rule_out(p);
		return;
	}
	plead_unknown(f, p);
	weigh_absence(f, p);
	if (others->forgotten != 0)
		plead(p, 6, f->reset.mark, others->forgotten_mark,
		      "It did not know %u other session%s of that time either.", others->forgotten,
		      others->forgotten == 1 ? "" : "s");
	if (others->refused_after != 0)
		plead(p, 5, others->refused_after_mark, NO_MARK,
		      "Its port was still closed: the kernel was there before the service.");
}

/*
 * A new client that is not answered, or told by the last router that the host is not there: that is no
 * more than a missing host. What others met before and after makes it a restart.
 */
static void weigh_unreached(const struct facts *f, struct plea *p)
{
	const struct lessons *others = &f->lessons;
	struct mark missed;
	bool context = others->ended_before != 0 || others->forgotten != 0;
	bool asked =
		f->end.ending == ENDING_unanswered && f->syn_repeats >= ASKED_REPEATS && context;

	if (!asked && (f->end.ending != ENDING_rejected || !host_was_missed(f, &missed))) {
		rule_out(p);
		return;
	}
	plead(p, asked ? 2 : 20, f->syn_mark, f->end.mark,
	      asked ? "Nobody answered at the server's address." :
		      "The last router on the way did not find the host.");
	if (others->ended_before != 0)
		plead(p, others->ended_before >= 2 ? 14 : 8, others->ended_before_mark, NO_MARK,
		      "Just before, the server had closed %u session%s unasked.",
		      others->ended_before, others->ended_before == 1 ? "" : "s");
	if (others->forgotten != 0)
		plead(p, 14, others->forgotten_mark, NO_MARK,
		      "When it was there again it did not know an older session any more.");
	if (!context)
		plead(p, -8, NO_MARK, NO_MARK,
		      "Nothing shows that the host itself was down, and not the way to it.");
}

static void weigh_machine(const struct facts *f, struct plea *p)
{
	const struct lessons *others = &f->lessons;

	if (others->survived != 0)
		plead(p, -25, others->survived_mark, NO_MARK,
		      "Another session of that time lived on: the host was not restarted.");
	if (others->other_key_after != 0 && others->other_key_before == 0)
		plead(p, -6, others->key_after_mark, NO_MARK,
		      "Afterwards the host key was another.");
	else if (others->same_key_after != 0)
		plead(p, f->end.ending == ENDING_reset ? 8 : 2, others->key_after_mark, NO_MARK,
		      "Afterwards the same host key was shown: it is the same machine.");
	if (others->other_stack_after != 0)
		plead(p, -3, others->stack_after_mark, NO_MARK,
		      "Afterwards its SYN-ACKs were of another make.");
}

static void weigh(const struct facts *f, struct plea *p)
{
	if (f->end.ending == ENDING_closed || server_socket_reset(f))
		weigh_shutdown(f, p);
	else if (f->end.ending == ENDING_reset)
		weigh_power_loss(f, p);
	else
		weigh_unreached(f, p);
	if (!p->ruled_out)
		weigh_machine(f, p);
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);

	settle(v, "When did the host boot, and was the boot before that ended in order?",
	       "uptime -s; last -x reboot shutdown | head; journalctl --list-boots | tail -3");
	if (f->end.ending == ENDING_closed || server_socket_reset(f)) {
		detail(v, "shutdown");
		say(v,
		    "The host of the SSH server %s was shut down at %s: it closed the session from %s, and then nobody answered at its address%s",
		    n.server, n.when, n.client,
		    f->lessons.accepted_after != 0 ? " until it was back" : "");
		return;
	}
	if (f->end.ending != ENDING_reset) {
		detail(v, "away");
		say(v,
		    "The host of the SSH server %s was down when %s asked for a connection until %s: %s",
		    n.server, n.client, n.when,
		    f->lessons.ended_before != 0 ?
			    "it had just closed sessions unasked" :
			    "it came back without the sessions it had before");
		return;
	}
	detail(v, "came_back");
	say(v,
	    "The host of the SSH server %s had been restarted: when the client %s spoke to it again, it no longer knew their connection and reset it at %s",
	    n.server, n.client, n.when);
}

const struct cause cause_server_reboot = {
	.title = "the server's host was restarted",
	.family = "server_crash",
	.meaning = "The host of the server went away and came back without its connections: a reboot, a shutdown or a loss of power.",
	.decided = "By all its sessions ending or falling silent together, by connection attempts without an answer for a while, and by a kernel that afterwards answers old sessions with resets and new ones normally.",
	.mimics = "An outage of the path: then the old sessions go on afterwards. A restart of the service alone: then the host refuses in the meantime. A failover to another machine (state_lost).",
	.who = WHO_SERVER,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Find out why the host went down; the connection itself could not survive that.",
		.why = "A host that starts anew has none of its old connections, and says so to each of them.",
		.step = {
			{ WHERE_SERVER, "When did it boot, and who asked for that?",
			  "last -x reboot shutdown | head; journalctl -b -1 -n 50" },
			{ WHERE_SERVER, "Was it a panic, or the power?",
			  "journalctl -b -1 -k | tail -50; ls /var/crash /sys/fs/pstore" },
			{ WHERE_CLIENT, "Notice a dead server within 90 s in place of at the next keystroke:",
			  "Host *\n    ServerAliveInterval 30\n    ServerAliveCountMax 3" },
			{ WHERE_CLIENT, "Have the connection made anew by itself:", "autossh -M 0 HOST" },
		},
	},
};
