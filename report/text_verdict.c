/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The reasons of a verdict and what follows from them. Sentences are wrapped; commands stand alone
 * on their line, whole, so that they can be copied.
 */
#include "report/text.h"
#include "report/words.h"
#include "report/wrap.h"

#define COMMAND_LEAD "           "

/* "(frame 12)", "(frames 12, 34)" behind the sentence they show. */
static void add_frames(const struct report *r, struct text *t, const struct evidence *e)
{
	char frames[64] = "";
	struct text f = text_in(frames, sizeof(frames));

	text_add_marks(r, &f, e);
	if (f.len != 0)
		text_add(t, " (%s %s)", e->marks > 1 ? "frames" : "frame", frames);
}

/* The weight in front, so that they line up and can be added. */
static void put_weight(struct report *r, int decibans, const char *words)
{
	char lead[32];
	struct text t = text_in(lead, sizeof(lead));

	text_add(&t, "  %+5d  ", decibans);
	text_wrap(r, r->body, lead, words);
}

static void put_evidence(struct report *r, const struct evidence *e)
{
	char buffer[EVIDENCE_TEXT_MAX + 128];
	struct text t = text_in(buffer, sizeof(buffer));

	text_add(&t, "%s", e->text);
	add_frames(r, &t, e);
	put_weight(r, e->decibans, buffer);
}

/* What speaks for and against, heaviest first, as both lists are; their sum is returned. */
static int put_all(struct report *r, const struct verdict *v, enum about about)
{
	uint8_t i = 0, k = 0;
	int sum = 0;

	while (i < v->evidences || k < v->againsts) {
		bool against =
			i == v->evidences ||
			(k < v->againsts && -v->against[k].decibans > v->evidence[i].decibans);
		const struct evidence *e = against ? &v->against[k++] : &v->evidence[i++];

		if (e->about != about)
			continue;
		put_evidence(r, e);
		sum += e->decibans;
	}
	return sum;
}

/* With the sums of the others a reader can redo the confidence: docs/verdict.md shows how. */
static void why(struct report *r, const struct verdict *v)
{
	char buffer[256];
	struct text t = text_in(buffer, sizeof(buffer));

	text_add(&t, "Why %s (in decibans: +10 is ten times likelier)", cause_name(v->cause));
	text_title(r, r->body, buffer);
	put_weight(r, v->prior, prior_words(ABOUT_WHY));
	put_all(r, v, ABOUT_WHY);
	t = text_in(buffer, sizeof(buffer));
	text_add(&t, "in all");
	for (uint8_t i = 0; i < v->alternatives; i++)
		text_add(&t, "%s %s has %+d", i == 0 ? ";" : ",",
			 cause_name(v->alternative[i].cause), v->alternative[i].sum);
	put_weight(r, v->sum, buffer);
}

static bool has(const struct verdict *v, enum about about)
{
	bool some = false;

	for (uint8_t i = 0; i < v->evidences; i++)
		some |= v->evidence[i].about == about;
	for (uint8_t i = 0; i < v->againsts; i++)
		some |= v->against[i].about == about;
	return some;
}

static void who(struct report *r, const struct verdict *v)
{
	char buffer[128];
	struct text t = text_in(buffer, sizeof(buffer));
	int sum;

	if (!has(v, ABOUT_WHO))
		return;
	text_add(&t, "Who %s (the marks of the packet that ended it)", who_name(v->who));
	text_title(r, r->body, buffer);
	if (v->who_prior != 0)
		put_weight(r, v->who_prior, prior_words(ABOUT_WHO));
	sum = put_all(r, v, ABOUT_WHO) + v->who_prior;
	t = text_in(buffer, sizeof(buffer));
	text_add(&t, "in all");
	if (v->who_probability < 1)
		text_add(&t, "; the confidence counts it as %u %%",
			 words_per_cent(v->who_probability));
	put_weight(r, sum, buffer);
}

/* The cheapest next observation: what a reader with an unexplained end needs first. */
static void settle(struct report *r, const struct verdict *v)
{
	if (v->settles == 0)
		return;
	text_title(r, r->body, "Would settle it");
	for (uint8_t i = 0; i < v->settles; i++) {
		text_wrap(r, r->body, "       - ", v->settle[i].text);
		wrap_not(r->body, COMMAND_LEAD, v->settle[i].command);
	}
}

/* Steps say whose machine they are for: the reader may own one of the three only. */
static void remedy(struct report *r, const struct remedy *remedy)
{
	text_title(r, r->body, "What to do");
	text_wrap(r, r->body, "         ", remedy->text);
	text_wrap(r, r->body, "         ", remedy->why);
	for (int i = 0; i < REMEDY_STEPS_MAX && remedy->step[i].text != NULL; i++) {
		const struct remedy_step *step = &remedy->step[i];
		char lead[32];
		struct text t = text_in(lead, sizeof(lead));

		text_add(&t, "       - %s: ", where_name(step->where));
		text_wrap(r, r->body, lead, step->text);
		if (step->command != NULL)
			wrap_not(r->body, COMMAND_LEAD, step->command);
	}
}

static void limits(struct report *r, const struct verdict *v)
{
	if (v->limits == 0)
		return;
	text_title(r, r->body, "Limits");
	for (uint8_t i = 0; i < v->limits; i++)
		text_wrap(r, r->body, "       - ", v->limit[i]);
}

void text_verdict(struct report *r, const struct verdict *v)
{
	why(r, v);
	who(r, v);
	settle(r, v);
	remedy(r, v->remedy);
	limits(r, v);
}
