/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Above, how many connections ended when, by family; below, the odd ones as lanes: a bar while they
 * lived, a thin line for the silence before the end, ticks for what was lost, and a mark whose shape is
 * who ended it.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "report/svg.h"
#include "report/words.h"

/* In units of the drawing, which the page scales. */
#define WIDTH 1350 /* behind the last lane the longest name of a cause fits */
#define LEFT 220   /* names of the lanes */
#define DRAWN 960
#define CHART_TOP 40
#define CHART 110
#define LANES_TOP (CHART_TOP + CHART + 40)
#define LANE 20
#define LEGEND 26
#define LETTER 7.3 /* of the font's 12 units */
#define MASS_ROWS 2

struct scale {
	const struct overview *o;
	size_t columns; /* that are used: the rest is time after the capture */
	int64_t span_ns;
	double column; /* its width */
};

static struct scale scale_of(const struct overview *o)
{
	struct scale s = { .o = o, .columns = 1 };

	if (o->some)
		s.columns = (size_t)(words_span_ns(o->begin_ns, o->last_ns) / o->width_ns) + 1;
	if (s.columns > OVERVIEW_COLUMNS)
		s.columns = OVERVIEW_COLUMNS;
	s.span_ns = o->width_ns * (int64_t)s.columns;
	s.column = (double)DRAWN / (double)s.columns;
	return s;
}

/* Tenths of a unit: more is not seen. */
static double x_of(const struct scale *s, int64_t time_ns)
{
	double at = (double)words_span_ns(s->o->begin_ns, time_ns) / (double)s->span_ns;

	return LEFT + DRAWN * (at < 1 ? at : 1);
}

/* ---- how many ended when ---- */

/* The highest column gives the scale: there is nothing to compare it with. */
static uint32_t highest(const struct overview *o)
{
	uint32_t most = 1;

	for (size_t i = 0; i < OVERVIEW_COLUMNS; i++) {
		uint32_t sum = 0;

		for (size_t row = 0; row < OVERVIEW_FAMILIES; row++)
			sum += o->ended[row][i];
		if (sum > most)
			most = sum;
	}
	return most;
}

static void draw_column(FILE *out, const struct scale *s, size_t i, double unit)
{
	const struct overview *o = s->o;
	double y = CHART_TOP + CHART;

	for (size_t row = OVERVIEW_FAMILIES; row-- > 0;) {
		double height = o->ended[row][i] * unit;

		if (o->ended[row][i] == 0)
			continue;
		if (height < 1.5) /* one among thousands is seen, too */
			height = 1.5;
		y -= height;
		fprintf(out,
			"<rect class=\"f%zu\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n",
			row, LEFT + (double)i * s->column, y, s->column - 1, height);
	}
}

static void draw_times(FILE *out, const struct scale *s)
{
	for (int i = 0; i <= 4; i++) {
		char words[40];
		struct text t = text_in(words, sizeof(words));
		int x = LEFT + DRAWN * i / 4;

		if (i == 0)
			clock_add_utc(&t, s->o->begin_ns);
		else
			text_add(&t, "+");
		if (i != 0)
			clock_add_span(&t, s->span_ns / 4 * i);
		fprintf(out,
			"<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>"
			"<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">",
			x, x, CHART_TOP + CHART, CHART_TOP + CHART + 5, x, CHART_TOP + CHART + 18,
			i == 0 ? "start" :
			i == 4 ? "end" :
				 "middle");
		svg_add(out, words);
		fputs("</text>\n", out);
	}
}

/* Counts and the time are the only numbers; who wants more has the lanes and the text. */
static void draw_chart(FILE *out, const struct scale *s)
{
	uint32_t most = highest(s->o);

	fprintf(out,
		"<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%" PRIu32
		"</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">ended</text>\n"
		"<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>\n",
		LEFT - 8, CHART_TOP + 10, most, LEFT - 8, CHART_TOP + 26, LEFT, LEFT + DRAWN,
		CHART_TOP + CHART, CHART_TOP + CHART);
	for (size_t i = 0; i < s->columns; i++)
		draw_column(out, s, i, (double)CHART / most);
	draw_times(out, s);
}

/* Above its band, in the first row where it hides no other; the band alone where there is none. */
static void name_mass(FILE *out, const struct scale *s, const struct overview_mass *mass, double x,
		      double width, double used[MASS_ROWS])
{
	char words[64];
	struct text t = text_in(words, sizeof(words));
	int row = 0;

	text_add(&t, "%" PRIu64 " within ", mass->ended);
	clock_add_span(&t, (int64_t)mass->columns * s->o->width_ns);
	if (x + width / 2 > LEFT + DRAWN / 2.0) /* ends with the band, or there may be no room */
		x += width - LETTER * (double)t.len;
	while (row < MASS_ROWS && x < used[row])
		row++;
	if (row == MASS_ROWS)
		return;
	used[row] = x + LETTER * (double)(t.len + 1);
	fprintf(out, "<text class=\"bad\" x=\"%.1f\" y=\"%d\">", x, CHART_TOP - 12 - 13 * row);
	svg_add(out, words);
	fputs("</text>\n", out);
}

/* A band through chart and lanes, with its number: to be seen before anything is read. */
static void draw_masses(FILE *out, const struct scale *s)
{
	struct overview_mass mass[OVERVIEW_MASSES];
	size_t count = overview_masses(s->o, mass);
	double used[MASS_ROWS] = { 0 };

	for (size_t i = 0; i < count; i++) {
		double x = LEFT + (double)mass[i].from * s->column - 3;
		double width = (double)mass[i].columns * s->column + 6;

		fprintf(out,
			"<g class=\"decoration\"><rect class=\"mass\" x=\"%.1f\" y=\"%d\" "
			"width=\"%.1f\" height=\"%zu\"/></g>\n",
			x, CHART_TOP - 8, width, LANES_TOP - CHART_TOP + 8 + LANE * s->o->lanes);
		name_mass(out, s, &mass[i], x, width, used);
	}
}

/* ---- lanes ---- */

/* Circle: server. Square: client. Diamond: a device between. Cross: the network. */
static void draw_mark(FILE *out, enum who who, size_t family, double x, double y)
{
	if (who == WHO_SERVER)
		fprintf(out, "<circle class=\"f%zu\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\"/>", family, x,
			y);
	else if (who == WHO_CLIENT)
		fprintf(out,
			"<rect class=\"f%zu\" x=\"%.1f\" y=\"%.1f\" width=\"9\" height=\"9\"/>",
			family, x - 4.5, y - 4.5);
	else if (who == WHO_MIDDLEBOX)
		fprintf(out, "<path class=\"f%zu\" d=\"M%.1f %.1fl6 6l-6 6l-6 -6z\"/>", family, x,
			y - 6);
	else
		fprintf(out, "<path class=\"l%zu\" d=\"M%.1f %.1fl9 9m0 -9l-9 9\"/>", family,
			x - 4.5, y - 4.5);
}

/* Above the lane what was sent again, below it what the capture lacks. */
static void draw_ticks(FILE *out, const struct scale *s, const struct overview_lane *lane, double y)
{
	if (lane->ticks == 0)
		return;
	fputs("<path class=\"bad\" d=\"", out);
	for (uint8_t i = 0; i < lane->ticks; i++)
		fprintf(out, "M%.1f %.1fv5", x_of(s, lane->tick[i].time_ns),
			lane->tick[i].uncaptured ? y + 4 : y - 9);
	fputs("\"/>", out);
}

/* A reset looks cut off, whoever made it. */
static void draw_reset(FILE *out, const struct overview_lane *lane, size_t family, double x,
		       double y)
{
	if (lane->ending == ENDING_reset || lane->ending == ENDING_refused)
		fprintf(out, "<path class=\"l%zu\" d=\"M%.1f %.1fv18\"/>", family, x, y - 9);
}

static void draw_lane(FILE *out, const struct scale *s, const struct overview_lane *lane, size_t i)
{
	double y = LANES_TOP + LANE * (double)i + 10, begin = x_of(s, lane->first_ns),
	       end = x_of(s, lane->end_ns), silent = x_of(s, lane->end_ns - lane->silence_ns);
	size_t family = overview_family(lane->cause);
	char name[80];
	struct text t = text_in(name, sizeof(name));

	if (silent < begin)
		silent = begin;
	text_add(&t, "#%" PRIu64 " ", lane->id);
	endpoint_add(&t, &lane->client);
	fputs("<g class=\"lane\"><title>", out);
	svg_add(out, lane->sentence);
	fprintf(out, "</title><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">", LEFT - 8, y + 4);
	svg_add(out, name);
	fprintf(out,
		"</text><line class=\"life\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>"
		"<line class=\"still\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
		begin, silent, y, y, silent, end, y, y);
	draw_ticks(out, s, lane, y);
	draw_reset(out, lane, family, end, y);
	draw_mark(out, lane->who, family, end, y);
	fprintf(out, "<text x=\"%.1f\" y=\"%.1f\">", end + 10, y + 4);
	svg_add(out, cause_name(lane->cause));
	fputs("</text></g>\n", out);
}

/* ---- legend and frame ---- */

static void draw_legend(FILE *out, const struct overview *o, double y)
{
	const struct family *family;
	double x = LEFT;

	for (size_t row = 0; (family = family_row(row)) != NULL; row++) {
		char words[64];
		struct text t = text_in(words, sizeof(words));

		if (o->of_family[row] == 0)
			continue;
		text_add(&t, "%s (%" PRIu64 ")", family->name, o->of_family[row]);
		fprintf(out,
			"<rect class=\"f%zu\" x=\"%.1f\" y=\"%.1f\" width=\"10\" height=\"10\"/>"
			"<text x=\"%.1f\" y=\"%.1f\">%s</text>\n",
			row, x, y - 9, x + 14, y, words);
		x += 14 + LETTER * (double)(t.len + 2);
	}
	fprintf(out,
		"<text x=\"%d\" y=\"%.1f\">ended by: circle server, square client, diamond "
		"a device between, cross the network or nobody; with a bar: by a reset</text>\n"
		"<text x=\"%d\" y=\"%.1f\">thin line: silence; tick above: sent again; tick below: "
		"not in the capture</text>\n",
		LEFT, y + 18, LEFT, y + 36);
}

void svg_overview(FILE *out, const struct overview *o, bool alone)
{
	struct scale scale = scale_of(o);
	double bottom = LANES_TOP + LANE * (double)o->lanes + LEGEND;

	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" role=\"img\" "
		"aria-labelledby=\"overview\" class=\"overview\">\n"
		"<title id=\"overview\">SSH connections over time: %" PRIu64
		" ended oddly; %zu of them are drawn</title>\n",
		WIDTH, bottom + 48, o->odd, o->lanes);
	if (alone)
		fprintf(out,
			"<style>svg{background:#fff}@media screen and (prefers-color-scheme:dark)"
			"{svg{background:#16181c}}%s</style>\n",
			svg_style);
	if (o->some) {
		draw_masses(out, &scale);
		draw_chart(out, &scale);
		for (size_t i = 0; i < o->lanes; i++)
			draw_lane(out, &scale, &o->lane[i], i);
		draw_legend(out, o, bottom);
	}
	fputs("</svg>\n", out);
}
