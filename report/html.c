/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The report as one file for browsers: no network, and no script needed to read it. First the picture
 * of the whole capture, then each odd connection as a sentence that unfolds; of many, the later ones as
 * lines, in pages that unfold, too. A browser lays out only what is unfolded.
 */
#include "report/html.h"

#include <inttypes.h>
#include <sha2.h>
#include <string.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/die.h"
#include "report/escape.h"
#include "report/groups.h"
#include "report/named.h"
#include "report/svg.h"
#include "report/words.h"

/* Each is some 15 kB; so many open in less than a second. */
#define FULL_MAX 500
#define PAGE_ROWS 500

/*
 * So many a browser still filters while somebody types (tests/browser.py), in some 20 MB; the last of them
 * are kept for those who were logged in, whom no scan must push out. --all lists however many.
 */
#define LISTED_MAX 60000
#define LISTED_BEFORE_LOGIN_MAX 50000

struct html {
	struct overview overview;
	uint64_t listed, left_out;
	bool listing; /* the one in hand is listed */
	bool page;    /* a page of rows is open */
};

static void begin(struct report *r)
{
	r->own = xcalloc(1, sizeof(struct html));
}

/* What is folded is not laid out: fifty thousand lines cost as much as one. */
static void row(struct report *r, const struct conn *conn, const struct verdict *v)
{
	struct html *html = r->own;

	if ((html->listed - FULL_MAX) % PAGE_ROWS == 1) {
		fprintf(r->body,
			"%s<details class=\"page\"><summary>Odd connections %" PRIu64 " to %" PRIu64
			", a line each<b></b></summary>\n<ul>\n",
			html->page ? "</ul></details>\n" : "", html->listed,
			html->listed + PAGE_ROWS - 1);
		html->page = true;
	}
	html_row(r, conn, v);
}

static bool has_room(const struct html *html, const struct conn *conn)
{
	return html->listed <
	       (conn->ssh.phase == SSH_PHASE_SESSION ? LISTED_MAX : LISTED_BEFORE_LOGIN_MAX);
}

static bool count(struct report *r, const struct conn *conn, const struct verdict *v)
{
	struct html *html = r->own;
	bool lane = overview_count(&html->overview, conn, v);
	bool odd = !cause_is_healthy(v->cause);

	html->listing = r->options.all || (odd && has_room(html, conn));
	html->left_out += odd && !html->listing;
	return lane || html->listing;
}

static void each(struct report *r, const struct conn *conn, const struct verdict *v)
{
	struct html *html = r->own;

	overview_tell(&html->overview, conn, v);
	if (!html->listing)
		return;
	if (++html->listed <= FULL_MAX)
		html_conn(r, conn, v);
	else
		row(r, conn, v);
}

/* ---- the page around them ---- */

/* CSP 3 section 2.3.1: what is not exactly this text is not run. */
static void put_hash(FILE *out, const char *what, const char *text)
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	char letters[BASE64_SIZE(SHA256_DIGEST_LENGTH)];
	SHA2_CTX hash;

	SHA256Init(&hash);
	SHA256Update(&hash, (const uint8_t *)text, strlen(text));
	SHA256Final(digest, &hash);
	base64(letters, digest, sizeof(digest));
	fprintf(out, ";%s 'sha256-%s'", what, letters);
}

/* Both parts of the style are one element: one hash. */
static void put_style(FILE *out, bool hashed)
{
	char style[8192];
	struct text t = text_in(style, sizeof(style));

	text_add(&t, "%s%s", html_style, svg_style);
	if (hashed)
		put_hash(out, "style-src", style);
	else
		fprintf(out, "<style>%s</style>\n", style);
}

/* The title is what a browser's history and a mail's attachment show of it. */
static void put_head(FILE *out, const struct totals *totals, uint64_t odd)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'",
	      out);
	put_style(out, true);
	put_hash(out, "script-src", html_script);
	fprintf(out,
		"\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
		"<title>SSH connections: %" PRIu64 " seen, %" PRIu64 " ended oddly</title>\n",
		totals->connections, odd);
	put_style(out, false);
	fprintf(out,
		"</head>\n<body>\n<h1>SSH connections: %" PRIu64 " seen, %" PRIu64
		" ended oddly</h1>\n",
		totals->connections, odd);
}

/* number: as frames name it; 0 when they need not. */
static void put_input(FILE *out, const struct input_total *input, size_t number)
{
	char buffer[512];
	struct text t = text_in(buffer, sizeof(buffer));

	escape_add_path(&t, input->path);
	fputs("<li>", out);
	if (number != 0)
		fprintf(out, "%zu: ", number);
	svg_add(out, buffer);
	fprintf(out, ": %" PRIu64 " frames", input->packets);
	if (input->packets != 0) {
		t = text_in(buffer, sizeof(buffer));
		clock_add_utc(&t, input->first_ns);
		text_add(&t, ", for ");
		clock_add_span(&t, words_span_ns(input->first_ns, input->last_ns));
		fprintf(out, " from %s", buffer);
	}
	if (input->damaged != NULL) {
		fputs("; ", out);
		svg_add(out, input->damaged);
	}
	fputs("</li>\n", out);
}

/* More than a few stay folded away; of very many only damaged ones are named. */
#define FILES_FOLDED 4
#define FILES_MAX 50

static void put_inputs(const struct report *r, const struct totals *totals)
{
	bool folded = totals->inputs > FILES_FOLDED;
	size_t shown = 0;

	if (folded)
		fprintf(r->out, "<details><summary>%zu files</summary>\n", totals->inputs);
	fputs("<ul>\n", r->out);
	for (size_t i = 0; i < totals->inputs && shown < FILES_MAX; i++) {
		if (named_apart(r) && totals->input[i].damaged == NULL)
			continue;
		put_input(r->out, &totals->input[i], totals->inputs > 1 ? i + 1 : 0);
		shown++;
	}
	if (shown < totals->inputs)
		fprintf(r->out, "<li>%s%zu %s</li>\n", shown != 0 ? "and " : "",
			totals->inputs - shown, shown != 0 ? "more" : "whole ones");
	fputs(folded ? "</ul></details>\n" : "</ul>\n", r->out);
}

/* Of many, first what they have in common; its examples unfold where they stand. */
static void put_groups(const struct report *r)
{
	struct groups *g = r->groups;

	if (g->odd < GROUPS_FROM)
		return;
	groups_sort(g);
	fputs("<h2>What they have in common, the gravest first</h2>\n<ul>\n", r->out);
	for (size_t i = 0; i < g->count && i < GROUPS_SHOWN; i++) {
		char buffer[GROUP_TEXT_MAX];
		struct text t = text_in(buffer, sizeof(buffer));

		groups_add_words(&t, g, &g->group[i]);
		fprintf(r->out, "<li><a href=\"#c%" PRIu64 "\"><b>%s</b></a> ",
			g->group[i].example[0], severity_name(groups_severity(g, &g->group[i])));
		svg_add(r->out, buffer);
		fputs("</li>\n", r->out);
	}
	if (groups_rest(g, GROUPS_SHOWN) != 0)
		fprintf(r->out, "<li>and %" PRIu64 " other connections</li>\n",
			groups_rest(g, GROUPS_SHOWN));
	fputs("</ul>\n", r->out);
}

static void put_causes(FILE *out, const struct totals *totals)
{
	fputs("<h2>Totals</h2>\n<table>\n<tr><th scope=\"col\" class=\"n\">connections</th>"
	      "<th scope=\"col\">cause</th><th scope=\"col\">meaning</th></tr>\n",
	      out);
	for (int i = 0; i < CAUSE_COUNT; i++) {
		if (totals->causes[i] == 0)
			continue;
		fprintf(out, "<tr><td class=\"n\">%" PRIu64 "</td><td>%s</td><td>",
			totals->causes[i], cause_name((enum cause_id)i));
		svg_add(out, cause_title((enum cause_id)i));
		fputs("</td></tr>\n", out);
	}
	fputs("</table>\n", out);
}

/* Shown by the script, which makes it work. */
static void put_filter(FILE *out, const struct totals *totals)
{
	fputs("<form id=\"filter\" hidden>\n<label>Cause <select id=\"cause\">"
	      "<option value=\"\">all</option>",
	      out);
	for (int i = 0; i < CAUSE_COUNT; i++) {
		if (totals->causes[i] != 0)
			fprintf(out, "<option>%s</option>", cause_name((enum cause_id)i));
	}
	fputs("</select></label>\n<label>Address <input id=\"host\" type=\"search\"></label>\n"
	      "<button type=\"button\" id=\"zoom\" aria-pressed=\"false\">Zoom the picture</button>\n"
	      "<output id=\"count\" for=\"cause host\"></output>\n</form>\n",
	      out);
}

static void put_left_out(FILE *out, uint64_t left_out)
{
	char buffer[64];
	struct text t = text_in(buffer, sizeof(buffer));

	words_add_counted(&t, left_out, "more connection");
	fprintf(out,
		"<p>Not listed: %s that ended oddly. The picture and the totals count all of them, "
		"<code>--all</code> lists them.</p>\n",
		buffer);
}

static void end(struct report *r, const struct totals *totals)
{
	struct html *html = r->own;

	overview_sort(&html->overview);
	put_head(r->out, totals, html->overview.odd);
	if (r->options.redacted)
		fputs("<p>" REPORT_REDACTED "</p>\n", r->out);
	put_inputs(r, totals);
	fputs("<h2>Over time</h2>\n<div class=\"picture\" id=\"picture\" role=\"region\" "
	      "aria-label=\"The capture over time\" tabindex=\"0\">\n",
	      r->out);
	svg_overview(r->out, &html->overview, false);
	fputs("</div>\n", r->out);
	put_groups(r);
	put_filter(r->out, totals);
	fputs("<main>\n<h2>Connections</h2>\n", r->out);
	report_pour(r);
	if (html->page)
		fputs("</ul></details>\n", r->out);
	if (html->left_out != 0)
		put_left_out(r->out, html->left_out);
	if (html->listed == 0)
		fputs("<p>All of them ended in order, or were alive at the end.</p>\n", r->out);
	fputs("</main>\n", r->out);
	put_causes(r->out, totals);
	fprintf(r->out,
		"<p>Written by rstscope " RSTSCOPE_VERSION
		". Confidence is a probability; decibans: +10 is ten times likelier.</p>\n"
		"<script>%s</script>\n</body>\n</html>\n",
		html_script);
}

const struct format format_html = {
	.name = "html",
	.waits = true,
	.begin = begin,
	.count = count,
	.each = each,
	.end = end,
};
