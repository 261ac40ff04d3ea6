/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Why did it end? Each cause pleads for itself, in decibans, on top of its prior; the posterior of a
 * cause is 10^(sum/10), divided by that of all. Unexplained is a cause like the others: it wins when
 * none of them has enough to say.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classify/classify.h"
#include "classify/inside.h"

/* A probability below one in a hundred is not an alternative. */
#define ALTERNATIVE_LEAST 0.01

/* "I do not know" is never said with confidence. */
#define UNEXPLAINED_MOST 0.49

/* Nobody who reads packets alone is surer. */
#define CONFIDENCE_MOST 0.999

static const struct {
	const char *name;
	const struct cause *cause;
	int prior;
} causes[] = {
#define CAUSE(id, prior) { #id, &cause_##id, prior },
#include "classify/causes.def"
#undef CAUSE
};

const struct cause *cause_of(enum cause_id id)
{
	return causes[id].cause;
}

const char *cause_name(enum cause_id id)
{
	return causes[id].name;
}

const char *cause_family(enum cause_id id)
{
	return cause_of(id)->family;
}

const char *cause_title(enum cause_id id)
{
	return cause_of(id)->title;
}

const struct remedy *cause_remedy(enum cause_id id)
{
	return &cause_of(id)->remedy;
}

bool cause_is_healthy(enum cause_id id)
{
	return strcmp(cause_of(id)->family, "none") == 0;
}

static void posteriors(const struct plea pleas[CAUSE_COUNT], double p[CAUSE_COUNT])
{
	double sum = 0;

	for (int i = 0; i < CAUSE_COUNT; i++) {
		p[i] = pleas[i].ruled_out ? 0 :
					    pow(10.0, (pleas[i].decibans + causes[i].prior) / 10.0);
		sum += p[i];
	}
	for (int i = 0; i < CAUSE_COUNT; i++)
		p[i] /= sum; /* unexplained is never ruled out: sum > 0 */
}

/* A cause that names whoever the marks point to is right only if they point to the right one. */
static void doubt_who(double p[CAUSE_COUNT], const struct facts *f)
{
	for (int i = 0; i < CAUSE_COUNT; i++) {
		if (i != CAUSE_unexplained && causes[i].cause->who == WHO_COUNT &&
		    f->origin.who != WHO_UNKNOWN)
			p[i] *= f->origin.p;
	}
}

static double confidence_of(enum cause_id id, double p)
{
	if (id == CAUSE_unexplained && p > UNEXPLAINED_MOST)
		return UNEXPLAINED_MOST;
	return p < CONFIDENCE_MOST ? p : CONFIDENCE_MOST;
}

static enum who who_of(enum cause_id id, const struct facts *f)
{
	const struct cause *cause = cause_of(id);

	return cause->who != WHO_COUNT ? cause->who : f->origin.who;
}

static enum sure sure_of(double confidence, enum cause_id id)
{
	if (id == CAUSE_unexplained || confidence < 0.50)
		return SURE_UNEXPLAINED;
	if (confidence < 0.80)
		return SURE_POSSIBLE;
	return confidence < 0.98 ? SURE_LIKELY : SURE_CERTAIN;
}

/* ---- evidence into the verdict ---- */

static void insert(struct evidence *list, uint8_t *count, size_t max, const struct evidence *e)
{
	size_t at = *count;

	while (at > 0 && abs(list[at - 1].decibans) < abs(e->decibans))
		at--;
	if (at >= max)
		return;
	if (*count < max)
		(*count)++;
	memmove(&list[at + 1], &list[at], (*count - at - 1) * sizeof(*list));
	list[at] = *e;
}

static void take_evidence(struct verdict *v, const struct plea *plea, int sign)
{
	for (uint8_t i = 0; i < plea->evidences; i++) {
		struct evidence e = plea->evidence[i];

		if (e.decibans == 0) /* said for completeness, proves nothing */
			continue;
		e.decibans *= sign;
		if (e.decibans > 0)
			insert(v->evidence, &v->evidences, VERDICT_EVIDENCE_MAX, &e);
		else
			insert(v->against, &v->againsts, VERDICT_AGAINST_MAX, &e);
	}
}

static void take_alternatives(struct verdict *v, const double p[CAUSE_COUNT], const struct facts *f)
{
	for (int round = 0; round < VERDICT_ALTERNATIVES_MAX; round++) {
		int best = -1;

		for (int i = 0; i < CAUSE_COUNT; i++) {
			bool taken = i == (int)v->cause;

			for (int k = 0; k < v->alternatives; k++)
				taken |= i == (int)v->alternative[k].cause;
			if (!taken && p[i] >= ALTERNATIVE_LEAST && (best < 0 || p[i] > p[best]))
				best = i;
		}
		if (best < 0)
			return;
		v->alternative[v->alternatives++] =
			(struct alternative){ who_of((enum cause_id)best, f), (enum cause_id)best,
					      confidence_of((enum cause_id)best, p[best]) };
	}
}

/* ---- the sentence ---- */

static bool among(const struct mark *marks, int count, struct mark mark)
{
	for (int i = 0; i < count; i++) {
		if (marks[i].number == mark.number && marks[i].input == mark.input)
			return true;
	}
	return false;
}

static int by_place(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	if (x->input != y->input)
		return x->input < y->input ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

/* The frames of the heaviest evidence, three at most, in their own order. */
static void add_frames(struct text *t, const struct verdict *v)
{
	struct mark marks[3];
	int count = 0;

	for (int i = 0; i < v->evidences && count < 3; i++) {
		for (int k = 0; k < v->evidence[i].marks && count < 3; k++) {
			if (!among(marks, count, v->evidence[i].mark[k]))
				marks[count++] = v->evidence[i].mark[k];
		}
	}
	qsort(marks, (size_t)count, sizeof(marks[0]), by_place);
	for (int i = 0; i < count; i++)
		text_add(t, "%s%u",
			 i != 0    ? ", " :
			 count > 1 ? "; frames " :
				     "; frame ",
			 marks[i].number);
}

static void finish_sentence(struct verdict *v)
{
	struct text t = { v->sentence, sizeof(v->sentence), strlen(v->sentence) };

	if (v->sure == SURE_UNEXPLAINED)
		text_add(&t, " (unexplained");
	else
		text_add(&t, " (%s, %d %%", sure_name(v->sure), (int)(v->confidence * 100));
	add_frames(&t, v);
	text_add(&t, ").");
}

/* ---- the decision ---- */

static enum cause_id likeliest(const double p[CAUSE_COUNT])
{
	int best = CAUSE_unexplained;

	for (int i = 0; i < CAUSE_COUNT; i++) {
		if (p[i] > p[best])
			best = i;
	}
	return (enum cause_id)best;
}

void why_ended(const struct facts *f, struct verdict *v)
{
	struct plea pleas[CAUSE_COUNT];
	double p[CAUSE_COUNT];

	memset(pleas, 0, sizeof(pleas));
	for (int i = 0; i < CAUSE_COUNT; i++)
		causes[i].cause->weigh(f, &pleas[i]);
	posteriors(pleas, p);
	doubt_who(p, f);
	v->cause = likeliest(p);
	v->who = who_of(v->cause, f);
	v->confidence = confidence_of(v->cause, p[v->cause]);
	v->sure = sure_of(v->confidence, v->cause);
	v->remedy = &causes[v->cause].cause->remedy;
	take_evidence(v, &pleas[v->cause], 1);
	take_alternatives(v, p, f);
	causes[v->cause].cause->tell(f, v);
}

void judge(struct facts *f, struct verdict *v)
{
	struct plea who = { 0 };

	memset(v, 0, sizeof(*v));
	who_ended(f, &who);
	why_ended(f, v);
	/* Marks of the reset speak for the host; when a device is named they count the other way. */
	take_evidence(v, &who, v->who == WHO_MIDDLEBOX && f->reset.any ? -1 : 1);
	limits_of(f, v);
	finish_sentence(v);
}

void classify(const struct conn *conn, struct verdict *v)
{
	struct facts f;

	facts_of(conn, &f);
	judge(&f, v);
}
