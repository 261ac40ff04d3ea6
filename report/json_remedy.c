/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * verdict.remedy: much of what is printed of a connection, and the same for each that ended by the same
 * cause. So it is printed once and kept.
 */
#include "base/die.h"
#include "report/json.h"

/* Twice the longest; what does not fit is made anew each time. */
#define TEXT_MAX 3072

struct json_remedies {
	struct {
		const struct remedy *of; /* whose text this is */
		char text[TEXT_MAX];     /* "": too long to be kept */
	} kept[CAUSE_COUNT];
};

void *json_remedies_new(void)
{
	return xcalloc(1, sizeof(struct json_remedies));
}

/* The list ends at the first step without text. */
static void put_remedy(cJSON *object, const struct remedy *remedy)
{
	cJSON *steps;

	json_words(object, "text", remedy->text);
	json_words(object, "why", remedy->why);
	steps = json_array(object, "steps");
	for (int i = 0; i < REMEDY_STEPS_MAX && remedy->step[i].text != NULL; i++) {
		cJSON *step = json_object(steps, NULL);

		json_words(step, "where", where_name(remedy->step[i].where));
		json_words(step, "text", remedy->step[i].text);
		json_lines(step, "command", remedy->step[i].command);
	}
}

static void print(char text[TEXT_MAX], const struct remedy *remedy)
{
	cJSON *object = cJSON_CreateObject();

	put_remedy(object, remedy);
	if (!cJSON_PrintPreallocated(object, text, TEXT_MAX, false))
		text[0] = '\0';
	cJSON_Delete(object);
}

void json_remedy(const struct report *r, cJSON *parent, const struct verdict *v)
{
	struct json_remedies *remedies = r->own;

	if (remedies->kept[v->cause].of != v->remedy) {
		remedies->kept[v->cause].of = v->remedy;
		print(remedies->kept[v->cause].text, v->remedy);
	}
	if (remedies->kept[v->cause].text[0] != '\0')
		json_printed(parent, "remedy", remedies->kept[v->cause].text);
	else
		put_remedy(json_object(parent, "remedy"), v->remedy);
}
