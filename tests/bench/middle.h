/* SPDX-License-Identifier: BSD-3-Clause */
/* What two ends say to each other for as long as a session goes on. */
#ifndef TESTS_BENCH_MIDDLE_H
#define TESTS_BENCH_MIDDLE_H

#include "tests/bench/session.h"

/* One segment or datagram. */
struct words {
	int64_t time_us;
	enum side from;
	uint32_t seq, ack;
	uint16_t len; /* of payload */
	bool push;
};

struct middle_state;

/* next: what each side sends next. */
struct middle_state *middle_new(enum middle, uint32_t frames, const uint32_t next[2],
				int64_t now_us, uint32_t seed);
int64_t middle_due_us(const struct middle_state *);
struct words middle_next(struct middle_state *);
void middle_payload(struct middle_state *, const struct words *, uint8_t *out);
/* All that was sent is acknowledged, and the frames are used up. */
bool middle_is_over(const struct middle_state *);
uint32_t middle_seq(const struct middle_state *, enum side);
void middle_free(struct middle_state *);

#endif
