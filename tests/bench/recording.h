/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A scenario of samples/ as the generator uses it: its frames, and where more of a session fits in.
 *
 * So the traffic has the headers, the clear text and the endings of samples/, which tshark is asked
 * about, and each cause ends connections of a benchmark as often as a set wants.
 */
#ifndef TESTS_BENCH_RECORDING_H
#define TESTS_BENCH_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/bench/wire.h"

enum side { CLIENT, SERVER };

struct recorded {
	int64_t after_us; /* since the first frame */
	enum side from;
	bool is_icmp;
	bool is_first; /* of the scenario's first connection: the one that goes on longer */
	size_t len;
	uint8_t *bytes;
};

/* Headers of what a side sends in the middle, from Ethernet to the end of TCP or UDP. */
struct prototype {
	int64_t after_us;
	size_t len;
	uint8_t bytes[128];
};

/*
 * Frames [0, head) come before the middle, [tail, count) after it; head == count: it has no middle.
 * What each side sends next: begin after the head, next after all that comes before the tail.
 */
struct recording {
	size_t count, head, tail;
	struct recorded *frame;
	struct prototype prototype[2];
	uint32_t begin[2], next[2];
	unsigned int connections;
};

/* NULL, with the reason on stderr, when it cannot be read. */
struct recording *recording_read(const char *folder, const char *name);
/* The same with nothing but its handshake and its end: what is between is not SSH. */
void recording_empty(struct recording *);
/* The same with its first frame alone. */
void recording_cut(struct recording *);
/* The same with nothing but an attempt that is reset at once; false: there is none. */
bool recording_refusal(struct recording *);
/* No frames, and a middle of UDP on port 443. */
struct recording *recording_of_udp(void);

#endif
