/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of classify/ share: how a rule pleads for its cause. */
#ifndef CLASSIFY_INSIDE_H
#define CLASSIFY_INSIDE_H

#include "base/clock.h"
#include "base/text.h"
#include "classify/facts.h"
#include "classify/verdict.h"

/* More than any rule has to say: what is not kept would still count, and could not be redone. */
#define PLEA_EVIDENCE_MAX 14

/*
 * All that speaks for and against one cause. A silent one is only a sum: words are for the cause that
 * has won, and to write those of all would cost ten times what weighing them does.
 */
struct plea {
	int decibans;
	bool ruled_out, silent;
	bool by_note;            /* it was ruled out, but for a line of a log */
	uint8_t evidences;
	struct evidence evidence[PLEA_EVIDENCE_MAX];
};

/* Empties it. What it has room for is not touched: there are many of them for each connection. */
static inline void plea_begin(struct plea *p)
{
	p->decibans = 0;
	p->ruled_out = p->silent = p->by_note = false;
	p->evidences = 0;
}

/* One piece of evidence with up to two frames; a mark of number 0 is no frame. */
__attribute__((format(printf, 5, 6))) void plead(struct plea *, int decibans, struct mark,
						 struct mark, const char *format, ...);

/* What was seen cannot come from this cause. */
void rule_out(struct plea *);

#define NO_MARK ((struct mark){ 0, 0 })

/*
 * One file of causes/ each. who WHO_COUNT: whoever the marks of the last packet point to. weigh()
 * pleads; tell() is asked of the winner only and writes detail, sentence (without its last dot) and
 * settle[].
 */
struct cause {
	const char *title, *family;
	/* For `rstscope explain`: what it is, by which signs it is told, and what looks like it. */
	const char *meaning, *decided, *mimics;
	enum who who;
	enum who (*who_is)(const struct facts *); /* in place of who, where facts decide; or NULL */
	void (*weigh)(const struct facts *, struct plea *);
	void (*tell)(const struct facts *, struct verdict *);
	struct remedy remedy;
};

#define CAUSE(id, prior) extern const struct cause cause_##id;
#include "classify/causes.def"
#undef CAUSE

const struct cause *cause_of(enum cause_id);

/* facts_reset.c, facts_ssh.c: the parts of facts_of() about resets and about SSH. */
void facts_of_resets(const struct conn *, struct facts *);
/* facts_silence.c: what was never answered, and where the capture stands; after the end. */
void facts_of_silence(const struct conn *, struct facts *);
void facts_of_ssh(const struct conn *, struct facts *);

/* who.c: fills facts->origin and pleads for who it is. */
void who_ended(struct facts *, struct plea *);

/* who_reset.c: all that the ending reset says for or against its host. */
void weigh_marks(struct facts *, struct plea *);

/* shape.c: the kind of the ending reset, and what it says for its host. */
void weigh_shape(struct facts *, struct plea *);
/* What a TTL was when it left: 32, 64, 128 or 255. */
int initial_ttl(int ttl);

/*
 * Rules state the least that a sign is worth, each as if its worst mimic were common. On connections
 * whose truth is known the odds proved too low by a power of three halves, whatever the cause: so many
 * decibans make a cause ten times likelier, and not ten (docs/verdict.md).
 */
#define TENFOLD (20.0 / 3)

/* why.c: weighs all causes, fills the verdict but for its words. */
void why_ended(const struct facts *, struct verdict *);
/* Marks of the reset speak for the host; when a device is named they count the other way: -1. */
int sign_of_who(const struct verdict *, const struct facts *);

/* words.c: adds the words; fills facts->origin on the way. */
void put_in_words(struct facts *, struct verdict *);

/* why.c: what a cause pleads, and what the logs say for it. */
void weigh_with_notes(enum cause_id, const struct facts *, struct plea *);

/* notes.c: the lines of logs that speak for or against a cause, after its own rule. */
void weigh_notes(enum cause_id, const struct facts *, struct plea *);
/* The same for the host that the ending reset names. */
void weigh_senders(const struct facts *, struct plea *);
/* Adds a line that decided; alone: in place of the words of the cause, which has seen nothing. */
void tell_notes(const struct facts *, struct verdict *, bool alone);

/* sentence.c: the end of the sentence, and the frames that belong to it. */
void finish_sentence(struct verdict *);

/* why.c: the whole verdict from facts, words and all; fills facts->origin on the way. */
void judge(struct facts *, struct verdict *);

/* doubt.c: the chance that the capture does not mislead; and the posteriors, less what it may. */
double capture_trust(const struct facts *);
void doubt_capture(const struct facts *, double p[CAUSE_COUNT]);

/* limits.c: what this capture cannot show. */
void limits_of(const struct facts *, struct verdict *);

/* ---- problem.c: what is wrong with the SSH of it ---- */

enum problem {
	PROBLEM_NONE,
	PROBLEM_MISMATCH,    /* no common algorithm */
	PROBLEM_VERSION,
	PROBLEM_NOT_SSH,
	PROBLEM_STRICT,      /* more than the key exchange where nothing else is allowed */
	PROBLEM_TOO_LONG,    /* an identification */
	PROBLEM_MALFORMED,
	PROBLEM_SAID_SO,     /* in a DISCONNECT */
	PROBLEM_OUT_OF_TURN,
	PROBLEM_DAMAGED,     /* a length that no packet has */
	PROBLEM_SUSPECTED,   /* damage, by the way the client leaves */
};

enum problem problem_of(const struct facts *);
/* Whose words are at fault. */
enum side problem_culprit(const struct facts *, enum problem);
/* A server's text that complains of the other's protocol. */
bool notice_is_complaint(const struct fact_ssh *);

/* ---- words ---- */

/* Row of notices.def that a text begins with, or -1; its columns. */
int notice_of(const char *text, size_t len);
enum cause_id notice_cause(int row);
const char *notice_detail(int row);
const char *notice_source(int row);

/* Ends and times as a sentence needs them. */
struct names {
	char client[56], server[56]; /* "192.0.2.1:51234", "[2001:db8::1]:22" */
	char client_ip[48], server_ip[48];
	char when[32];               /* of the end */
	char silence[24];
	char age[24];                /* of the connection at its end */
};

struct names names_of(const struct facts *);

/* The beginning of a text made printable, for a sentence: whole words and escapes, the cut is told. */
struct quote {
	char at[96];
};

struct quote quote_of(const char *printable);
/* The same with a length of its own. */
void quote_add(struct text *, const char *printable, size_t most);
const char *side_name(enum side);

__attribute__((format(printf, 2, 3))) void say(struct verdict *, const char *format, ...);
void detail(struct verdict *, const char *);
/* Another observation that would settle it; command "" when there is none. */
__attribute__((format(printf, 3, 4))) void settle(struct verdict *, const char *text,
						  const char *command, ...);

/* settle.c: the same with words of its own, for what many causes ask for. */
/* A capture at one end, written to client.pcap or server.pcap. */
void settle_capture(const struct facts *, struct verdict *, enum where, const char *words);
/* The journal around the end, of some units (" -u NAME...", "" for all), through a filter or "". */
void settle_log(const struct facts *, struct verdict *, const char *words, const char *units,
		const char *filter);
/* That of the server's sshd; nothing, when it was given and has been quoted. */
void settle_server_log(const struct facts *, struct verdict *, const char *words,
		       const char *filter);

/* ---- idle timers ---- */

/* "a limit of 350 s, as AWS NAT gateway has", of rows just below the silence; "" when none is. */
void timers_near(int64_t silence_ns, char *out, size_t size);

/* ---- signs.c: what several rules read from the facts ---- */

/* From here on idle limits of devices are common; idle_timers.def has few rows below. */
#define IDLE_COMMON_NS (240 * NS_PER_S)

/*
 * A router keeps a segment for a host that it cannot find while it asks for it: with Linux three times,
 * a second apart. What comes back within that is answered late.
 */
#define ROUTER_HOLDS_NS (3 * NS_PER_S)

/* Who ended it had repeated itself without an answer: it is the victim of what happened before. */
bool gave_up(const struct facts *);
/* It asked whether the other lives, twice at least, had no answer, and ended it: without a goodbye. */
bool asked_in_vain(const struct facts *);
/* No router between capture and server, and one to the client: what is seen from it got that far. */
bool beside_server(const struct facts *);
/* The client's last words have the size of a DISCONNECT, and the end came with them. */
bool said_goodbye(const struct facts *);
/* Nobody had said anything for a while when this side ended it; or it did so on the other's words. */
bool parted_in_silence(const struct facts *);
bool parted_at_once(const struct facts *);
/* It got no further than SYN and SYN-ACK. A capture that lacks one of them is no reason to say so. */
bool is_half_open(const struct facts *f);
/* No login was seen, where one would have been. */
bool is_before_login(const struct facts *);
/* The server's kernel took the connection, and no program said a word before the end. */
bool server_is_mute(const struct facts *);
/* In the middle of the login the client's last words were left without an answer. */
bool client_is_unheard(const struct facts *);
/* Mute as above, and the server's side ended it. */
bool server_ends_mute(const struct facts *);
/* The silence is a whole number of half minutes: a timer ended it, no person and no accident. */
bool is_by_the_clock(int64_t silence_ns);
/* The reset has the DSCP of what it answers: a kernel made it, of whichever machine. */
bool dscp_is_copied(const struct fact_reset *);
/* Both ends speak, neither speaks SSH, and they part in order: the port carries something else. */
bool is_other_protocol(const struct facts *);

/* ---- server_signs.c: what happened at the server ---- */

/* Its FIN came first; a socket of it sent the ending reset. */
bool server_closed(const struct facts *);
bool server_socket_reset(const struct facts *);
/*
 * Pleads that the process of this session went away, whatever took it: true when the end has one of
 * the two forms that a kernel gives it.
 */
bool session_lost_process(const struct facts *, struct plea *);
/* Pleads that something ended all of them: others went in the same moment. */
void plead_together(const struct facts *, struct plea *);
/* The ending reset says that its sender has no such connection, and nothing says that it lies. */
bool was_unknown(const struct facts *);
/* Pleads for that by its form, and against it when that side had spoken just before. */
void plead_unknown(const struct facts *, struct plea *);
/* From the last sign of the server on this connection on, the host was looked for and not found. */
bool host_was_missed(const struct facts *, struct mark *);

#endif
