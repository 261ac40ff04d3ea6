/* SPDX-License-Identifier: BSD-3-Clause */
/* One connection in HTML: its sentence, which unfolds to facts, evidence, course and advice. */
#include "report/html.h"

#include <inttypes.h>

#include "report/escape.h"
#include "report/ladder.h"
#include "report/named.h"
#include "report/sentence.h"
#include "report/svg.h"
#include "report/text.h"
#include "report/words.h"

static void cell(struct report *r, const char *name, const char *words)
{
	fprintf(r->body, "<tr><th scope=\"row\">%s</th><td>", name);
	svg_add(r->body, words);
	fputs("</td></tr>\n", r->body);
}

/* Rows, one a file: paths are long. */
static void capture(struct report *r, bool first, const char *words)
{
	(void)first;
	cell(r, "capture", words);
}

/* As in the other forms, and in the same order: who reads two of them finds the same. */
static void facts(struct report *r, const struct conn *conn, const struct verdict *v)
{
	char buffer[512];
	struct text t = text_in(buffer, sizeof(buffer));

	fputs("<table>\n", r->body);
	endpoint_add(&t, &conn->peer[CLIENT].at);
	text_add(&t, " to ");
	endpoint_add(&t, &conn->peer[SERVER].at);
	text_add(&t, ", %s", ending_name(conn->end.ending));
	cell(r, "connection", buffer);
	t = text_in(buffer, sizeof(buffer));
	words_add_when(&t, conn);
	cell(r, conn->end.ending != ENDING_open ? "when" : "until", buffer);
	cell(r, "who", who_name(v->who));
	t = text_in(buffer, sizeof(buffer));
	words_add_why(&t, v);
	cell(r, "why", buffer);
	t = text_in(buffer, sizeof(buffer));
	text_add(&t, "%s, %u %%", sure_name(v->sure), words_per_cent(v->confidence));
	for (uint8_t i = 0; i < v->alternatives; i++)
		text_add(&t, "%s%s, %u %%", i == 0 ? "; or else " : "; ",
			 cause_name(v->alternative[i].cause),
			 words_per_cent(v->alternative[i].confidence));
	cell(r, "how sure", buffer);
	named_rows(r, conn, v, capture);
	fputs("</table>\n", r->body);
}

/* What is counted for a question before a packet is looked at: else nobody could redo the sum. */
static void prior(struct report *r, enum about about, int decibans)
{
	fprintf(r->body, "<tr><td class=\"n\">%+d</td><td>%s</td><td>%s</td><td></td></tr>\n",
		decibans, about_name(about), prior_words(about));
}

/* Heaviest first, as classify sorted them; what speaks against it has its sign. */
static void evidence(struct report *r, const struct evidence *list, uint8_t count)
{
	for (uint8_t i = 0; i < count; i++) {
		char frames[64] = "";
		struct text t = text_in(frames, sizeof(frames));

		text_add_marks(r, &t, &list[i]);
		fprintf(r->body, "<tr><td class=\"n\">%+d</td><td>%s</td><td>", list[i].decibans,
			about_name(list[i].about));
		svg_add(r->body, list[i].text);
		fprintf(r->body, "</td><td class=\"n\">%s</td></tr>\n", frames);
	}
}

static void reasons(struct report *r, const struct verdict *v)
{
	if (v->evidences + v->againsts == 0)
		return;
	fputs("<h3>Evidence</h3>\n<table>\n<tr><th scope=\"col\" class=\"n\">decibans</th>"
	      "<th scope=\"col\">for</th><th scope=\"col\">what was seen</th><th scope=\"col\" class=\"n\">frames</th></tr>\n",
	      r->body);
	prior(r, ABOUT_WHY, v->prior);
	if (v->who_prior != 0)
		prior(r, ABOUT_WHO, v->who_prior);
	evidence(r, v->evidence, v->evidences);
	evidence(r, v->against, v->againsts);
	fputs("</table>\n", r->body);
}

/* One that was seen for a frame or two has no course to be drawn. */
static void course(struct report *r, const struct conn *conn, const struct verdict *v)
{
	struct rung rungs[LADDER_RUNGS_MAX];
	size_t count = ladder_of(conn, v, rungs);

	if (count == 0)
		return;
	fputs("<h3>What happened</h3>\n<div class=\"picture\">", r->body);
	svg_ladder(r, r->body, rungs, count, conn->id);
	fputs("</div>\n", r->body);
}

/* Ours are shorter. */
#define LINES_MAX 2048

static void put_lines(struct report *r, const char *lines)
{
	char buffer[ESCAPED_MARKUP_SIZE(LINES_MAX)];
	struct text t = text_in(buffer, sizeof(buffer));

	escape_add_html_lines(&t, lines);
	fprintf(r->body, "<pre>%s</pre>", buffer);
}

/* A command keeps its lines: it is there to be copied. */
static void item(struct report *r, const char *who, const char *words, const char *lines)
{
	fprintf(r->body, "<li>%s%s", who, who[0] != '\0' ? ": " : "");
	svg_add(r->body, words);
	if (lines != NULL && lines[0] != '\0')
		put_lines(r, lines);
	fputs("</li>\n", r->body);
}

static void advice(struct report *r, const struct verdict *v)
{
	if (v->settles != 0)
		fputs("<h3>What would settle it</h3>\n<ul>\n", r->body);
	for (uint8_t i = 0; i < v->settles; i++)
		item(r, "", v->settle[i].text, v->settle[i].command);
	fputs(v->settles != 0 ? "</ul>\n" : "", r->body);
	fputs("<h3>What to do</h3>\n<p>", r->body);
	svg_add(r->body, v->remedy->text);
	putc(' ', r->body);
	svg_add(r->body, v->remedy->why);
	fputs("</p>\n<ul>\n", r->body);
	for (int i = 0; i < REMEDY_STEPS_MAX && v->remedy->step[i].text != NULL; i++)
		item(r, where_name(v->remedy->step[i].where), v->remedy->step[i].text,
		     v->remedy->step[i].command);
	fputs("</ul>\n", r->body);
	if (v->limits != 0)
		fputs("<h3>Limits of this capture</h3>\n<ul>\n", r->body);
	for (uint8_t i = 0; i < v->limits; i++)
		item(r, "", v->limit[i], NULL);
	fputs(v->limits != 0 ? "</ul>\n" : "", r->body);
}

/* What the filter looks at; addresses need no escaping. */
static void tags(struct report *r, const struct conn *conn, const struct verdict *v)
{
	char hosts[160];
	struct text t = text_in(hosts, sizeof(hosts));

	endpoint_add(&t, &conn->peer[CLIENT].at);
	text_add(&t, " ");
	endpoint_add(&t, &conn->peer[SERVER].at);
	fprintf(r->body, " id=\"c%" PRIu64 "\" data-cause=\"%s\" data-hosts=\"%s\"", conn->id,
		cause_name(v->cause), hosts);
}

/* With how sure it is, and the frames: for whoever copies this line alone. */
static void sentence(struct report *r, const struct verdict *v)
{
	char buffer[SENTENCE_TEXT_MAX];
	struct text t = text_in(buffer, sizeof(buffer));

	sentence_add(&t, r, v);
	svg_add(r->body, buffer);
}

void html_conn(struct report *r, const struct conn *conn, const struct verdict *v)
{
	fputs("<article", r->body);
	tags(r, conn, v);
	fprintf(r->body,
		" class=\"b%zu\"><details><summary>#%" PRIu64
		" <span class=\"tag\">%s</span> <span class=\"sentence\">",
		overview_family(v->cause), conn->id, cause_name(v->cause));
	sentence(r, v);
	fputs("</span></summary>\n", r->body);
	facts(r, conn, v);
	reasons(r, v);
	course(r, conn, v);
	advice(r, v);
	fputs("</details></article>\n", r->body);
}

void html_row(struct report *r, const struct conn *conn, const struct verdict *v)
{
	fputs("<li", r->body);
	tags(r, conn, v);
	fprintf(r->body, ">#%" PRIu64 " ", conn->id);
	sentence(r, v);
	fputs("</li>\n", r->body);
}
