/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Facts to start from. A test takes a quiet session, changes two or three fields, and asks for the
 * verdict. Frames: handshake 1 to 3, clear text from 4 on, last words 57 and 58, a silence from 60
 * to 61, the end in 90.
 */
#ifndef TESTS_CLASSIFY_FACTS_OF_H
#define TESTS_CLASSIFY_FACTS_OF_H

#include <criterion/criterion.h>

#include "classify/inside.h"

#define SECONDS(s) ((s) * NS_PER_S)
#define MARK(n) ((struct mark){ .number = (n) })

/* Established, logged in, idle for five seconds and still open; both ends well known. */
struct facts facts_of_a_quiet_session(void);

/* It got no further than SYN and SYN-ACK. */
static inline void get_half_open(struct facts *f)
{
	f->handshake = HANDSHAKE_PARTIAL;
	f->bytes[CLIENT] = f->bytes[SERVER] = 0;
}

/* The longest addresses and ports there are. */
void use_long_addresses(struct facts *);

/* ---- how it ends ---- */

/* By this side. */
void end_with(struct facts *, enum ending, enum side);

/* Who made a reset, as it looks when it is at home: the TTL is the host's. */
enum form { BY_SOCKET, BY_KERNEL, BY_FILTER };

/* The reset answers the last segment of the other side, a round trip of 30 ms after it. */
void end_with_reset(struct facts *, enum side from, enum form);
/* A reset to the SYN: no other phase, no baseline but that of the server's other connections. */
void refuse(struct facts *, enum form);
/* The same reset, made five hops nearer, and sooner than its host can. */
void make_nearer(struct facts *);

/* ---- what came before ---- */

/* Nobody spoke; then this side did, and what followed was no normal answer. */
void be_silent_for(struct facts *, int64_t ns, enum side broken_by);
/* One side repeated its segment (frames 61 to 89) without an answer until the end. */
void wait_in_vain(struct facts *, enum side, uint32_t repeats, int64_t span_ns);

/* ---- what comes out ---- */

/* Of one cause, after who was asked; INT_MIN when it is ruled out. */
struct plea plea_of(enum cause_id, const struct facts *);
int weigh(enum cause_id, const struct facts *);
struct fact_origin origin_of(const struct facts *);

/* As classify() does. Checks what must hold of each verdict: sum, bounds, whole sentences. */
struct verdict verdict_of(const struct facts *);
/* For the message of a failing assertion; static buffer. */
const char *words_of(const struct verdict *);

/* This cause, by this machine, at least as sure. */
#define expect_verdict(facts, id, by, at_least)                                                    \
	do {                                                                                       \
		struct verdict got = verdict_of(facts);                                            \
		cr_expect(got.cause == CAUSE_##id && got.who == (by) && got.sure <= (at_least),    \
			  "%s", words_of(&got));                                                   \
	} while (0)

/* Another cause, or none. */
#define expect_not(facts, id)                                                                      \
	do {                                                                                       \
		struct verdict got = verdict_of(facts);                                            \
		cr_expect(got.cause != CAUSE_##id, "%s", words_of(&got));                          \
	} while (0)

/* A cause gains, or loses, when the facts `then` are changed so. */
#define expect_change(start, id, sign, ...)                                                        \
	do {                                                                                       \
		struct facts then = (start);                                                       \
		int was = weigh(CAUSE_##id, &then);                                                \
		__VA_ARGS__;                                                                       \
		cr_expect((sign) * weigh(CAUSE_##id, &then) > (sign) * was, "%d to %d: %s", was,   \
			  weigh(CAUSE_##id, &then), #__VA_ARGS__);                                 \
	} while (0)

#define expect_gain(start, id, ...) expect_change(start, id, 1, __VA_ARGS__)
#define expect_loss(start, id, ...) expect_change(start, id, -1, __VA_ARGS__)

/* Something else may look the same: likely at most. */
#define expect_uncertain(facts)                                                                    \
	do {                                                                                       \
		struct verdict got = verdict_of(facts);                                            \
		cr_expect(got.sure >= SURE_LIKELY, "%s", words_of(&got));                          \
	} while (0)

/* Nothing is said loudly: possible at most. */
#define expect_modest(facts)                                                                       \
	do {                                                                                       \
		struct verdict got = verdict_of(facts);                                            \
		cr_expect(got.sure >= SURE_POSSIBLE, "%s", words_of(&got));                        \
	} while (0)

#endif
