/* SPDX-License-Identifier: BSD-3-Clause */
/* Sentences in lines: of 80 columns, as mails and tickets like them, or of a terminal's width. */
#ifndef REPORT_WRAP_H
#define REPORT_WRAP_H

#include <stddef.h>
#include <stdio.h>

#define WRAP_COLUMNS 80
/* What else may be asked for: below, no table of frames fits; above, eyes lose the line. */
#define WRAP_COLUMNS_MIN 72
#define WRAP_COLUMNS_MAX 120

/*
 * Writes lead, then the words; further lines are indented by the length of lead. Whatever words
 * holds comes out as printable ASCII, and a word longer than a line is broken: it may be quoted
 * from the wire. lead is ours: printable, shorter than half a line.
 */
void wrap(FILE *out, const char *lead, const char *words);
void wrap_in(FILE *out, size_t columns, const char *lead, const char *words);

/* To be copied, so nothing is broken: each line of lines after lead, as long as it is. */
void wrap_not(FILE *out, const char *lead, const char *lines);

#endif
