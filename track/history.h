/* SPDX-License-Identifier: BSD-3-Clause */
/* How the history of a connection is written; letters are passed in lower case: history.c. */
#ifndef TRACK_HISTORY_H
#define TRACK_HISTORY_H

#include "track/conn.h"

void history_append(struct conn *, enum side, char letter);

/* a, d, i, q: once a direction. Here, as each segment has one of them. */
static inline void history_add(struct conn *conn, enum side side, char letter)
{
	const uint32_t bit = 1u << (letter - 'a');

	if ((conn->history_once[side] & bit) != 0)
		return;
	conn->history_once[side] |= bit;
	history_append(conn, side, letter);
}

void history_flag(struct conn *, enum side, char letter, uint32_t seq);
void history_count(struct conn *, enum side, char letter);
void history_turned(struct conn *);

#endif
