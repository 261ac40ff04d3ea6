/* SPDX-License-Identifier: BSD-3-Clause */
/* Sentences in lines of at most 80 columns, as terminals, mails and tickets like them. */
#ifndef REPORT_WRAP_H
#define REPORT_WRAP_H

#include <stdio.h>

#define WRAP_COLUMNS 80

/*
 * Writes lead, then the words; further lines are indented by the length of lead. Whatever words
 * holds comes out as printable ASCII, and a word longer than a line is broken: it may be quoted
 * from the wire. lead is ours: printable, shorter than half a line.
 */
void wrap(FILE *out, const char *lead, const char *words);

/* To be copied, so nothing is broken: each line of lines after lead, as long as it is. */
void wrap_not(FILE *out, const char *lead, const char *lines);

#endif
