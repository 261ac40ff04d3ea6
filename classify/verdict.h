/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the classify room hands on: who ended a connection, why, how sure we are, and what shows it.
 *
 * A value: no pointers but to const tables. Texts are ASCII sentences of ours; what they quote from
 * the wire is already made printable, so they need only the escaping of their format.
 *
 * Weights are decibans (10 = ten times likelier): integers, so that a reader can redo the sum.
 */
#ifndef CLASSIFY_VERDICT_H
#define CLASSIFY_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/frame.h"

/* The machine that ended it. Words: who_name(). */
enum who { WHO_CLIENT, WHO_SERVER, WHO_MIDDLEBOX, WHO_NETWORK, WHO_NONE, WHO_UNKNOWN, WHO_COUNT };

enum sure { SURE_CERTAIN, SURE_LIKELY, SURE_POSSIBLE, SURE_UNEXPLAINED };

/* Rows of causes.def, e.g. CAUSE_idle_timeout. */
enum cause_id {
#define CAUSE(id, prior) CAUSE_##id,
#include "classify/causes.def"
#undef CAUSE
	CAUSE_COUNT,
};

enum where { WHERE_CLIENT, WHERE_SERVER, WHERE_NETWORK };

struct remedy_step {
	enum where where;
	const char *text;
	const char *command; /* ready to run, or a configuration line; "" when there is none */
};

#define REMEDY_STEPS_MAX 5

/* What to do about it, for the person with the ticket. */
struct remedy {
	const char *text; /* one sentence: what to change */
	const char *why;  /* one sentence: why that works */
	struct remedy_step step[REMEDY_STEPS_MAX]; /* ends at the first without text */
};

#define EVIDENCE_TEXT_MAX 256
#define EVIDENCE_MARKS_MAX 4

/* The two questions: each has evidence and a sum of its own. */
enum about { ABOUT_WHY, ABOUT_WHO };

struct evidence {
	char text[EVIDENCE_TEXT_MAX];
	int decibans;            /* as seen from the verdict: > 0 speaks for it, < 0 against */
	uint8_t marks;
	struct mark mark[EVIDENCE_MARKS_MAX]; /* frames that show it */
	enum about about;
};

struct alternative {
	enum who who;
	enum cause_id cause;
	double confidence;
	int sum;                 /* decibans: its prior, and all that speaks for and against it */
};

#define SETTLE_TEXT_MAX 256

/* The cheapest next observation, and the command that makes it ("" when there is none). */
struct settle {
	char text[SETTLE_TEXT_MAX];
	char command[SETTLE_TEXT_MAX];
};

/* All that two pleas can hold (PLEA_EVIDENCE_MAX): what counts is shown, so that sums can be redone. */
#define VERDICT_EVIDENCE_MAX 28
#define VERDICT_FRAMES_MAX 3
#define VERDICT_ALTERNATIVES_MAX 3
#define VERDICT_SETTLE_MAX 3
#define VERDICT_LIMITS_MAX 12
#define VERDICT_LOSS_MAX 256
#define VERDICT_DETAIL_MAX 64
#define VERDICT_SENTENCE_MAX 640

struct verdict {
	enum who who;
	enum cause_id cause;
	enum sure sure;
	double confidence;                   /* a probability, from 0 to 1 */
	/* The confidence, to be redone: see docs/verdict.md. */
	int prior, sum;                      /* decibans of the cause, as of an alternative */
	int who_prior;                       /* what was counted for who without a frame to show */
	double who_probability;              /* 1: who needs no marks, or nobody is named */
	const struct remedy *remedy;         /* never NULL */
	uint8_t alternatives;
	/* The words, which cost more than all above: empty until somebody is to read them. */
	uint8_t evidences, againsts, settles, limits, frames;
	char detail[VERDICT_DETAIL_MAX];     /* "" = none */
	char sentence[VERDICT_SENTENCE_MAX]; /* a whole one; how sure, and frames, are added to it */
	struct mark frame[VERDICT_FRAMES_MAX]; /* of the heaviest evidence, in their own order */
	const char *limit[VERDICT_LIMITS_MAX]; /* what this capture cannot show, a sentence each */
	char loss[VERDICT_LOSS_MAX];         /* one of them, if it has numbers: so a copy is none */
	/* Of the rest only what is counted above is ever set: clearing it costs more than judging. */
	struct evidence evidence[VERDICT_EVIDENCE_MAX]; /* heaviest first */
	struct evidence against[VERDICT_EVIDENCE_MAX];
	struct alternative alternative[VERDICT_ALTERNATIVES_MAX]; /* likeliest first */
	struct settle settle[VERDICT_SETTLE_MAX];
};

/* The words of CONTRACT. Never NULL. */
const char *who_name(enum who);
const char *sure_name(enum sure);
const char *where_name(enum where);
const char *cause_name(enum cause_id);   /* "idle_timeout" */
const char *cause_family(enum cause_id); /* "middlebox_idle_timeout" */
const char *cause_title(enum cause_id);  /* a few words for headings */
/* Some sentences each, for whoever asks `explain`; "" when its file has none. */
const char *cause_meaning(enum cause_id);
const char *cause_decided(enum cause_id);
const char *cause_mimics(enum cause_id);
const struct remedy *cause_remedy(enum cause_id);
bool cause_is_healthy(enum cause_id);    /* family "none": nothing went wrong */

/* A row of families.def: the word, and what its causes have in common. */
struct family {
	const char *name, *title;
};

/* Row i, or NULL behind the last. */
const struct family *family_row(size_t i);

/* A row of idle_timers.def. */
struct idle_timer {
	const char *vendor, *product;
	int64_t seconds;
	const char *forgets; /* what the device does then, in words */
	const char *setting, *source;
};

/* Row i, or NULL behind the last. Ordered by seconds. */
const struct idle_timer *idle_timer(size_t i);

#endif
