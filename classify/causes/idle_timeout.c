/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A NAT, firewall or balancer forgot the connection while nobody spoke. Four manners: a reset to the
 * next segment, a reset of both ends at the deadline, silence to everything from then on, or, of a
 * proxy, a FIN at the deadline.
 *
 * What counts is the silence before the first segment that had no normal answer; retransmissions sit
 * between that and the end. The expiry itself leaves nothing, so the silence is at least the limit.
 */
#include "classify/inside.h"

/* A silence that a probe broke was measured by the prober's timer: near to a limit by chance. */
static bool is_probe(const struct facts *f)
{
	return f->silence.broken && f->waiting.any && f->waiting.len == 0;
}

/* An idle limit lies between the silences that are survived on a path, and those that are not. */
#define SAME_LIMIT_PERCENT 10

static void weigh_brackets(const struct facts *f, struct plea *p)
{
	const struct lessons *l = &f->lessons;
	char span[24];
	struct text t = text_in(span, sizeof(span));

	if (l->silence_survived_ns >= f->silence.ns) {
		clock_add_span(&t, l->silence_survived_ns);
		plead(p, -10, f->silence.to, l->silence_survived_mark,
		      "Another connection of this client to the server survived a silence of %s.",
		      span);
	} else if (l->silence_killed_ns != 0 &&
		   l->silence_killed_ns <= f->silence.ns / 100 * (100 + SAME_LIMIT_PERCENT)) {
		clock_add_span(&t, l->silence_killed_ns);
		plead(p, l->silence_survived_ns != 0 ? 7 : 4, f->silence.to, l->silence_killed_mark,
		      "Another connection of this client to the server broke at a silence of %s%s.",
		      span, l->silence_survived_ns != 0 ? ", and a shorter one did no harm" : "");
	}
}

static void weigh_silence(const struct facts *f, struct plea *p)
{
	char near[256];
	struct names n = names_of(f);
	struct mark from = f->silence.from, to = f->silence.to;

	plead(p, f->silence.ns >= IDLE_COMMON_NS ? 6 : 0, from, to,
	      "Nobody had spoken for %s, from frame %u to frame %u.", n.silence, from.number,
	      to.number);
	timers_near(f->silence.ns, near, sizeof(near));
	if (f->silence.survived_ns >= f->silence.ns)
		plead(p, -20, NO_MARK, NO_MARK,
		      "Earlier on it had survived a silence at least as long.");
	else if (near[0] != '\0' && !is_probe(f) && f->end.ending != ENDING_closed)
		plead(p, 5, from, to, "%s is just over %s.", n.silence, near);
	weigh_brackets(f, p);
}

/*
 * Who made the reset is known no better than its marks tell: the weight follows them, to either side.
 * Even the host's own kernel may answer because of a device: one that sent the segment on under
 * another port, or to another server.
 */
static int weight_of_origin(const struct facts *f)
{
	int weight = 3 - f->origin.host_decibans;

	if (weight < -12)
		return -12;
	return weight < 15 ? weight : 15;
}

static const char *words_of_origin(const struct facts *f)
{
	if (f->origin.who == WHO_MIDDLEBOX)
		return "The reset was made by a device on the path, which forgot the connection in the meantime.";
	if (f->origin.who == WHO_UNKNOWN)
		return "The reset after the silence may be a device's, which forgot the connection.";
	return "The reset has the marks of the host itself, which may have restarted in the meantime.";
}

static void weigh_reset(const struct facts *f, struct plea *p)
{
	if (f->reset.fit == RESET_FIT_OUTSIDE) {
		rule_out(p);
		return;
	}
	if (f->origin.kind == KIND_SOCKET && f->silence.broken)
		plead(p, -25, f->reset.mark, NO_MARK,
		      "The reset came from a socket: the connection was not forgotten.");
	else if (f->origin.kind == KIND_SOCKET) /* a proxy ends what is idle by its own socket */
		plead(p, -12, f->reset.mark, NO_MARK,
		      "The reset came from a socket, which a device has only when it is a proxy.");
	else
		plead(p, weight_of_origin(f), f->reset.mark, NO_MARK, "%s", words_of_origin(f));
	if (f->reset.both_ways)
		plead(p, 10, f->reset.mark, f->reset.both_mark,
		      "Both ends were reset at once, as balancers do at the deadline.");
}

static void weigh_drop(const struct facts *f, struct plea *p)
{
	bool client_waits = f->waiting.side == CLIENT;

	if (!f->silence.broken || (f->end.ending != ENDING_silent && !gave_up(f))) {
		rule_out(p);
		return;
	}
	/* A client may be switched off or asleep; a server that is gone has other signs. */
	plead(p,
	      !client_waits ? -1 :
	      is_probe(f)   ? 2 :
			      6,
	      f->waiting.first, f->waiting.last,
	      "What the %s sent after the silence was never answered, nor %u repeats of it.",
	      side_name(f->waiting.side), f->waiting.repeats);
	if (!client_waits) /* other connections tell of the server, not of this client */
		return;
	if (f->lessons.accepted_after != 0)
		plead(p, 12, f->lessons.accepted_after_mark, NO_MARK,
		      "A new connection to the same server worked afterwards: host and path were well.");
	else if (f->lessons.alive_after != 0)
		plead(p, 10, NO_MARK, NO_MARK,
		      "Another connection to the same server went on meanwhile.");
}

/* Who hung up: nobody had spoken, and no segment of its own had just asked for it. */
static bool was_hung_up(const struct facts *f)
{
	return f->end.ending == ENDING_closed && f->end.has_side && !f->one_sided &&
	       !f->silence.broken && !gave_up(f);
}

/* A timer and the packet that it sends are this exact. */
#define EXACT_NS NS_PER_S

/* On the second of a limit that some device has. */
static bool is_at_a_limit(int64_t silence_ns)
{
	const struct idle_timer *timer;

	for (size_t i = 0; (timer = idle_timer(i)) != NULL; i++) {
		int64_t past_ns = silence_ns - timer->seconds * NS_PER_S;

		if (past_ns >= 0 && past_ns <= EXACT_NS)
			return true;
	}
	return is_by_the_clock(silence_ns);
}

/*
 * A proxy closes what is idle with a FIN, to both sides; it has the address of the side that it stands
 * for. Its timer is exact. So are those of SSH servers, which end idle sessions themselves and more
 * often stand there alone: with a FIN of the server this is one guess of several. A client has no such
 * timer, but a user who leaves at any time.
 */
static void weigh_hang_up(const struct facts *f, struct plea *p)
{
	if (is_at_a_limit(f->silence.ns))
		plead(p, 8, f->silence.from, f->end.mark,
		      "The %s closed after a silence of %s, as round as the timer of a proxy.",
		      side_name(f->end.side), names_of(f).silence);
	else
		plead(p, -8, f->silence.from, f->end.mark,
		      "The %s closed after a silence that no timer measured.",
		      side_name(f->end.side));
	if (f->end.side == CLIENT && f->near[CLIENT])
		plead(p, -5, f->end.mark, NO_MARK,
		      "No router lies between the capture and who sent the FIN: it may be the client itself.");
	if (f->end.side == SERVER)
		plead(p, -20, f->end.mark, NO_MARK,
		      "The server may have an idle limit of its own, which looks the same.");
}

static void weigh(const struct facts *f, struct plea *p)
{
	bool dropped = f->end.ending == ENDING_silent || gave_up(f);

	if (f->silence.ns < IDLE_LEAST_NS ||
	    (f->end.ending != ENDING_reset && !dropped && !was_hung_up(f))) {
		rule_out(p);
		return;
	}
	if (dropped)
		weigh_drop(f, p);
	else if (f->end.ending == ENDING_reset)
		weigh_reset(f, p);
	else
		weigh_hang_up(f, p);
	if (!p->ruled_out)
		weigh_silence(f, p);
	if (!p->ruled_out && f->end.ending == ENDING_reset && !dropped &&
	    f->lessons.accepted_after != 0)
		plead(p, 4, f->lessons.accepted_after_mark, NO_MARK,
		      "A new connection to the same server worked afterwards.");
}

static void settle_it(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);
	long long seconds = (long long)(f->silence.ns / NS_PER_S);

	settle_capture(
		f, v, WHERE_SERVER,
		"Capture at the server at the same time: if what ended the connection here is not seen there, a device in between did it.");
	settle(v,
	       "Stay idle for less and for longer than this silence: the limit lies between the last that lives and the first that does not.",
	       "for s in %lld %lld; do ssh -o ServerAliveInterval=0 -o TCPKeepAlive=no -p %u %s \"sleep $s\" && echo \"$s s: lives\"; done",
	       seconds * 4 / 5, seconds * 11 / 10, f->server.port, n.server_ip);
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);

	settle_it(f, v);
	if (f->end.ending == ENDING_silent || gave_up(f)) {
		detail(v, "silent_drop");
		say(v,
		    "A device on the path between %s and %s had forgotten their SSH connection during %s of silence and dropped everything the %s sent from %s on",
		    n.client, n.server, n.silence, side_name(f->waiting.side), n.when);
	} else if (f->end.ending == ENDING_closed) {
		detail(v, "closed_at_expiry");
		say(v,
		    "A proxy on the path hung up the SSH connection from %s to %s at %s, in the name of the %s, after %s of silence: its idle limit ran out",
		    n.client, n.server, n.when, side_name(f->end.side), n.silence);
	} else if (f->reset.both_ways || !f->silence.broken) {
		detail(v, "reset_at_expiry");
		say(v,
		    "A device on the path reset %s of the SSH connection from %s to %s at %s, after %s of silence: its idle limit ran out",
		    f->reset.both_ways ? "both ends" : "one end", n.client, n.server, n.when,
		    n.silence);
	} else {
		detail(v, "reset_on_next");
		say(v,
		    "A device on the path between %s and %s had forgotten their SSH connection during %s of silence, and the %s's next segment was answered with a reset at %s%s",
		    n.client, n.server, n.silence, side_name(!f->reset.from), n.when,
		    f->origin.who != WHO_MIDDLEBOX ? "" :
		    f->reset.from == SERVER        ? "; the server did not send it" :
						     "; the client did not send it");
	}
}

const struct cause cause_idle_timeout = {
	.title = "an idle limit of a device on the path",
	.family = "middlebox_idle_timeout",
	.meaning = "A NAT, firewall or load balancer on the path keeps a table of connections and forgot this one, because nobody had spoken for longer than its limit. Neither end chose to end it.",
	.decided = "By the silence before the first segment that had no normal answer, and by what happened then: a reset from something that is not the host, resets to both ends at the deadline, or no answer to anything any more. It gains when a new connection to the same server works at once, and loses when this one had survived a longer silence before. That the silence is near to a known limit counts a little: it agrees with such a device, it does not prove one.",
	.mimics = "A server that restarted while nobody spoke: its kernel resets the next segment too. A client that slept: it comes back after any time. A path that broke during the silence: then new connections fail as well.",
	.who = WHO_MIDDLEBOX,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Let SSH send a keep-alive well before the idle limit of the device.",
		.why = "Each keep-alive is traffic: the device starts its clock anew and keeps the connection in its table.",
		.step = {
			{ WHERE_CLIENT, "For all hosts behind that device, in ~/.ssh/config:",
			  "Host *\n    ServerAliveInterval 30\n    ServerAliveCountMax 3" },
			{ WHERE_SERVER, "Or for all clients at once, in /etc/ssh/sshd_config; then check and reload:",
			  "ClientAliveInterval 30\nClientAliveCountMax 3" },
			{ WHERE_SERVER, "A mistake there locks everybody out, so check before the reload:",
			  "sshd -t && systemctl reload ssh" },
			{ WHERE_NETWORK, "If the device is a Linux firewall, see how long it remembers:",
			  "sysctl net.netfilter.nf_conntrack_tcp_timeout_established" },
			{ WHERE_NETWORK, "Else raise the idle timeout for TCP port 22 on the device, or let it reset at expiry so that both ends learn of it.",
			  "" },
		},
	},
};
