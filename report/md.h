/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the Markdown format share. */
#ifndef REPORT_MD_H
#define REPORT_MD_H

#include <stdio.h>

#include "report/inside.h"

/* The longest sentence: a verdict's. */
#define MD_WORDS_MAX VERDICT_SENTENCE_MAX

/* Words of ours, escaped; what is longer than MD_WORDS_MAX may be cut. */
void md_add(FILE *, const char *words);

/* md_conn.c: a connection in full, to body. */
void md_conn(struct report *, const struct conn *, const struct verdict *);

#endif
