/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A Wireshark display filter that shows a piece of evidence: ready to paste, independent of numbers
 * of streams, and by meaning where that is known, so that it holds in a cut or merged file too.
 */
#ifndef REPORT_FILTER_H
#define REPORT_FILTER_H

#include "base/text.h"
#include "classify/verdict.h"
#include "track/conn.h"

/* The longest: two IPv6 addresses, ports, and a clause for each frame. */
#define FILTER_SIZE 1024

/* Nothing when no frame shows it. */
void filter_add(struct text *, const struct conn *, const struct evidence *);

#endif
