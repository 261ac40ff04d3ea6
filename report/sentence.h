/* SPDX-License-Identifier: BSD-3-Clause */
/* The sentence for the ticket: what the verdict says, how sure it is, and the frames that show it. */
#ifndef REPORT_SENTENCE_H
#define REPORT_SENTENCE_H

#include "report/inside.h"

/* The longest, with the names of three files; longer names are cut. */
#define SENTENCE_TEXT_MAX 2000

/* With more than one input each frame names its file, as the sentence is read far from the report. */
void sentence_add(struct text *, const struct report *, const struct verdict *);

/* "a.pcap", or with its directories when another input is called the same; printable. */
void sentence_add_file(struct text *, const struct report *, struct mark);
/* The same of any input, and also if it is the only one. */
void sentence_add_input(struct text *, const struct report *, size_t index);

#endif
