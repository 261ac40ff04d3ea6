/* SPDX-License-Identifier: BSD-3-Clause */
/* connections[].verdict */
#include "base/text.h"
#include "report/filter.h"
#include "report/json.h"
#include "report/sentence.h"

/* For Wireshark: a number of a frame is lost as soon as somebody filters a capture or merges two. */
static void put_filter(cJSON *parent, const struct conn *conn, const struct evidence *e)
{
	char buffer[FILTER_SIZE];
	struct text t = text_in(buffer, sizeof(buffer));

	filter_add(&t, conn, e);
	json_words(parent, "filter", buffer);
}

/* Evidence may rest on what was not seen; then there is no frame to name. */
static void put_frames(cJSON *parent, const struct evidence *e)
{
	cJSON *frames = json_array(parent, "frames");

	for (uint8_t i = 0; i < e->marks; i++) {
		if (e->mark[i].number != 0)
			json_count(frames, NULL, e->mark[i].number);
	}
}

/* Parallel to the frames, when there are several files to tell apart. */
static void put_files(const struct report *r, cJSON *parent, const struct evidence *e)
{
	cJSON *files;

	if (r->options.inputs < 2) {
		json_null(parent, "files");
		return;
	}
	files = json_array(parent, "files");
	for (uint8_t i = 0; i < e->marks; i++) {
		if (e->mark[i].number != 0)
			json_path(files, NULL, report_file_of(r, e->mark[i]));
	}
}

static void put_evidence(const struct report *r, cJSON *parent, const char *key,
			 const struct conn *conn, const struct evidence *list, uint8_t count)
{
	cJSON *array = json_array(parent, key);

	for (uint8_t i = 0; i < count; i++) {
		cJSON *object = json_object(array, NULL);

		json_words(object, "text", list[i].text);
		json_integer(object, "decibans", list[i].decibans);
		put_frames(object, &list[i]);
		put_files(r, object, &list[i]);
		put_filter(object, conn, &list[i]);
	}
}

/* Likeliest first, as classify sorted them. */
static void put_alternatives(cJSON *parent, const struct verdict *v)
{
	cJSON *array = json_array(parent, "alternatives");

	for (uint8_t i = 0; i < v->alternatives; i++) {
		cJSON *object = json_object(array, NULL);

		json_words(object, "who", who_name(v->alternative[i].who));
		json_words(object, "cause", cause_name(v->alternative[i].cause));
		json_probability(object, "confidence", v->alternative[i].confidence);
	}
}

static void put_settle(cJSON *parent, const struct verdict *v)
{
	cJSON *array = json_array(parent, "settle");

	for (uint8_t i = 0; i < v->settles; i++) {
		cJSON *object = json_object(array, NULL);

		json_words(object, "text", v->settle[i].text);
		json_lines(object, "command", v->settle[i].command);
	}
}

/* The same words as in the text report, so that both can be quoted in one ticket. */
static void put_sentence(const struct report *r, cJSON *parent, const struct verdict *v)
{
	char buffer[SENTENCE_TEXT_MAX];
	struct text t = text_in(buffer, sizeof(buffer));

	sentence_add(&t, r, v);
	json_words(parent, "sentence", buffer);
}

void json_verdict(const struct report *r, cJSON *parent, const struct conn *conn,
		  const struct verdict *v)
{
	cJSON *object = json_object(parent, "verdict");
	cJSON *limits;

	json_words(object, "who", who_name(v->who));
	json_words(object, "cause", cause_name(v->cause));
	json_words(object, "family", cause_family(v->cause));
	json_words(object, "detail", v->detail);
	put_sentence(r, object, v);
	json_probability(object, "confidence", v->confidence);
	json_words(object, "sure", sure_name(v->sure));
	put_evidence(r, object, "evidence", conn, v->evidence, v->evidences);
	put_evidence(r, object, "against", conn, v->against, v->againsts);
	put_alternatives(object, v);
	put_settle(object, v);
	json_remedy(r, object, v);
	limits = json_array(object, "limits");
	for (uint8_t i = 0; i < v->limits; i++)
		json_words(limits, NULL, v->limit[i]);
}
