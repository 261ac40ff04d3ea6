/* SPDX-License-Identifier: BSD-3-Clause */
/* A connection in Markdown: nothing that a renderer folds away, no HTML. */
#include <inttypes.h>

#include "report/escape.h"
#include "report/ladder.h"
#include "report/md.h"
#include "report/named.h"
#include "report/text.h"
#include "report/words.h"

/* The ending is in the heading, so that a table of contents tells it. */
static void heading(struct report *r, const struct conn *conn, const struct verdict *v)
{
	char buffer[160];
	struct text t = text_in(buffer, sizeof(buffer));

	endpoint_add(&t, &conn->peer[CLIENT].at);
	text_add(&t, " to ");
	endpoint_add(&t, &conn->peer[SERVER].at);
	fprintf(r->body, "\n## Connection %" PRIu64 ": ", conn->id);
	md_add(r->body, buffer);
	fprintf(r->body, ", %s\n\n**", ending_name(conn->end.ending));
	md_sentence(r, v);
	fputs("**\n", r->body);
}

static void fact(struct report *r, const char *name, const char *words)
{
	fprintf(r->body, "| %s | ", name);
	md_add(r->body, words);
	fputs(" |\n", r->body);
}

/* Rows, one a file: paths are long. */
static void capture(struct report *r, bool first, const char *words)
{
	(void)first;
	fact(r, "capture", words);
}

static void add_alternatives(struct text *t, const struct verdict *v)
{
	for (uint8_t i = 0; i < v->alternatives; i++)
		text_add(t, "%s%s, %u %%", i != 0 ? "; " : "", cause_name(v->alternative[i].cause),
			 words_per_cent(v->alternative[i].confidence));
}

static void facts(struct report *r, const struct conn *conn, const struct verdict *v)
{
	char buffer[256];
	struct text t = text_in(buffer, sizeof(buffer));

	fputs("\n| fact | value |\n| --- | --- |\n", r->body);
	words_add_when(&t, conn);
	fact(r, conn->end.ending != ENDING_open ? "when" : "until", buffer);
	fact(r, "who", who_name(v->who));
	t = text_in(buffer, sizeof(buffer));
	words_add_why(&t, v);
	fact(r, "why", buffer);
	t = text_in(buffer, sizeof(buffer));
	text_add(&t, "%s, %u %%", sure_name(v->sure), words_per_cent(v->confidence));
	fact(r, "how sure", buffer);
	t = text_in(buffer, sizeof(buffer));
	add_alternatives(&t, v);
	if (t.len != 0)
		fact(r, "or else", buffer);
	named_rows(r, conn, v, capture);
}

/* What is counted for a question before a packet is looked at: else nobody could redo the sum. */
static void prior(struct report *r, enum about about, int decibans)
{
	fprintf(r->body, "| %+d | %s | %s | |\n", decibans, about_name(about), prior_words(about));
}

static void evidence(struct report *r, const struct evidence *list, uint8_t count)
{
	for (uint8_t i = 0; i < count; i++) {
		char frames[64] = "";
		struct text t = text_in(frames, sizeof(frames));

		text_add_marks(r, &t, &list[i]);
		fprintf(r->body, "| %+d | %s | ", list[i].decibans, about_name(list[i].about));
		md_add(r->body, list[i].text);
		fprintf(r->body, " | %s |\n", frames);
	}
}

static void reasons(struct report *r, const struct verdict *v)
{
	if (v->evidences + v->againsts == 0)
		return;
	fputs("\n### Evidence\n\n| decibans | for | what was seen | frames |\n| --: | --- | --- | --- |\n",
	      r->body);
	prior(r, ABOUT_WHY, v->prior);
	if (v->who_prior != 0)
		prior(r, ABOUT_WHO, v->who_prior);
	evidence(r, v->evidence, v->evidences);
	evidence(r, v->against, v->againsts);
}

/* ---- the course ---- */

/* Without activations and boxes: GitHub, GitLab and Jira have different versions of Mermaid. */
static void diagram(struct report *r, const struct rung *rungs, size_t count)
{
	static const char *const lanes[] = { "C", "M", "S" };

	const char *middle = ladder_middle(rungs, count);

	fputs("\n```mermaid\nsequenceDiagram\n    participant C as client\n", r->body);
	if (middle[0] != '\0')
		fprintf(r->body, "    participant M as %s\n", middle);
	fputs("    participant S as server\n", r->body);
	for (size_t i = 0; i < count; i++) {
		char label[ESCAPED_MARKUP_SIZE(RUNG_LABEL_MAX)];
		struct text t = text_in(label, sizeof(label));

		escape_add_mermaid(&t, rungs[i].label);
		if (rungs[i].kind == RUNG_ARROW)
			fprintf(r->body, "    %s%s%s: %s\n", lanes[rungs[i].from],
				rungs[i].lost ? "-x" : "->>", lanes[rungs[i].to], label);
		else
			fprintf(r->body, "    Note over C,S: %s\n", label);
	}
	fputs("```\n", r->body);
}

/* Both: not every renderer knows Mermaid, and who pastes the text into a mail has the ladder. */
static void course(struct report *r, const struct conn *conn, const struct verdict *v)
{
	struct rung rungs[LADDER_RUNGS_MAX];
	size_t count = ladder_of(conn, v, rungs);

	if (count == 0)
		return;
	fputs("\n### What happened\n", r->body);
	diagram(r, rungs, count);
	fputs("\n```text\n", r->body);
	ladder_draw(r, r->body, rungs, count);
	fputs("```\n", r->body);
}

/* ---- what to do ---- */

/*
 * In a fence of its own, so that it can be copied; not inside its item, where a renderer may not look for
 * one. No line of a command is a fence.
 */
static void command(struct report *r, const char *lines)
{
	if (lines == NULL || lines[0] == '\0')
		return;
	fprintf(r->body, "\n```text\n%s\n```\n\n", lines);
}

static void item(struct report *r, const char *who, const char *words, const char *lines)
{
	fprintf(r->body, "- %s%s", who, who[0] != '\0' ? ": " : "");
	md_add(r->body, words);
	putc('\n', r->body);
	command(r, lines);
}

static void remedy(struct report *r, const struct remedy *remedy)
{
	fputs("\n### What to do\n\n", r->body);
	md_add(r->body, remedy->text);
	putc(' ', r->body);
	md_add(r->body, remedy->why);
	fputs("\n\n", r->body);
	for (int i = 0; i < REMEDY_STEPS_MAX && remedy->step[i].text != NULL; i++)
		item(r, where_name(remedy->step[i].where), remedy->step[i].text,
		     remedy->step[i].command);
}

void md_conn(struct report *r, const struct conn *conn, const struct verdict *v)
{
	heading(r, conn, v);
	facts(r, conn, v);
	reasons(r, v);
	course(r, conn, v);
	if (v->settles != 0)
		fputs("\n### What would settle it\n\n", r->body);
	for (uint8_t i = 0; i < v->settles; i++)
		item(r, "", v->settle[i].text, v->settle[i].command);
	remedy(r, v->remedy);
	if (v->limits != 0)
		fputs("\n### Limits of this capture\n\n", r->body);
	for (uint8_t i = 0; i < v->limits; i++)
		item(r, "", v->limit[i], NULL);
}
