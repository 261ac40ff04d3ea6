/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * "... did not send it (likely, 96 %; frames 60, 61 of a.pcap, 7 of b.pcap)." What stands in the
 * brackets is what the other team asks for first.
 */
#include "report/sentence.h"

#include <string.h>

#include "report/escape.h"
#include "report/words.h"

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

static bool is_only_one_called_so(const struct report *r, size_t index)
{
	const char *name = base_name(r->options.paths[index]);

	for (size_t i = 0; i < r->options.inputs; i++) {
		if (i != index && strcmp(base_name(r->options.paths[i]), name) == 0)
			return false;
	}
	return true;
}

void sentence_add_input(struct text *t, const struct report *r, size_t index)
{
	const char *path = r->options.paths[index];

	escape_add_path(t, is_only_one_called_so(r, index) ? base_name(path) : path);
}

void sentence_add_file(struct text *t, const struct report *r, struct mark mark)
{
	if (report_file_of(r, mark) != NULL)
		sentence_add_input(t, r, mark.input);
}

static void add_frames(struct text *t, const struct report *r, const struct verdict *v)
{
	for (uint8_t i = 0; i < v->frames; i++) {
		bool last_of_file =
			i + 1 == v->frames || v->frame[i + 1].input != v->frame[i].input;

		text_add(t, "%s%u",
			 i != 0        ? ", " :
			 v->frames > 1 ? "; frames " :
					 "; frame ",
			 v->frame[i].number);
		if (!last_of_file || report_file_of(r, v->frame[i]) == NULL)
			continue;
		text_add(t, " of ");
		sentence_add_file(t, r, v->frame[i]);
	}
}

void sentence_add(struct text *t, const struct report *r, const struct verdict *v)
{
	size_t len = strlen(v->sentence);

	if (len > 0 && v->sentence[len - 1] == '.')
		len--;
	text_add(t, "%.*s", (int)len, v->sentence);
	if (v->sure == SURE_UNEXPLAINED)
		text_add(t, " (unexplained");
	else
		text_add(t, " (%s, %u %%", sure_name(v->sure), words_per_cent(v->confidence));
	add_frames(t, r, v);
	text_add(t, ").");
}
