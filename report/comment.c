/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sentences for comments inside a capture. They stand beside a frame without the report around it,
 * so each says of which connection it speaks.
 */
#include "report/escape.h"
#include "report/inside.h"
#include "report/sentence.h"

void report_comment_verdict(struct text *t, const struct report_options *options,
			    const struct conn *conn, const struct verdict *v)
{
	const struct report r = { .options = *options };

	text_add(t, "Connection %llu, ", (unsigned long long)conn->id);
	endpoint_add(t, &conn->peer[CLIENT].at);
	text_add(t, " to ");
	endpoint_add(t, &conn->peer[SERVER].at);
	text_add(t, ", %s: ", ending_name(conn->end.ending));
	sentence_add(t, &r, v);
}

void report_comment_evidence(struct text *t, const struct conn *conn, const struct verdict *v,
			     const struct evidence *e)
{
	const bool why = e->about == ABOUT_WHY;
	const char *lead = e->decibans < 0 ? "against" : why ? "why:" : "who:";

	text_add(t, "Connection %llu, %s %s, %+d decibans: ", (unsigned long long)conn->id, lead,
		 why ? cause_name(v->cause) : who_name(v->who), e->decibans);
	escape_add_words(t, e->text);
}

void report_comment_input(struct text *t, const struct report_options *options, uint16_t input)
{
	const struct report r = { .options = *options };

	sentence_add_input(t, &r, input);
}

void report_comment_frame(struct text *t, const struct report_options *options, struct mark mark)
{
	text_add(t, "frame %u of ", mark.number);
	report_comment_input(t, options, mark.input);
}
