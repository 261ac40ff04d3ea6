/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A ladder in text: seconds, frame, and three lanes.
 *
 *      0.030147       3  |---------------------- ACK ---------------------->|
 *                        :                 350 s of silence                 :
 *    350.041210      49  |--------------- data, 84 B --X                    |
 *    350.042001      50  |<------- RST --------#                            |
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "report/ladder.h"
#include "report/text.h"

/* Between the outer lanes: with times and frames in front, a line has 78 columns. */
#define WIDTH 52
#define MIDDLE (WIDTH / 2)

/* A label with its blanks over a line of dashes; what does not fit is cut: frames say where. */
static void put_label(char line[WIDTH + 1], size_t from, size_t to, const char *label)
{
	size_t len = strlen(label), room = to - from;

	if (room < 6)
		return;
	if (len > room - 4)
		len = room - 4;
	from += (room - len - 2) / 2;
	line[from] = ' ';
	memcpy(line + from + 1, label, len);
	line[from + 1 + len] = ' ';
}

/* The head stands before the line of its lane; the middle lane has none. */
static void draw_arrow(char line[WIDTH + 1], const struct rung *rung)
{
	static const size_t column[] = { 0, MIDDLE, WIDTH - 1 };
	size_t a = column[rung->from], b = column[rung->to];
	size_t left = a < b ? a : b, right = a < b ? b : a;

	memset(line + left, '-', right - left + 1);
	put_label(line, left + 1, right, rung->label);
	line[0] = line[WIDTH - 1] = '|';
	if (rung->from == LANE_NETWORK)
		line[a] = '#';
	if (rung->to == LANE_NETWORK)
		line[b] = rung->lost ? 'X' : '#';
	else
		line[a < b ? b - 1 : b + 1] = a < b ? '>' : '<';
}

/* Dots in place of the lanes: time, or events, were left out here. */
static void draw_between(char line[WIDTH + 1], const struct rung *rung)
{
	char edge = rung->kind == RUNG_NOTE ? '|' : ':';

	put_label(line, 0, WIDTH, rung->label);
	line[0] = edge;
	line[WIDTH - 1] = edge;
}

static void draw(const struct report *r, FILE *out, const char *lead, const struct rung *rung)
{
	char line[WIDTH + 1], frame[32] = "", seconds[32] = "";
	struct text f = text_in(frame, sizeof(frame));
	int64_t us = rung->after_ns / NS_PER_US;

	memset(line, ' ', WIDTH);
	line[WIDTH] = '\0';
	if (rung->kind == RUNG_ARROW)
		draw_arrow(line, rung);
	else
		draw_between(line, rung);
	if (rung->kind == RUNG_ARROW || rung->kind == RUNG_NOTE)
		snprintf(seconds, sizeof(seconds), "%" PRId64 ".%06" PRId64, us / 1000000,
			 us % 1000000);
	if (rung->mark.number != 0 && rung->kind != RUNG_SILENCE)
		text_add_mark(r, &f, rung->mark);
	fprintf(out, "%s%14s %7s  %s%s\n", lead, seconds, frame, line, rung->ending ? " !" : "");
}

void ladder_draw(const struct report *r, FILE *out, const char *lead, const struct rung *rungs,
		 size_t count)
{
	fprintf(out, "%s%14s %7s  %-*s%*s\n", lead, "seconds", "frame", WIDTH / 2 - 4, "client",
		WIDTH / 2 + 4, "server");
	for (size_t i = 0; i < count; i++)
		draw(r, out, lead, &rungs[i]);
}
