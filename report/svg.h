/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Drawings in SVG 1.1, to stand alone or inside HTML. Colours are classes: the page, or the style in the
 * drawing, gives them for a light and a dark ground. What a colour says is also said in words or by
 * shape. All text is escaped.
 */
#ifndef REPORT_SVG_H
#define REPORT_SVG_H

#include <stdio.h>

#include "report/ladder.h"
#include "report/overview.h"

/* The colours, as CSS without its element. */
extern const char svg_style[];

/* The whole capture. For a file of its own it brings its style. */
void svg_overview(FILE *, const struct overview *, bool alone);

/* The course of one connection; id makes its title's name unique in a page. */
void svg_ladder(const struct report *, FILE *, const struct rung *, size_t count, uint64_t id);

/* Words of ours, in text or in an attribute. */
void svg_add(FILE *, const char *words);

#endif
