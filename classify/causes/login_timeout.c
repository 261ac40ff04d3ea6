/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The time for a login ran out (RFC 4252 section 4; sshd's LoginGraceTime): the server
 * closes first, without a word, in a silence, and at a whole number of seconds after it took the
 * connection, because a timer was set then. Nobody had logged in.
 *
 * Mimics: the process was killed (at any time), a proxy's idle limit (counted from the last word).
 */
#include "classify/inside.h"

/* From the SYN to the setting of the timer, with a look-up of the client's name; and its exactness. */
#define LATE_NS (700 * NS_PER_MS)

/* A shorter time is refused by nobody, but a person would not have the time to type. */
#define GRACE_LEAST_NS (5 * NS_PER_S)

/* sshd 9.8: "ujitter = arc4random_uniform(4 * 1000000)". */
#define JITTER_NS (4 * NS_PER_S)

/* 120 s: sshd, AsyncSSH, Apache MINA; 300 s: Dropbear; 600 s: recommended by RFC 4252 section 4. */
static const int64_t defaults_s[] = { 120, 300, 600 };

static bool is_within(int64_t age_ns, int64_t grace_s, int64_t more_ns)
{
	int64_t past_ns = age_ns - grace_s * NS_PER_S;

	return past_ns >= 0 && past_ns <= LATE_NS + more_ns;
}

static int64_t default_near(int64_t age_ns, int64_t more_ns)
{
	for (size_t i = 0; i < sizeof(defaults_s) / sizeof(defaults_s[0]); i++) {
		if (is_within(age_ns, defaults_s[i], more_ns))
			return defaults_s[i];
	}
	return 0;
}

static int64_t whole_s(int64_t age_ns, int64_t step_s)
{
	int64_t whole = age_ns / NS_PER_S / step_s * step_s;

	return is_within(age_ns, whole, 0) ? whole : 0;
}

/* The weight is by how rarely any moment falls there. */
static void weigh_age(const struct facts *f, struct plea *p)
{
	int64_t age_ns = f->end.after_ns;
	int64_t jitter_ns = f->ssh.jitters ? JITTER_NS : 0;
	int64_t s;

	if ((s = default_near(age_ns, 0)) != 0)
		plead(p, 22, f->syn_mark, f->end.mark,
		      "It had lasted %lld s, the usual time for a login.", (long long)s);
	else if (jitter_ns != 0 && (s = default_near(age_ns, jitter_ns)) != 0)
		plead(p, 14, f->syn_mark, f->end.mark,
		      "It had lasted the usual %lld s and up to four more, which this server leaves to chance.",
		      (long long)s);
	else if ((s = whole_s(age_ns, 30)) != 0)
		plead(p, 16, f->syn_mark, f->end.mark,
		      "It had lasted %lld s, whole half minutes, as times that people set do.",
		      (long long)s);
	else if ((s = whole_s(age_ns, 10)) != 0)
		plead(p, 11, f->syn_mark, f->end.mark, "It had lasted %lld s, a round number.",
		      (long long)s);
	else if ((s = whole_s(age_ns, 5)) != 0)
		plead(p, 7, f->syn_mark, f->end.mark, "It had lasted %lld s, a round number.",
		      (long long)s);
	else
		plead(p, -6, f->syn_mark, f->end.mark,
		      "It had not lasted a round number of seconds.");
}

static void weigh(const struct facts *f, struct plea *p)
{
	if (f->end.ending != ENDING_closed || !f->end.has_side || f->end.side != SERVER ||
	    f->one_sided || f->handshake == HANDSHAKE_MISSING ||
	    !f->ssh.has_identification[SERVER] || !is_before_login(f) ||
	    f->end.after_ns < GRACE_LEAST_NS || !parted_in_silence(f)) {
		rule_out(p);
		return;
	}
	plead(p, 3, f->last.server_mark, f->end.mark,
	      "The server closed before a login, with nothing said that it could have closed on.");
	weigh_age(f, p);
	/* What the client or the server had to say never arrived: then that is the reason. */
	if (f->waiting.any && f->waiting.repeats >= 2)
		plead(p, -12, f->waiting.first, f->waiting.last,
		      "The %s was repeating itself in vain all the while.",
		      side_name(f->waiting.side));
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);

	settle_server_log(f, v, "The server's log says so.",
			  "grep -i 'timeout before authentication'");
	settle(v, "What is set on the server?", "sshd -T | grep -i logingracetime");
	say(v,
	    "The SSH server %s ended the connection from %s at %s because nobody had logged in %s after it began, when the time for a login was over",
	    n.server, n.client, n.when, n.age);
}

const struct cause cause_login_timeout = {
	.title = "the time for a login ran out",
	.family = "other",
	.meaning = "Nobody had logged in when the server's time for that ran out (LoginGraceTime).",
	.decided = "By a close of the server, before a login, a round time after it accepted the connection: 120 s unless it was configured.",
	.mimics = "A user who needs long for a password and is cut off by something else near that time. An idle limit of a proxy: that counts from the last word, not from the beginning.",
	.who = WHO_SERVER,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Log in sooner, or allow more time with LoginGraceTime.",
		.why = "sshd frees the place of a connection that has not logged in after that time, 120 s if nothing is set.",
		.step = {
			{ WHERE_CLIENT, "Is it a scanner, a health check, or a script that waits for a password?",
			  "ssh -o BatchMode=yes -v HOST true" },
			{ WHERE_SERVER, "What is set?", "sshd -T | grep -i logingracetime" },
			{ WHERE_SERVER, "Is the login itself slow (names, PAM, a directory)?",
			  "journalctl -u ssh -u sshd --since -1h | grep -i -e pam -e 'timed out'" },
			{ WHERE_SERVER, "More time, in /etc/ssh/sshd_config:", "LoginGraceTime 240" },
		},
	},
};
