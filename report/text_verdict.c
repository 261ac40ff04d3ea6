/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The reasons of a verdict and what follows from them. Sentences are wrapped; commands stand alone
 * on their line, whole, so that they can be copied.
 */
#include "report/text.h"
#include "report/wrap.h"

#define COMMAND_LEAD "           "

/* "(frame 12)", "(frames 12, 34)" behind the sentence they show. */
static void add_frames(const struct report *r, struct text *t, const struct evidence *e)
{
	bool some = false;

	for (uint8_t i = 0; i < e->marks; i++) {
		if (e->mark[i].number == 0)
			continue;
		if (some)
			text_add(t, ", ");
		else
			text_add(t, e->marks > 1 ? " (frames " : " (frame ");
		text_add_mark(r, t, e->mark[i]);
		some = true;
	}
	if (some)
		text_add(t, ")");
}

/* The weight in front, so that they line up and can be added. */
static void weighed(struct report *r, const struct evidence *list, uint8_t count)
{
	for (uint8_t i = 0; i < count; i++) {
		char buffer[EVIDENCE_TEXT_MAX + 128], lead[32];
		struct text t = text_in(buffer, sizeof(buffer));

		text_add(&t, "%s", list[i].text);
		add_frames(r, &t, &list[i]);
		snprintf(lead, sizeof(lead), "  %+5d  ", list[i].decibans);
		wrap(r->body, lead, buffer);
	}
}

static void evidence(struct report *r, const struct verdict *v)
{
	if (v->evidences != 0) {
		text_title(r, r->body, "Evidence (in decibans: +10 is ten times likelier)");
		weighed(r, v->evidence, v->evidences);
	}
	if (v->againsts != 0) {
		text_title(r, r->body, "Against it");
		weighed(r, v->against, v->againsts);
	}
}

/* The cheapest next observation: what a reader with an unexplained end needs first. */
static void settle(struct report *r, const struct verdict *v)
{
	if (v->settles == 0)
		return;
	text_title(r, r->body, "Would settle it");
	for (uint8_t i = 0; i < v->settles; i++) {
		wrap(r->body, "       - ", v->settle[i].text);
		wrap_not(r->body, COMMAND_LEAD, v->settle[i].command);
	}
}

/* Steps say whose machine they are for: the reader may own one of the three only. */
static void remedy(struct report *r, const struct remedy *remedy)
{
	text_title(r, r->body, "What to do");
	wrap(r->body, "         ", remedy->text);
	wrap(r->body, "         ", remedy->why);
	for (int i = 0; i < REMEDY_STEPS_MAX && remedy->step[i].text != NULL; i++) {
		const struct remedy_step *step = &remedy->step[i];
		char lead[32];

		snprintf(lead, sizeof(lead), "       - %s: ", where_name(step->where));
		wrap(r->body, lead, step->text);
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
		wrap(r->body, "       - ", v->limit[i]);
}

void text_verdict(struct report *r, const struct verdict *v)
{
	evidence(r, v);
	settle(r, v);
	remedy(r, v->remedy);
	limits(r, v);
}
