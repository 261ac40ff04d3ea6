/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * sshd went down with its sessions and came back, on a host that stayed up. Each session ends as when
 * its process dies; what tells is the others: they end in the same moment, the port refuses for a
 * while, then it takes connections again, and all the time the kernel answers.
 *
 * A restart of the listener alone ends no session, and most service managers leave the sessions alone.
 * So a session that survives speaks against it. Mimics: one user's sessions killed together (no
 * refusal, others survive), the first part of a reboot (then the host itself is missed).
 */
#include "classify/inside.h"

static void weigh_others(const struct facts *f, struct plea *p)
{
	const struct lessons *others = &f->lessons;
	struct mark missed;

	plead_together(f, p);
	if (others->refused_after != 0)
		plead(p, 8, f->end.mark, others->refused_after_mark,
		      "Right after that the port refused connections: the listener was gone as well.");
	if (others->survived != 0)
		plead(p, -15, others->survived_mark, NO_MARK,
		      "Another session to the same server lived on: the service did not go down.");
	if (host_was_missed(f, &missed))
		plead(p, -15, missed, NO_MARK,
		      "The host itself was missed meanwhile, so it did not stay up.");
}

static void weigh_return(const struct facts *f, struct plea *p)
{
	const struct lessons *others = &f->lessons;

	if (others->accepted_after == 0)
		plead(p, -18, f->end.mark, NO_MARK,
		      "The capture does not show that the service came back.");
	else
		plead(p, others->refused_after != 0 ? 6 : 2, others->accepted_after_mark, NO_MARK,
		      "The port took a new connection again.");
	if (others->other_software_after != 0 && others->same_key_after != 0)
		plead(p, 6, others->software_after_mark, NO_MARK,
		      "It came back with another version and the same host key: an upgrade.");
}

static void weigh(const struct facts *f, struct plea *p)
{
	if ((f->lessons.ended_with == 0 && f->lessons.refused_after == 0) ||
	    !session_lost_process(f, p)) {
		rule_out(p);
		return;
	}
	weigh_others(f, p);
	weigh_return(f, p);
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);
	char others[48] = "";

	if (f->lessons.ended_with != 0) {
		struct text t = text_in(others, sizeof(others));

		text_add(&t, ", together with %u other%s", f->lessons.ended_with,
			 f->lessons.ended_with == 1 ? "" : "s");
	}
	settle_server_log(f, v, "Who stopped it, and when? The manager's log has the minute.",
			  "grep -i -e stop -e start -e killed");
	say(v,
	    "The SSH service on %s went down at %s and took the session from %s with it%s; %s, while its host stayed up",
	    n.server, n.when, n.client, others,
	    f->lessons.refused_after != 0 && f->lessons.accepted_after != 0 ?
		    "the port refused new connections and then took them again" :
	    f->lessons.accepted_after != 0 ? "it took new connections afterwards" :
					     "the port refused new connections");
}

const struct cause cause_server_restart = {
	.title = "the SSH service was restarted with its sessions",
	.family = "server_crash",
	.meaning = "The SSH service went down with many sessions at once and came back, while its host stayed up.",
	.decided = "By several sessions to one server that it ends within a moment, by refusals from a kernel that lives on, and by new connections that are accepted soon after.",
	.mimics = "A reboot, when the capture does not show whether the host answered meanwhile. A firewall that lost its table ends many at once too, but not with the marks of the server. Most systems leave running sessions alone when sshd is restarted.",
	.who = WHO_SERVER,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Find out what restarts sshd, and let a restart leave the sessions alone.",
		.why = "A listener can stop and start without its sessions: only a manager that kills the whole group, or somebody's killall, ends them.",
		.step = {
			{ WHERE_SERVER, "When was it started, and what stopped it?",
			  "systemctl status ssh; journalctl -u ssh -u sshd --since -1h" },
			{ WHERE_SERVER, "Was it an upgrade, or configuration management?",
			  "grep -h -e openssh /var/log/dpkg.log /var/log/dnf.rpm.log | tail" },
			{ WHERE_SERVER, "Stop the listener only, not its sessions:",
			  "systemctl edit ssh  # [Service] KillMode=process" },
			{ WHERE_CLIENT, "Let long work survive the loss of its session:", "tmux new -A -s work" },
		},
	},
};
