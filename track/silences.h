/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The silences of a server's connections, by client: an idle limit lies between the longest that was
 * survived and the shortest that was not. Idle limits are of a path, so only the same client's count.
 */
#ifndef TRACK_SILENCES_H
#define TRACK_SILENCES_H

#include "track/conn.h"

#define SILENCES_MAX 8 /* connections of a server that had one: the latest */

/* Below this people think and programs compute; no limit is so short. */
#define SILENCE_LEAST_NS (INT64_C(30) * 1000000000)

struct silence {
	struct mark conn; /* first frame of the connection: its name here; number 0: free */
	struct address client;
	int64_t survived_ns, killed_ns; /* 0: none */
	struct mark survived, killed;   /* the segment after it */
};

struct silences {
	struct silence of[SILENCES_MAX]; /* ring */
	uint32_t count;                  /* ever */
};

/* After a segment, and when it has ended. */
void silences_learn(struct silences *, const struct conn *);
/* What the other connections of the same client met. */
void silences_teach(const struct silences *, struct conn *);

#endif
