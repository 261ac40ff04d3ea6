/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Why did it end? Each cause pleads for itself, in decibans, on top of its prior; the posterior of a
 * cause is 10^(sum/TENFOLD), divided by that of all. Unexplained is a cause like the others: it wins when
 * none of them has enough to say.
 */
#include <math.h>
#include <string.h>

#include "classify/classify.h"
#include "classify/inside.h"

/* A probability below one in a hundred is not an alternative. */
#define ALTERNATIVE_LEAST 0.01

/* "I do not know" is never said with confidence. */
#define UNEXPLAINED_MOST 0.49

/* What is more likely wrong than right is no answer; it is told among the alternatives. */
#define EVEN 0.5

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

/* What a cause has in all: its prior, and what it pleaded. */
struct tally {
	int sum;
	bool ruled_out;
};

void weigh_with_notes(enum cause_id id, const struct facts *f, struct plea *p)
{
	cause_of(id)->weigh(f, p);
	weigh_notes(id, f, p);
}

static void weigh_all(const struct facts *f, struct tally tallies[CAUSE_COUNT])
{
	struct plea plea;

	for (int i = 0; i < CAUSE_COUNT; i++) {
		plea_begin(&plea);
		plea.silent = true;
		weigh_with_notes((enum cause_id)i, f, &plea);
		tallies[i] = (struct tally){ causes[i].prior + plea.decibans, plea.ruled_out };
	}
}

static void posteriors(const struct tally tallies[CAUSE_COUNT], double p[CAUSE_COUNT])
{
	double sum = 0;

	for (int i = 0; i < CAUSE_COUNT; i++) {
		p[i] = tallies[i].ruled_out ? 0 : pow(10.0, tallies[i].sum / TENFOLD);
		sum += p[i];
	}
	for (int i = 0; i < CAUSE_COUNT; i++)
		p[i] /= sum; /* unexplained is never ruled out: sum > 0 */
}

/*
 * A cause that names whoever the marks point to is right only if they point to the right one; where
 * they name nobody, the verdict is no better than the likelier of the two.
 */
static double who_probability(enum cause_id id, const struct facts *f)
{
	bool doubtful = id != CAUSE_unexplained && cause_of(id)->who == WHO_COUNT;

	return doubtful ? f->origin.p : 1;
}

static void doubt_who(double p[CAUSE_COUNT], const struct facts *f)
{
	for (int i = 0; i < CAUSE_COUNT; i++)
		p[i] *= who_probability((enum cause_id)i, f);
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

	if (cause->who_is != NULL)
		return cause->who_is(f);
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

static int likeliest_of(const double p[CAUSE_COUNT])
{
	int best = 0;

	for (int i = 1; i < CAUSE_COUNT; i++) {
		if (p[i] > p[best])
			best = i;
	}
	return best;
}

static void take_alternatives(struct verdict *v, const double p[CAUSE_COUNT],
			      const struct tally tallies[CAUSE_COUNT], const struct facts *f)
{
	double left[CAUSE_COUNT];

	memcpy(left, p, sizeof(left));
	left[v->cause] = 0;
	for (int round = 0; round < VERDICT_ALTERNATIVES_MAX; round++) {
		int best = likeliest_of(left);

		if (left[best] < ALTERNATIVE_LEAST)
			return;
		left[best] = 0;
		v->alternative[v->alternatives++] =
			(struct alternative){ who_of((enum cause_id)best, f), (enum cause_id)best,
					      confidence_of((enum cause_id)best, p[best]),
					      tallies[best].sum };
	}
}

/* ---- the decision ---- */

static enum cause_id likeliest(const double p[CAUSE_COUNT])
{
	int best = CAUSE_unexplained;

	for (int i = 0; i < CAUSE_COUNT; i++) {
		if (p[i] > p[best])
			best = i;
	}
	return p[best] >= EVEN ? (enum cause_id)best : CAUSE_unexplained;
}

void why_ended(const struct facts *f, struct verdict *v)
{
	struct tally tallies[CAUSE_COUNT];
	double p[CAUSE_COUNT];

	weigh_all(f, tallies);
	posteriors(tallies, p);
	doubt_who(p, f);
	doubt_capture(f, p);
	v->cause = likeliest(p);
	v->who = who_of(v->cause, f);
	v->confidence = confidence_of(v->cause, p[v->cause]);
	v->sure = sure_of(v->confidence, v->cause);
	v->remedy = cause_remedy(v->cause);
	v->prior = causes[v->cause].prior;
	v->sum = tallies[v->cause].sum;
	v->who_probability = who_probability(v->cause, f);
	take_alternatives(v, p, tallies, f);
}

int sign_of_who(const struct verdict *v, const struct facts *f)
{
	return v->who == WHO_MIDDLEBOX && f->reset.any ? -1 : 1;
}

static void decide(struct facts *f, struct verdict *v)
{
	struct plea who;

	memset(v, 0, offsetof(struct verdict, evidence));
	plea_begin(&who);
	who.silent = true;
	who_ended(f, &who);
	why_ended(f, v);
	if (f->reset.any)
		v->who_prior = sign_of_who(v, f) * (f->origin.host_decibans - who.decibans);
}

void judge(struct facts *f, struct verdict *v)
{
	decide(f, v);
	put_in_words(f, v);
}

/* ---- the door ---- */

static void facts_with_notes(const struct conn *conn, const struct noted_conn *noted,
			     struct facts *f)
{
	facts_of(conn, f);
	f->noted = noted;
}

void classify_decide(const struct conn *conn, const struct noted_conn *noted, struct verdict *v)
{
	struct facts f;

	facts_with_notes(conn, noted, &f);
	decide(&f, v);
}

void classify_tell(const struct conn *conn, const struct noted_conn *noted, struct verdict *v)
{
	struct facts f;

	facts_with_notes(conn, noted, &f);
	put_in_words(&f, v);
}

void classify(const struct conn *conn, const struct noted_conn *noted, struct verdict *v)
{
	struct facts f;

	facts_with_notes(conn, noted, &f);
	judge(&f, v);
}
