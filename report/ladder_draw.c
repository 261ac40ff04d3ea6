/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A ladder in text: seconds, frame, and three lanes, as wide as the lines may be.
 *
 *   seconds   frame  client                middlebox              server
 *  0.030147       3  |---------------------- ACK ---------------------->|
 *                    :                                                  :
 *                    :                 350 s of silence                 :
 *                    :                                                  :
 * 350.041210      49  |--------------- data, 84 B --X                    |
 * 350.042001      50  |<------- RST --------#                            | !
 *
 * X: it did not arrive. #: made on the way. !: this ended the connection.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "report/ladder.h"
#include "report/text.h"
#include "report/wrap.h"

/* In front of the lanes: seconds, frame, blanks; behind them the mark of the end. */
#define FRONT 26
#define BEHIND 2
#define LANES_MAX (WRAP_COLUMNS_MAX - FRONT - BEHIND)
#define SIGN_SIZE 3    /* in UTF-8 */
#define COLORS_SIZE 32 /* one on, one off, and the end */

/* What a line is made of besides letters: below all that is printable, so they are told apart. */
enum cell { LINE = 1, RAIL, GAP, TO_RIGHT, TO_LEFT, LOST, MADE, CELLS };

static const char *const signs[CELLS][2] = {
	[LINE] = { "-", "\u2500" },     [RAIL] = { "|", "\u2502" },    [GAP] = { ":", "\u250a" },
	[TO_RIGHT] = { ">", "\u25b6" }, [TO_LEFT] = { "<", "\u25c0" }, [LOST] = { "X", "\u2715" },
	[MADE] = { "#", "\u25cf" },
};

struct canvas {
	const struct report *report;
	FILE *out;
	size_t width; /* from lane to lane, both included */
	char line[LANES_MAX + 1];
};

/* A label with its blanks over a line of dashes; what does not fit is cut: frames say where. */
static void put_label(char *line, size_t from, size_t to, const char *label)
{
	size_t len = strlen(label), room = to - from;

	if (room < 6)
		return;
	if (len > room - 4)
		len = room - 4;
	from += (room - len - 2) / 2;
	line[from++] = ' ';
	for (size_t i = 0; i < len; i++)
		line[from++] = label[i];
	line[from] = ' ';
}

/* The head stands before the line of its lane; the middle lane has none. */
static void draw_arrow(struct canvas *c, const struct rung *rung)
{
	const size_t column[] = { 0, c->width / 2, c->width - 1 };
	size_t a = column[rung->from], b = column[rung->to];
	size_t left = a < b ? a : b, right = a < b ? b : a;

	memset(c->line + left, LINE, right - left + 1);
	put_label(c->line, left + 1, right, rung->label);
	c->line[0] = c->line[c->width - 1] = RAIL;
	if (rung->from == LANE_MIDDLE)
		c->line[a] = MADE;
	if (rung->to == LANE_MIDDLE)
		c->line[b] = rung->lost ? LOST : MADE;
	else
		c->line[a < b ? b - 1 : b + 1] = a < b ? TO_RIGHT : TO_LEFT;
}

/* Dots in place of the lanes: time, or events, were left out here. */
static void draw_between(struct canvas *c, const struct rung *rung)
{
	put_label(c->line, 0, c->width, rung->label);
	c->line[0] = c->line[c->width - 1] = rung->kind == RUNG_NOTE ? RAIL : GAP;
}

static enum color color_of(const struct rung *rung)
{
	if (rung->ending)
		return COLOR_RED;
	return rung->lost || rung->kind == RUNG_SILENCE ? COLOR_YELLOW : COLOR_NONE;
}

/* Letters as they are, in one go; of the rest each cell is a sign. */
static void add_cells(struct text *t, const char *at, bool unicode)
{
	while (*at != '\0') {
		size_t letters = 0;

		while (at[letters] >= CELLS)
			letters++;
		text_add_bytes(t, at, letters);
		at += letters;
		for (; *at != '\0' && *at < CELLS; at++)
			text_add_bytes(t, signs[(int)*at][unicode],
				       strlen(signs[(int)*at][unicode]));
	}
}

static void put_line(const struct canvas *c, const char *seconds, const char *frame,
		     const struct rung *rung)
{
	enum color color = color_of(rung);
	char line[2 * FRONT + LANES_MAX * SIGN_SIZE + COLORS_SIZE];
	struct text t = text_in(line, sizeof(line));

	text_add(&t, "%15s %8s  %s", seconds, frame,
		 color != COLOR_NONE ? text_color(c->report, color) : "");
	add_cells(&t, c->line, c->report->options.unicode);
	text_add(&t, "%s%s\n", rung->ending ? " !" : "",
		 color != COLOR_NONE ? text_color(c->report, COLOR_NONE) : "");
	fwrite(line, 1, t.len, c->out);
}

static void clear(struct canvas *c)
{
	memset(c->line, ' ', c->width);
	c->line[c->width] = '\0';
}

/* The gap itself is seen, not only read of: around the longest silence there is room. */
static void put_room(struct canvas *c, const struct rung *rung)
{
	clear(c);
	c->line[0] = c->line[c->width - 1] = GAP;
	put_line(c, "", "", rung);
}

static void put_rung(struct canvas *c, const struct rung *rung)
{
	char frame[32] = "", seconds[32] = "";
	struct text f = text_in(frame, sizeof(frame)), s = text_in(seconds, sizeof(seconds));
	int64_t us = rung->after_ns / NS_PER_US;

	clear(c);
	if (rung->kind == RUNG_ARROW)
		draw_arrow(c, rung);
	else
		draw_between(c, rung);
	if (rung->kind == RUNG_ARROW || rung->kind == RUNG_NOTE)
		text_add(&s, "%" PRId64 ".%06" PRId64, us / 1000000, us % 1000000);
	if (rung->mark.number != 0 && rung->kind != RUNG_SILENCE)
		text_add_mark(c->report, &f, rung->mark);
	put_line(c, seconds, frame, rung);
}

/* The middle lane has a name where something happens on it. */
static void put_names(const struct canvas *c, const struct rung *rungs, size_t count)
{
	int half = (int)c->width / 2;

	fprintf(c->out, "%15s %8s  %-*s%-*s%*s\n", "seconds", "frame", half - 3, "client", 9,
		ladder_middle(rungs, count), (int)c->width - half - 6, "server");
}

static size_t longest_silence(const struct rung *rungs, size_t count)
{
	size_t longest = count;

	for (size_t i = 0; i < count; i++) {
		if (rungs[i].kind == RUNG_SILENCE &&
		    (longest == count || rungs[i].silence_ns > rungs[longest].silence_ns))
			longest = i;
	}
	return longest;
}

void ladder_draw(const struct report *r, FILE *out, const struct rung *rungs, size_t count)
{
	struct canvas c = { .report = r, .out = out };
	size_t longest = longest_silence(rungs, count);

	c.width = r->options.columns - FRONT - BEHIND;
	put_names(&c, rungs, count);
	for (size_t i = 0; i < count; i++) {
		if (i == longest)
			put_room(&c, &rungs[i]);
		put_rung(&c, &rungs[i]);
		if (i == longest)
			put_room(&c, &rungs[i]);
	}
}
