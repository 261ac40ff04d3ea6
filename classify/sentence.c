/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end of the sentence that a cause has told, and the frames that go with it: those of the heaviest
 * evidence. Names of files are the report's to add, as is how sure it is.
 */
#include <stdlib.h>
#include <string.h>

#include "classify/inside.h"

static bool among(const struct verdict *v, struct mark mark)
{
	for (uint8_t i = 0; i < v->frames; i++) {
		if (v->frame[i].number == mark.number && v->frame[i].input == mark.input)
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

static void take_frames(struct verdict *v)
{
	for (uint8_t i = 0; i < v->evidences; i++) {
		for (uint8_t k = 0; k < v->evidence[i].marks; k++) {
			if (v->frames < VERDICT_FRAMES_MAX && !among(v, v->evidence[i].mark[k]))
				v->frame[v->frames++] = v->evidence[i].mark[k];
		}
	}
	qsort(v->frame, v->frames, sizeof(v->frame[0]), by_place);
}

void finish_sentence(struct verdict *v)
{
	struct text t = { v->sentence, sizeof(v->sentence), strlen(v->sentence) };

	text_add(&t, ".");
	take_frames(v);
}
