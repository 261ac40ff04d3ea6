/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sshd process of this session died while its host lived on. The kernel closes what the process
 * had open: with a FIN, or with a reset when the client's data was still unread. Either way there is
 * no goodbye: in an orderly SSH session the client closes first. A crash, kill -9 and the OOM killer
 * look the same on the wire.
 *
 * Mimics: sshd ending an inactive session (ChannelTimeout, UnusedConnectionTimeout), an
 * administrator's kill, a shutdown of the host.
 */
#include "classify/inside.h"

/* What arrives is read within this, unless the process hangs. */
#define UNREAD_NS (2 * NS_PER_S)

/* Data of the client this recent may be its goodbye, which the server then answers in order. */
#define GOODBYE_NS (500 * NS_PER_MS)

/* And the server had nothing more to say to it. */
static bool client_had_just_spoken(const struct facts *f)
{
	return f->last.client_ago_ns >= 0 && f->last.client_ago_ns <= GOODBYE_NS &&
	       (f->last.server_ago_ns < 0 || f->last.client_ago_ns <= f->last.server_ago_ns);
}

static void weigh_fin(const struct facts *f, struct plea *p)
{
	if (f->after_fin.data != 0)
		plead(p, 8, f->end.mark, f->after_fin.data_mark,
		      "The server closed without a goodbye: the client, taken by surprise, sent more.");
	if (client_had_just_spoken(
		    f)) /* some servers close on the channel's close, before DISCONNECT */
		plead(p, -12, f->last.client_mark, f->end.mark,
		      "The client had spoken just before: that may have been its goodbye.");
	if (f->after_fin.reset)
		plead(p, 5, f->after_fin.reset_mark, NO_MARK,
		      "What the client sent then was reset: no process had the session any more.");
	if (is_by_the_clock(f->silence.ns))
		plead(p, -12, f->silence.from, f->silence.to,
		      "The silence before was %s, whole half minutes: a timer of sshd or of a proxy closes like this.",
		      names_of(f).silence);
	else if (f->silence.ns >= IDLE_LEAST_NS)
		plead(p, -3, f->silence.from, f->silence.to,
		      "A long silence came before: sshd or a proxy may have ended an idle session.");
}

static void weigh_reset(const struct facts *f, struct plea *p)
{
	if (f->reset.from != SERVER || f->origin.who == WHO_MIDDLEBOX) {
		rule_out(p);
		return;
	}
	if (f->origin.kind == KIND_SOCKET && f->last.client_ago_ns >= 0 &&
	    f->last.client_ago_ns <= UNREAD_NS)
		plead(p, 18, f->reset.mark, f->reset.before,
		      "A socket of the server sent the reset: its process went away with data unread.");
	else if (f->origin.kind == KIND_SOCKET) /* ss -K, linger 0, a proxy's timer */
		plead(p, 3, f->reset.mark, f->last.client_mark,
		      "A socket of the server sent the reset, but the client had sent nothing that could be unread.");
	else
		plead(p, 2, f->reset.mark, f->reset.trigger,
		      "The server's host no longer knew the connection.");
}

static void weigh(const struct facts *f, struct plea *p)
{
	bool server_closed = f->end.ending == ENDING_closed && f->end.has_side &&
			     f->end.side == SERVER && !f->one_sided;

	if ((!server_closed && f->end.ending != ENDING_reset) || f->ssh.phase < SSH_PHASE_SESSION ||
	    (f->mid_stream && !f->ssh.any) || gave_up(f)) {
		rule_out(p);
		return;
	}
	if (server_closed)
		weigh_fin(f, p);
	else
		weigh_reset(f, p);
	if (p->ruled_out || p->decibans < 2)
		return;
	if (f->lessons.alive_after != 0)
		plead(p, 5, NO_MARK, NO_MARK,
		      "Another session to the same server lived on: the host was well.");
	if (f->lessons.accepted_after != 0)
		plead(p, 4, f->lessons.accepted_after_mark, NO_MARK,
		      "The server took a new connection afterwards.");
	if (f->lessons.ended_with != 0)
		plead(p, 3, f->end.mark, NO_MARK, "%u other sessions ended within the same second.",
		      f->lessons.ended_with);
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);
	bool alive = f->lessons.alive_after != 0 || f->lessons.accepted_after != 0;

	settle_log(
		f, v,
		"The server's journal around that time names the signal, or the OOM killer, or who ended the session.",
		"", "grep -i -e sshd -e oom -e killed -e segfault -e signal");
	say(v,
	    "The server process of the SSH session from %s to %s ended abruptly at %s, %s into the connection: %s, with no goodbye%s",
	    n.client, n.server, n.when, n.age,
	    f->reset.any ? "its socket was reset" : "the server's kernel closed its side",
	    alive ? ", while the host lived on" : "");
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
