/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sshd process of this session died while its host lived on. The kernel closes what the process
 * had open: with a FIN, or with a reset when the client's data was still unread. Either way there is
 * no goodbye: in an orderly SSH session the client closes first. A crash, kill -9 and the OOM killer
 * look the same on the wire. A bare reset without ACK is none of them: see was_unknown().
 *
 * Mimics: sshd ending an inactive session (ChannelTimeout, UnusedConnectionTimeout), an
 * administrator's kill, a shutdown of the host.
 */
#include "classify/inside.h"

/*
 * The kernel alone took the connection, and it was reset while the client's first words were unread:
 * the listener died with it in its queue. One that turned the client away would have ended each
 * connection in its own time, and gone on listening.
 */
static void weigh_queued(const struct facts *f, struct plea *p)
{
	const struct lessons *others = &f->lessons;

	if (f->handshake != HANDSHAKE_COMPLETE || f->bytes[SERVER] != 0 || f->missing != 0 ||
	    f->bytes[CLIENT] == 0 || !server_socket_reset(f) ||
	    (others->ended_other_age == 0 && others->refused_after == 0)) {
		rule_out(p);
		return;
	}
	plead(p, 6, f->end.mark, f->ssh.identification_mark[CLIENT],
	      "The server's kernel took the connection, no process ever answered it, and its socket was reset.");
	if (others->ended_other_age != 0)
		plead(p, 14, f->end.mark, others->ended_with_mark,
		      "%u other connection%s, begun at another time, ended in the same moment.",
		      others->ended_other_age, others->ended_other_age == 1 ? "" : "s");
	if (others->refused_after != 0)
		plead(p, 10, f->end.mark, others->refused_after_mark,
		      "Right after that the port was closed: the listener was gone.");
}

static void weigh_others(const struct facts *f, struct plea *p)
{
	const struct lessons *others = &f->lessons;
	struct mark missed;

	if (others->survived != 0)
		plead(p, 5, others->survived_mark, NO_MARK,
		      "Another session to the same server lived on: the host was well.");
	if (others->accepted_after != 0)
		plead(p, 4, others->accepted_after_mark, NO_MARK,
		      "The server took a new connection afterwards.");
	if (others->ended_with != 0)
		plead(p, 3, f->end.mark, others->ended_with_mark,
		      "%u other session%s ended within the same second.", others->ended_with,
		      others->ended_with == 1 ? "" : "s");
	if (host_was_missed(f, &missed))
		plead(p, -10, missed, NO_MARK,
		      "The host itself was missed afterwards: more than a process went away.");
}

static void weigh(const struct facts *f, struct plea *p)
{
	if (f->ssh.phase < SSH_PHASE_SESSION) {
		weigh_queued(f, p);
		return;
	}
	if (!session_lost_process(f, p)) {
		rule_out(p);
		return;
	}
	if (p->decibans >= 2)
		weigh_others(f, p);
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);
	bool alive = f->lessons.survived != 0 || f->lessons.accepted_after != 0;

	settle_log(
		f, v,
		"The server's journal around that time names the signal, or the OOM killer, or who ended the session.",
		"", "grep -i -e sshd -e oom -e killed -e segfault -e signal");
	if (f->ssh.phase < SSH_PHASE_SESSION) {
		detail(v, "queued");
		say(v,
		    "The SSH service on %s died at %s with the connection from %s still in its queue: the kernel had taken it %s before, and no process ever answered",
		    n.server, n.when, n.client, n.age);
		return;
	}
	say(v,
	    "The server process of the SSH session from %s to %s ended abruptly at %s, %s into the connection: %s, with no goodbye%s",
	    n.client, n.server, n.when, n.age,
	    f->reset.any ? "its socket was reset" : "the server's kernel closed its side",
	    alive                      ? ", while the host lived on" :
	    f->lessons.ended_with != 0 ? ", and so did others to the same server" :
					 "");
}

const struct cause cause_server_crash = {
	.title = "the session's server process died",
	.family = "server_crash",
	.meaning = "The sshd process of this one session died - a crash, a kill, the OOM killer - while its host lived on. The kernel closed what the process had open.",
	.decided = "By an end from the server without a goodbye: its socket's reset because the client's words were left unread, or a FIN that took the client by surprise. It gains when other sessions to the same server live on, or a new one is accepted.",
	.mimics = "Limits of sshd itself (ChannelTimeout, UnusedConnectionTimeout) and an administrator's kill close in the same way. So does the shutdown of the host, but then all its sessions end. Crash, kill and OOM killer cannot be told apart from packets.",
	.who = WHO_COUNT,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Find out on the server what ended that sshd process: a crash, the OOM killer, or somebody's kill.",
		.why = "On the wire all three look alike; the logs of the host tell them apart.",
		.step = {
			{ WHERE_SERVER, "sshd's own words, and the manager's:",
			  "journalctl -u ssh -u sshd --since -1h" },
			{ WHERE_SERVER, "Was it the OOM killer, or a segmentation fault?",
			  "dmesg -T | grep -i -e 'out of memory' -e oom -e segfault" },
			{ WHERE_SERVER, "Is there a core dump?", "coredumpctl list sshd sshd-session" },
			{ WHERE_SERVER, "Keep the OOM killer away from the service:",
			  "systemctl edit ssh  # [Service] OOMScoreAdjust=-900" },
		},
	},
};
