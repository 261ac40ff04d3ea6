/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A verdict's words: what was decided in numbers, for somebody who reads it. Both questions are asked
 * again, of the winner alone, and this time each answer is written down.
 */
#include <stdlib.h>
#include <string.h>

#include "classify/inside.h"

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

static void take_evidence(struct verdict *v, const struct plea *plea, enum about about, int sign)
{
	for (uint8_t i = 0; i < plea->evidences; i++) {
		struct evidence e = plea->evidence[i];

		if (e.decibans == 0) /* said for completeness, proves nothing */
			continue;
		e.about = about;
		e.decibans *= sign;
		if (e.decibans > 0)
			insert(v->evidence, &v->evidences, VERDICT_EVIDENCE_MAX, &e);
		else
			insert(v->against, &v->againsts, VERDICT_EVIDENCE_MAX, &e);
	}
}

static void unsay(struct verdict *v)
{
	v->detail[0] = v->sentence[0] = '\0';
	v->evidences = v->againsts = v->settles = v->limits = v->frames = 0;
}

void put_in_words(struct facts *f, struct verdict *v)
{
	struct plea who, why;

	unsay(v);
	plea_begin(&who);
	who_ended(f, &who);
	plea_begin(&why);
	weigh_with_notes(v->cause, f, &why);
	take_evidence(v, &why, ABOUT_WHY, 1);
	take_evidence(v, &who, ABOUT_WHO, sign_of_who(v, f));
	if (!why.by_note)
		cause_of(v->cause)->tell(f, v);
	tell_notes(f, v, why.by_note);
	limits_of(f, v);
	finish_sentence(v);
}
