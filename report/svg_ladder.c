/* SPDX-License-Identifier: BSD-3-Clause */
/* The course of a connection, drawn: what ladder_draw.c does with letters. */
#include <inttypes.h>

#include "base/clock.h"
#include "report/escape.h"
#include "report/sentence.h"
#include "report/svg.h"
#include "report/text.h"

#define WIDTH 760
#define TOP 34
#define STEP 22
#define LEFT_X 190
#define RIGHT_X 730
#define MID_X ((LEFT_X + RIGHT_X) / 2)

/* Told apart by lightness, not by hue alone; all have 3:1 against their ground (WCAG 1.4.11). */
const char svg_style[] =
	"text{font:12px ui-monospace,monospace;fill:#222}"
	".axis,.rail{stroke:#888;fill:none}.life{stroke:#555;stroke-width:6}"
	".still{stroke:#777;stroke-width:2;stroke-dasharray:2 3}"
	".arrow{stroke:#333;fill:#333}.arrow text{stroke:none}.bad{stroke:#b3261e;fill:#b3261e}.bad text,text.bad{fill:#b3261e;stroke:none}"
	".f0{fill:#8a5a00}.f1{fill:#6a4fb3}.f2{fill:#b3261e}.f3{fill:#00687a}.f4{fill:#a0307f}"
	".f5{fill:#666}.f6{fill:#3d7a3d}"
	".l0,.l1,.l2,.l3,.l4,.l5,.l6{stroke-width:2.5;fill:none}.l0{stroke:#8a5a00}.l1{stroke:#6a4fb3}"
	".l2{stroke:#b3261e}.l3{stroke:#00687a}.l4{stroke:#a0307f}.l5{stroke:#666}.l6{stroke:#3d7a3d}"
	".gap{fill:#777;fill-opacity:.16}.mass{fill:#b3261e;fill-opacity:.14}"
	"@media screen and (prefers-color-scheme:dark){.mass{fill:#ff8a80;fill-opacity:.22}text{fill:#ddd}.life{stroke:#aaa}.still{stroke:#888}"
	".arrow{stroke:#ccc;fill:#ccc}.bad{stroke:#ff8a80;fill:#ff8a80}.bad text,text.bad{fill:#ff8a80}"
	".f0{fill:#e0a43a}.f1{fill:#a794ee}.f2{fill:#ff8a80}.f3{fill:#4fc3d9}.f4{fill:#ec86cf}"
	".f5{fill:#aaa}.f6{fill:#7bc47b}.l0{stroke:#e0a43a}.l1{stroke:#a794ee}.l2{stroke:#ff8a80}"
	".l3{stroke:#4fc3d9}.l4{stroke:#ec86cf}.l5{stroke:#aaa}.l6{stroke:#7bc47b}}";

void svg_add(FILE *out, const char *words)
{
	char buffer[ESCAPED_MARKUP_SIZE(SENTENCE_TEXT_MAX)];
	struct text t = text_in(buffer, sizeof(buffer));

	escape_add_html(&t, words);
	fputs(buffer, out);
}

static int x_of(enum lane lane)
{
	return lane == LANE_CLIENT ? LEFT_X : lane == LANE_SERVER ? RIGHT_X : MID_X;
}

static void when(const struct report *r, FILE *out, const struct rung *rung, int y)
{
	char frame[32];
	struct text t = text_in(frame, sizeof(frame));
	int64_t us = rung->after_ns / NS_PER_US;

	text_add_mark(r, &t, rung->mark);
	fprintf(out,
		"<text x=\"110\" y=\"%d\" text-anchor=\"end\">%" PRId64 ".%06" PRId64
		"</text><text x=\"170\" y=\"%d\" text-anchor=\"end\">%s</text>",
		y, us / 1000000, us % 1000000, y, frame);
}

static void arrow(FILE *out, const struct rung *rung, int y)
{
	int a = x_of(rung->from), b = x_of(rung->to), back = a < b ? -8 : 8;
	const char *class = rung->ending || rung->lost ? "bad" : "arrow";

	/* One element for all of it: a page has hundreds of ladders. */
	fprintf(out, "<g class=\"%s\"><path d=\"M%d %dH%d", class, a, y, b);
	if (rung->lost)
		fprintf(out, "M%d %dl10 10m0 -10l-10 10\"/>", b - 5, y - 5);
	else
		fprintf(out, "M%d %dl%d -4v8z\"/>", b, y, back);
	if (rung->from == LANE_MIDDLE)
		fprintf(out, "<circle cx=\"%d\" cy=\"%d\" r=\"4\"/>", a, y);
	fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">", (a + b) / 2, y - 4);
	svg_add(out, rung->label);
	/* In words, too: not everybody sees red. */
	fprintf(out, "%s</text></g>", rung->ending ? " (this ended it)" : "");
}

static void between(FILE *out, const struct rung *rung, int y)
{
	if (rung->kind == RUNG_SILENCE)
		fprintf(out,
			"<g class=\"decoration\"><rect class=\"gap\" x=\"%d\" y=\"%d\" "
			"width=\"%d\" height=\"%d\"/></g>",
			LEFT_X, y - STEP + 6, RIGHT_X - LEFT_X, STEP);
	fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">", MID_X, y);
	svg_add(out, rung->label);
	fputs("</text>", out);
}

static int y_of(size_t i)
{
	return TOP + STEP * (int)i + 10;
}

/* The rails of the two ends; broken where time was left out. */
static void rails(FILE *out, const struct rung *rungs, size_t count, bool broken)
{
	fprintf(out, "<path class=\"rail\"%s d=\"", broken ? " stroke-dasharray=\"2 4\"" : "");
	for (size_t i = 0; i < count; i++) {
		bool whole = rungs[i].kind == RUNG_ARROW || rungs[i].kind == RUNG_NOTE;

		if (whole != broken)
			fprintf(out, "M%d %dv%dm%d 0v%d", LEFT_X, y_of(i) - STEP + 6, STEP,
				RIGHT_X - LEFT_X, -STEP);
	}
	fputs("\"/>", out);
}

/* A rail of its own only where something happens on it; it leaves room for the labels. */
static void middle(FILE *out, const char *name, size_t count)
{
	if (name[0] != '\0')
		fprintf(out,
			"<text x=\"%d\" y=\"16\" text-anchor=\"middle\">%s</text>"
			"<g class=\"decoration\"><path class=\"rail\" stroke-dasharray=\"5 %d\" "
			"d=\"M%d %dV%zu\"/></g>\n",
			MID_X, name, STEP - 5, MID_X, y_of(0) + 1, TOP + STEP * count);
}

void svg_ladder(const struct report *r, FILE *out, const struct rung *rungs, size_t count,
		uint64_t id)
{
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %zu\" role=\"img\" "
		"aria-labelledby=\"ladder%" PRIu64
		"\" class=\"ladder\">\n<title id=\"ladder%" PRIu64 "\">Connection %" PRIu64
		": who sent what, time running down</title>\n"
		"<text x=\"110\" y=\"16\" text-anchor=\"end\">seconds</text>"
		"<text x=\"170\" y=\"16\" text-anchor=\"end\">frame</text>"
		"<text x=\"%d\" y=\"16\">client</text><text x=\"%d\" y=\"16\" "
		"text-anchor=\"end\">server</text>\n",
		WIDTH, TOP + STEP * count, id, id, id, LEFT_X, RIGHT_X);
	middle(out, ladder_middle(rungs, count), count);
	rails(out, rungs, count, false);
	rails(out, rungs, count, true);
	for (size_t i = 0; i < count; i++) {
		int y = y_of(i);

		if (rungs[i].mark.number != 0 && rungs[i].kind != RUNG_SILENCE)
			when(r, out, &rungs[i], y);
		if (rungs[i].kind == RUNG_ARROW)
			arrow(out, &rungs[i], y);
		else
			between(out, &rungs[i], y);
		putc('\n', out);
	}
	fputs("</svg>\n", out);
}
