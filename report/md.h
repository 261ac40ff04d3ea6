/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the Markdown format share. */
#ifndef REPORT_MD_H
#define REPORT_MD_H

#include <stdio.h>

#include "report/sentence.h"

/* The longest: a sentence with its frames. */
#define MD_WORDS_MAX SENTENCE_TEXT_MAX

/* Words of ours, escaped; what is longer than MD_WORDS_MAX may be cut. */
void md_add(FILE *, const char *words);

/* The sentence of a verdict, to body. */
void md_sentence(struct report *, const struct verdict *);

/* md_conn.c: a connection in full, to body. */
void md_conn(struct report *, const struct conn *, const struct verdict *);

#endif
