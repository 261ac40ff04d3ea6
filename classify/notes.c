/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the logs of those who took part say for a cause, and of who sent the reset.
 *
 * A rule that finds none of its signs in the packets rules its cause out. That is lifted when somebody
 * who must know says it outright: then the words of the verdict are that one's, as the rule has none.
 */
#include <string.h>

#include "classify/inside.h"

/* What is left of EVIDENCE_TEXT_MAX beside the longest name of a process. */
#define QUOTE_MAX 130

/* From here on a line stands for itself. */
#define DECISIVE 25

/* Clocks are compared to about a second, and a program may have to wait before it can log. */
#define NEAR_NS (5 * NS_PER_S)

enum when { WHEN_ALWAYS, WHEN_BEFORE, WHEN_NEAR };

struct rule {
	enum note_kind kind;
	enum note_tie tie;
	enum when when;
	enum cause_id cause;
	int decibans;
	const char *detail;
};

static const struct rule rules[] = {
#define NOTE_RULE(kind, tie, when, cause, decibans, detail)                                        \
	{ NOTE_##kind, TIE_##tie, WHEN_##when, CAUSE_##cause, decibans, detail },
#include "classify/note_rules.def"
#undef NOTE_RULE
};

static const struct {
	enum note_kind kind;
	int decibans;
} senders[] = {
#define NOTE_SENDER(kind, decibans) { NOTE_##kind, decibans },
#include "classify/note_senders.def"
#undef NOTE_SENDER
};

/* ---- words ---- */

struct words {
	char at[EVIDENCE_TEXT_MAX];
};

static void add_quote(struct text *t, const struct note *note, bool hidden)
{
	char printable[4 * NOTE_TEXT_MAX + 5];
	struct text p = text_in(printable, sizeof(printable));

	text_add_wire(&p, note->text, note->text_len);
	if (hidden) {
		text_add(t, "that %s", note_words(note->kind));
		return;
	}
	text_add(t, "\"");
	quote_add(t, printable, QUOTE_MAX);
	text_add(t, "\"");
}

static void add_speaker(struct text *t, const struct noted *n)
{
	text_add_wire(t, n->note->process, strlen(n->note->process));
	if (n->note->pid != 0)
		text_add(t, "[%u]", n->note->pid);
	if (n->side != NOTE_OF_PATH)
		text_add(t, " on the %s", n->side == NOTE_OF_CLIENT ? "client" : "server");
}

/* sshd[812] on the server said "Timeout, client not responding from ..." */
static struct words words_of(const struct facts *f, const struct noted *n)
{
	struct words w;
	struct text t = text_in(w.at, sizeof(w.at));

	add_speaker(&t, n);
	text_add(&t, " said ");
	add_quote(&t, n->note, f->noted->hidden);
	return w;
}

/* ---- weights ---- */

static bool is_near(const struct facts *f, const struct noted *n)
{
	int64_t before_ns = clock_minus(f->end.time_ns, n->time_ns);

	return before_ns <= NEAR_NS + n->note->exact_ns && before_ns >= -NEAR_NS;
}

/* What came after it was not sent because of it. */
static bool is_before(const struct facts *f, const struct noted *n)
{
	int64_t latest_ns = n->time_ns + n->note->exact_ns + NEAR_NS;

	return latest_ns < f->last_ns && latest_ns < f->end.time_ns;
}

static bool holds(const struct rule *r, const struct facts *f, const struct noted *n)
{
	if (n->note->kind != r->kind || n->tie < r->tie)
		return false;
	if (r->when == WHEN_BEFORE)
		return is_before(f, n);
	return r->when == WHEN_ALWAYS || is_near(f, n);
}

/* The heaviest of one sign that holds for a cause, and the line that it holds of. */
static const struct rule *heaviest(enum cause_id cause, const struct facts *f, int sign,
				   const struct noted **line)
{
	const struct rule *best = NULL;

	for (size_t i = 0; f->noted != NULL && i < sizeof(rules) / sizeof(rules[0]); i++) {
		const struct rule *r = &rules[i];

		if (r->cause != cause || sign * r->decibans < 0 ||
		    (best != NULL && sign * r->decibans <= sign * best->decibans))
			continue;
		for (uint8_t k = 0; k < f->noted->count; k++) {
			if (!holds(r, f, &f->noted->at[k]))
				continue;
			best = r;
			*line = &f->noted->at[k];
			break;
		}
	}
	return best;
}

void weigh_notes(enum cause_id cause, const struct facts *f, struct plea *p)
{
	const struct noted *line = NULL;

	if (f->noted == NULL || f->noted->count == 0)
		return;
	for (int sign = 1; sign >= -1; sign -= 2) {
		const struct rule *r = heaviest(cause, f, sign, &line);

		if (r == NULL)
			continue;
		if (r->decibans >= DECISIVE && p->ruled_out) {
			p->ruled_out = false;
			p->by_note = true;
		}
		plead(p, r->decibans, NO_MARK, NO_MARK, "%s.",
		      p->silent ? "" : words_of(f, line).at);
	}
}

/* A line is of one end: it speaks of a reset that claims to be from there. */
static bool is_of_sender(const struct facts *f, const struct noted *n)
{
	return n->side == (f->reset.from == CLIENT ? NOTE_OF_CLIENT : NOTE_OF_SERVER) &&
	       n->tie >= TIE_ADDRESS && is_near(f, n);
}

void weigh_senders(const struct facts *f, struct plea *p)
{
	const struct noted *line = NULL;
	int decibans = 0;

	for (uint8_t k = 0; f->noted != NULL && k < f->noted->count; k++) {
		const struct noted *n = &f->noted->at[k];

		for (size_t i = 0; is_of_sender(f, n) && i < sizeof(senders) / sizeof(senders[0]);
		     i++) {
			if (senders[i].kind == n->note->kind &&
			    (line == NULL || senders[i].decibans > decibans)) {
				decibans = senders[i].decibans;
				line = n;
			}
		}
	}
	if (line != NULL)
		plead(p, decibans, NO_MARK, NO_MARK, "%s.", p->silent ? "" : words_of(f, line).at);
}

/* ---- the verdict's words ---- */

void tell_notes(const struct facts *f, struct verdict *v, bool alone)
{
	const struct noted *line = NULL;
	const struct rule *r = heaviest(v->cause, f, 1, &line);
	struct names n = names_of(f);
	struct text t;

	if (r == NULL || r->decibans < DECISIVE)
		return;
	if (r->detail[0] != '\0')
		detail(v, r->detail); /* who knows which limit it was says more than packets do */
	if (alone) {
		say(v, "The SSH connection from %s to %s ended at %s (%s): %s", n.client, n.server,
		    n.when, cause_title(v->cause), words_of(f, line).at);
		return;
	}
	t = (struct text){ v->sentence, sizeof(v->sentence), strlen(v->sentence) };
	text_add(&t, "; %s", words_of(f, line).at);
}
