/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Pieces of datagrams that wait for the others. fragments_new() and fragments_free() are the door's.
 */
#ifndef DISSECT_FRAGMENTS_H
#define DISSECT_FRAGMENTS_H

#include "dissect/inside.h"

/* Before each frame: what was lent for the last one ends, and so does what waited too long. */
void fragments_next(struct fragments *, int64_t now_ns);

/*
 * Keeps the fragment at which the walk ended. When it was the last one missing, SKIP_NONE: the walk
 * goes on over the whole datagram, whose bytes are valid until fragments_next(). Else SKIP_fragment,
 * SKIP_cut, SKIP_ip_header for a piece that cannot be one, or SKIP_fragment_overlap for one that
 * contradicts another of its datagram, and for each that comes after it.
 */
enum skip fragments_add(struct fragments *, struct walk *);

#endif
