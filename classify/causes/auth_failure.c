/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Nobody was let in. What is asked and refused is encrypted; the sizes of the refusals tell, and who
 * acts on the last one. A client without another key or password to offer leaves at once when it is
 * refused: OpenSSH and Dropbear without a word, PuTTY with a DISCONNECT. A server that has had enough
 * (MaxAuthTries) closes with its last answer, or in its place.
 *
 * Mimics: a person who leaves the prompt for the password (later, and of his own accord), sshd's
 * LoginGraceTime (in a silence), a login whose success was not seen.
 */
#include "classify/inside.h"

/* PAM thinks about two seconds over each wrong password; ours is the time for a slow one. */
#define VERDICT_NS (6 * NS_PER_S)

/* Acceptance of the service, the methods that are offered, one more refusal. */
#define ANSWERS_LEAST 3

/* The server may say something longer in the end: its DISCONNECT. */
static void weigh_refusals(const struct facts *f, struct plea *p)
{
	if (f->ssh.refusals_counted && f->ssh.refusals != 0)
		plead(p, f->ssh.refused_last || f->end.side == SERVER ? 10 : 5, f->last.server_mark,
		      NO_MARK,
		      "At least %u of the server's answers have the size of a refusal, none that of a success.",
		      f->ssh.refusals);
	else
		plead(p, 5, f->last.server_mark, NO_MARK,
		      "None of the server's answers has the size of a success.");
}

static void weigh_client(const struct facts *f, struct plea *p)
{
	weigh_refusals(f, p);
	if (parted_at_once(f))
		plead(p, 12, f->last.server_mark, f->end.mark,
		      "The client left at once on the last of them, as one that has nothing else to offer.");
	else
		plead(p, f->ssh.refusals != 0 ? -2 : -8, f->last.server_mark, f->end.mark,
		      "The client took its time to leave, as a person does.");
}

/* The server's last word may come with its FIN; or it closes on the request. */
static void weigh_server(const struct facts *f, struct plea *p)
{
	if (parted_in_silence(f) && f->last.thought_ns[SERVER] > VERDICT_NS) {
		rule_out(p);
		return;
	}
	weigh_refusals(f, p);
	plead(p, 8, f->last.client_mark, f->end.mark,
	      "The server closed on the client's last attempt, as it does after too many.");
}

static void weigh(const struct facts *f, struct plea *p)
{
	bool over = f->end.ending == ENDING_closed || f->end.ending == ENDING_reset;

	if (!over || !f->end.has_side || f->one_sided || gave_up(f) ||
	    f->ssh.phase != SSH_PHASE_AUTH || !is_before_login(f) || f->reset.any ||
	    f->ssh.encrypted[SERVER] < ANSWERS_LEAST - 1) {
		rule_out(p);
		return;
	}
	if (f->end.side == CLIENT)
		weigh_client(f, p);
	else if (f->ssh.encrypted[SERVER] < ANSWERS_LEAST)
		rule_out(p);
	else
		weigh_server(f, p);
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);

	settle_server_log(
		f, v, "The server's log names the user, the method and the reason of each refusal.",
		"grep -i -e failed -e invalid -e maximum");
	if (f->end.side == SERVER) {
		detail(v, "too_many_failures");
		say(v,
		    "The SSH server %s ended the connection from %s at %s, because no login had succeeded and it allows no more attempts",
		    n.server, n.client, n.when);
		return;
	}
	say(v,
	    "The client %s left the SSH server %s at %s without a login: the server had refused all that it offered (\"Permission denied\")",
	    n.client, n.server, n.when);
}

const struct cause cause_auth_failure = {
	.title = "no login succeeded",
	.family = "other",
	.meaning = "The server refused all that the client offered to prove who it is, and one of them ended the attempt.",
	.decided = "By answers with the size of a refusal before any session, and an end right after the last of them.",
	.mimics = "A user who gives up at the password prompt (client_abort): then time passes in between. Guessing bots look like this by the thousand. The content is encrypted: sizes and order are all there is.",
	.who = WHO_COUNT,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Give the client a key or password that the server accepts for that user.",
		.why = "The network and the server were well: the connection ended because nobody was let in.",
		.step = {
			{ WHERE_CLIENT, "What is offered, and what does the server say to it?",
			  "ssh -v HOST 2>&1 | grep -i -e 'offering' -e 'authentications' -e denied" },
			{ WHERE_SERVER, "Why was it refused?",
			  "journalctl -u ssh -u sshd | grep -i -e failed -e invalid -e 'not allowed'" },
			{ WHERE_SERVER, "What is asked of this user?",
			  "sshd -T -C user=USER,addr=CLIENT_ADDRESS,host=x | grep -i -e auth -e allow -e deny" },
			{ WHERE_CLIENT, "With many keys in the agent, offer only the right one, in ~/.ssh/config:",
			  "Host HOST\n    IdentitiesOnly yes\n    IdentityFile ~/.ssh/KEY" },
		},
	},
};
