/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A side asked again and again whether the other lives, heard nothing, and gave up. There are two who
 * ask: the kernel (TCP keep-alive, RFC 9293 section 3.8.4) sends probes and then a reset; SSH
 * (ServerAliveInterval, ClientAliveInterval) sends a small message and then closes. Whoever ends it so
 * is the victim: the path was dead, or, where TCP acknowledges each question and SSH answers none, the
 * program at the other end.
 */
#include "classify/inside.h"

/* OpenSSH and dropbear give up after 3 unanswered questions by default; one may be just late. */
#define QUESTIONS_LEAST 2

/* How exactly a timer keeps its rhythm, as a share of it; two silences alone must be alike. */
#define RHYTHM_SHARE 5
#define ALIKE_SHARE 10

static bool over(const struct facts *f)
{
	return f->end.ending == ENDING_closed || f->end.ending == ENDING_reset;
}

static void weigh_probes(const struct facts *f, struct plea *p)
{
	const struct fact_waiting *w = &f->waiting;

	plead(p, 25, w->first, f->end.mark,
	      "The %s's kernel sent %u keep-alive probes in a row, then a reset: it gave up.",
	      side_name(w->side), w->repeats + 1);
	if (w->unheard)
		plead(p, 8, w->first, w->last,
		      "Each probe was answered here, yet the next came sooner than after an answer: the answers did not arrive.");
}

/* One interval after the last question its timer finds it unanswered once more, and closes. */
static bool is_in_rhythm(const struct facts *f, enum side asker, int share)
{
	int64_t ago_ns = asker == CLIENT ? f->last.client_ago_ns : f->last.server_ago_ns;
	int64_t off_ns = ago_ns - f->alive[asker].interval_ns;

	return (off_ns < 0 ? -off_ns : off_ns) <= f->alive[asker].interval_ns / share;
}

/*
 * ServerAliveCountMax may be 1: then one question is asked, and the end comes one interval later. A
 * user who loses patience meanwhile may hit that moment by chance.
 */
static bool asked_once(const struct facts *f)
{
	return over(f) && f->end.has_side && !f->one_sided && f->missing == 0 &&
	       f->alive[f->end.side].unanswered == 1 && is_in_rhythm(f, f->end.side, ALIKE_SHARE);
}

/* Each question was acknowledged, so the path carried it, and the acknowledgment back. */
static bool is_mute(const struct facts *f)
{
	const struct fact_waiting *w = &f->waiting;
	bool repeated = w->any && w->side == f->end.side && w->repeats != 0;

	return over(f) && (asked_in_vain(f) || asked_once(f)) && !repeated && f->missing == 0;
}

static void weigh_questions(const struct facts *f, struct plea *p)
{
	enum side asker = f->end.side;
	const struct fact_alive *a = &f->alive[asker];

	plead(p, 20, a->last, f->end.mark,
	      "The %s asked %u times whether the %s lives, had no answer, and ended it.",
	      side_name(asker), a->unanswered, side_name(!asker));
	if (is_in_rhythm(f, asker, RHYTHM_SHARE))
		plead(p, 12, a->last, f->end.mark,
		      "It did so one interval after its last question: its timer ran out.");
	if (is_mute(f))
		plead(p, 4, a->last, NO_MARK,
		      "The %s's kernel acknowledged the questions: its host was there, its program mute.",
		      side_name(!asker));
}

static void weigh_question(const struct facts *f, struct plea *p)
{
	enum side asker = f->end.side;

	plead(p, 15, f->alive[asker].last, f->end.mark,
	      "The %s asked whether the %s lives, had no answer, and ended it after as long a silence again, as a timer does.",
	      side_name(asker), side_name(!asker));
}

/* It never showed that it gave up, because its FIN waits behind the question; the path shows. */
static void weigh_silence(const struct facts *f, struct plea *p)
{
	const struct fact_waiting *w = &f->waiting;
	const struct fact_alive *a = &f->alive[w->side];

	plead(p, 15, w->first, w->last,
	      "What the %s repeated in vain is the question whether the %s lives, asked after %d s of silence as before.",
	      side_name(w->side), side_name(!w->side), (int)(a->interval_ns / NS_PER_S));
	if (w->span_ns >= 3 * a->interval_ns)
		plead(p, 5, w->first, w->last,
		      "Three more were due since: its program has given up.");
}

static bool asks_in_vain(const struct facts *f)
{
	const struct fact_waiting *w = &f->waiting;

	return f->end.ending == ENDING_silent && w->any && !w->unheard && w->repeats >= 2 &&
	       f->alive[w->side].unanswered != 0 && f->alive[w->side].answered != 0 &&
	       f->alive[w->side].last.number == w->first.number &&
	       f->alive[w->side].last.input == w->first.input;
}

static void weigh(const struct facts *f, struct plea *p)
{
	if (over(f) && gave_up(f) && f->waiting.probe)
		weigh_probes(f, p);
	else if (over(f) && asked_in_vain(f))
		weigh_questions(f, p);
	else if (asked_once(f))
		weigh_question(f, p);
	else if (asks_in_vain(f))
		weigh_silence(f, p);
	else
		rule_out(p);
}

static enum who who_is(const struct facts *f)
{
	if (!is_mute(f))
		return WHO_NETWORK;
	return f->end.side == CLIENT ? WHO_SERVER : WHO_CLIENT;
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);
	bool probes = f->waiting.any && f->waiting.probe;
	enum side asker = over(f) ? f->end.side : f->waiting.side;
	bool mute = who_is(f) != WHO_NETWORK;

	detail(v, probes ? "tcp_keepalive" : asker == CLIENT ? "server_alive" : "client_alive");
	if (mute)
		settle(v, "What did the mute program wait for? Its host acknowledged everything.",
		       "ps -eo pid,stat,wchan:30,etime,cmd | grep -e sshd -e ' [DT] '");
	else
		settle(v, "Is the path there now, in both directions?",
		       "mtr --report --tcp --port %u %s", f->server.port, n.server_ip);
	settle_capture(
		f, v, asker == CLIENT ? WHERE_SERVER : WHERE_CLIENT,
		"Capture at the other end too: do the questions arrive, and the answers leave?");
	say(v,
	    "The %s of the SSH connection from %s to %s %s %s: it had asked %s whether the %s lives and heard nothing, because %s",
	    side_name(asker), n.client, n.server,
	    over(f) ? "gave up at" : "has had no answer since", n.when,
	    probes ? "by TCP keep-alive" : "again and again", side_name(!asker),
	    mute ? "the program there no longer answered though its host did" :
		   "the path between the two was dead");
}

const struct cause cause_keepalive_timeout = {
	.title = "a keepalive was not answered",
	.family = "network",
	.meaning = "One side asked whether the other was still there (ServerAliveInterval, ClientAliveInterval or TCP keep-alive), had no answer as often as it was told to ask, and closed. It is the victim: the other end or the path had gone before.",
	.decided = "By questions at equal intervals, recognised by size and rhythm, that stay without an answer, and by who closed after the last of them.",
	.mimics = "A user who gives up on a hanging session closes as well, but not after a whole number of intervals. A limit for idle sessions ends at a round time too, but there the other side still answers.",
	.who = WHO_NETWORK,
	.who_is = who_is,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Mend the path or the host that did not answer; the keepalive only reported it.",
		.why = "Who closes after unanswered keepalives is the victim: without them it would have waited for longer.",
		.step = {
			{ WHERE_NETWORK, "Loss that begins at one hop and stays is there:",
			  "mtr --report --report-cycles 20 --tcp --port 22 HOST" },
			{ WHERE_SERVER, "Was the host out of memory, its disk stuck, or the machine paused?",
			  "dmesg -T | tail -50; uptime; cat /proc/pressure/memory /proc/pressure/io" },
			{ WHERE_CLIENT, "To outlast short outages, in ~/.ssh/config:",
			  "ServerAliveInterval 15\nServerAliveCountMax 8" },
			{ WHERE_SERVER, "The same for the server, in /etc/ssh/sshd_config:",
			  "ClientAliveInterval 30\nClientAliveCountMax 6" },
		},
	},
};
