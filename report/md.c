/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The report for tickets, merge requests and chats: Markdown that each renderer shows alike. The
 * sentence first, then a table of facts, the evidence, the course as a diagram and as a ladder.
 * Services refuse or cut long texts, so what would make it longer is told in a line, then counted.
 */
#include "report/md.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/die.h"
#include "report/escape.h"
#include "report/groups.h"
#include "report/named.h"
#include "report/sentence.h"
#include "report/words.h"
#include "report/worst.h"

/*
 * GitHub takes 65,536 characters; 60,000 are the aim for all of it. A connection is some 12,000, a group
 * 300 to 600.
 */
#define FULL_ROOM 38000
#define LINES_UNTIL 44000 /* with what is told in full */
#define LINES_MAX 200     /* a sentence each: more nobody reads, and few would fit */
#define GROUPS_IN_TEXT 12

struct md {
	struct worst worst;
	uint64_t seen, poured_len, lines_told, full_told;
	size_t lines;
	struct part line[LINES_MAX]; /* id 0: it is told in full */
	bool full;                   /* the one to be told next may be among the worst */
};

static void begin(struct report *r)
{
	r->own = xcalloc(1, sizeof(struct md));
}

void md_add(FILE *out, const char *words)
{
	char buffer[ESCAPED_MARKUP_SIZE(MD_WORDS_MAX)];
	struct text t = text_in(buffer, sizeof(buffer));

	escape_add_markdown(&t, words);
	fputs(buffer, out);
}

/* With how sure it is, and the frames: for whoever copies this line alone. */
void md_sentence(struct report *r, const struct verdict *v)
{
	char buffer[SENTENCE_TEXT_MAX];
	struct text t = text_in(buffer, sizeof(buffer));

	sentence_add(&t, r, v);
	md_add(r->body, buffer);
}

static void put_line(struct report *r, const struct conn *conn, const struct verdict *v)
{
	struct md *md = r->own;
	long from = ftell(r->body);

	/* No "#1": that would be a link to somebody's ticket. */
	fprintf(r->body, "- Connection %" PRIu64 ": ", conn->id);
	md_sentence(r, v);
	putc('\n', r->body);
	md->line[md->lines++] = (struct part){ .id = conn->id,
					       .len = (uint64_t)(ftell(r->body) - from),
					       .from = from };
}

static bool count(struct report *r, const struct conn *conn, const struct verdict *v)
{
	struct md *md = r->own;

	if (cause_is_healthy(v->cause) && !r->options.all)
		return false;
	md->seen++;
	/* Who asks for all gets them as they came, as far as there is room. */
	md->full = r->options.all ? md->worst.count < LINES_MAX : worst_count(r, &md->worst, conn);
	return md->full || md->lines < LINES_MAX;
}

/* Which of the two it will be is known at the end. */
static void each(struct report *r, const struct conn *conn, const struct verdict *v)
{
	struct md *md = r->own;
	long from;

	if (md->lines < LINES_MAX)
		put_line(r, conn, v);
	from = ftell(r->body);
	if (!md->full)
		return;
	md_conn(r, conn, v);
	worst_told(&md->worst, r, conn->id, from);
}

/* ---- those that are told ---- */

static void pour(struct report *r, const struct part *part)
{
	struct md *md = r->own;

	report_pour_part(r, part->from, part->len);
	md->poured_len += part->len;
}

/* Up to the first that finds no room: a lesser one is not told in its place. */
static void put_worst(struct report *r)
{
	const struct part *chosen[WORST_SHOWN];
	struct md *md = r->own;
	size_t count =
		r->options.all ? md->worst.count : worst_choose(&md->worst, r->groups, chosen);

	for (size_t i = 0; i < count; i++) {
		const struct part *part = r->options.all ? &md->worst.told[i] : chosen[i];

		if (md->poured_len + part->len > FULL_ROOM)
			return;
		pour(r, part);
		md->full_told++;
		for (size_t k = 0; k < md->lines; k++)
			md->line[k].id = md->line[k].id == part->id ? 0 : md->line[k].id;
	}
}

static void put_lines(struct report *r)
{
	struct md *md = r->own;

	for (size_t i = 0; i < md->lines; i++) {
		if (md->line[i].id == 0)
			continue;
		if (md->poured_len + md->line[i].len > LINES_UNTIL)
			return;
		if (md->lines_told++ == 0)
			fprintf(r->out, "\n## Others%s\n\n",
				r->options.all ? "" : " that ended oddly");
		pour(r, &md->line[i]);
	}
}

/* ---- what stands around the connections ---- */

/* Of very many only damaged ones. */
static void put_files(const struct report *r, const struct totals *totals)
{
	const size_t room = named_apart(r) ? NAMED_DAMAGED_MAX : NAMED_FILES_MAX;
	size_t shown = 0;

	for (size_t i = 0; i < totals->inputs && shown < room; i++) {
		const struct input_total *input = &totals->input[i];
		char path[512];
		struct text t = text_in(path, sizeof(path));

		if (named_apart(r) && input->damaged == NULL)
			continue;
		shown++;
		escape_add_path(&t, input->path);
		fputs("- ", r->out);
		if (totals->inputs > 1) /* as frames name them */
			fprintf(r->out, "%zu: ", i + 1);
		md_add(r->out, path);
		fprintf(r->out, ": %" PRIu64 " frames", input->packets);
		if (input->packets != 0) {
			t = text_in(path, sizeof(path));
			clock_add_utc(&t, input->first_ns);
			text_add(&t, ", for ");
			clock_add_span(&t, words_span_ns(input->first_ns, input->last_ns));
			fprintf(r->out, " from %s", path);
		}
		if (input->damaged != NULL) {
			fputs("; ", r->out);
			md_add(r->out, input->damaged);
		}
		putc('\n', r->out);
	}
	if (shown < totals->inputs)
		fprintf(r->out, "- %s%zu %s\n", shown != 0 ? "and " : "", totals->inputs - shown,
			shown != 0 ? "more files" : "files");
}

/* Of many, first what they have in common: one ticket in place of forty. */
static void put_groups(const struct report *r)
{
	struct groups *g = r->groups;

	if (g->odd < GROUPS_FROM)
		return;
	groups_sort(g);
	fputs("\n## What they have in common, the gravest first\n\n", r->out);
	for (size_t i = 0; i < g->count && i < GROUPS_IN_TEXT; i++) {
		char buffer[GROUP_TEXT_MAX];
		struct text t = text_in(buffer, sizeof(buffer));

		groups_add_words(&t, g, &g->group[i]);
		fprintf(r->out, "- **%s**: ", severity_name(groups_severity(g, &g->group[i])));
		md_add(r->out, buffer);
		putc('\n', r->out);
	}
	if (groups_rest(g, GROUPS_IN_TEXT) != 0)
		fprintf(r->out, "- and %" PRIu64 " other connections\n",
			groups_rest(g, GROUPS_IN_TEXT));
}

/* Also healthy ones: a share says more than a number. */
static void put_causes(const struct report *r, const struct totals *totals)
{
	fputs("\n## Totals\n\n| connections | cause | meaning |\n| --: | --- | --- |\n", r->out);
	for (int i = 0; i < CAUSE_COUNT; i++) {
		if (totals->causes[i] == 0)
			continue;
		fprintf(r->out, "| %" PRIu64 " | `%s` | %s |\n", totals->causes[i],
			cause_name((enum cause_id)i), cause_title((enum cause_id)i));
	}
}

static void end(struct report *r, const struct totals *totals)
{
	const struct md *md = r->own;
	uint64_t odd = 0, left_out;

	for (int i = 0; i < CAUSE_COUNT; i++)
		odd += cause_is_healthy((enum cause_id)i) ? 0 : totals->causes[i];
	fprintf(r->out, "# SSH connections: %" PRIu64 " seen, %" PRIu64 " ended oddly\n\n",
		totals->connections, odd);
	if (r->options.redacted)
		fputs(REPORT_REDACTED "\n\n", r->out);
	put_files(r, totals);
	put_groups(r);
	put_worst(r);
	put_lines(r);
	left_out = md->seen - md->full_told - md->lines_told;
	if (left_out != 0)
		fprintf(r->out,
			"\nLeft out of this text, so that it stays short: %" PRIu64
			" more connections that ended oddly. `rstscope read --all -f text` shows them all.\n",
			left_out);
	put_causes(r, totals);
	fputs("\nWritten by rstscope " RSTSCOPE_VERSION
	      ". Confidence is a probability; decibans: +10 is ten times likelier.\n",
	      r->out);
}

const struct format format_md = {
	.name = "md",
	.waits = true,
	.begin = begin,
	.count = count,
	.each = each,
	.end = end,
};
