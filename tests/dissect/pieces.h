/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Pieces of one segment, whose payload is 1, 2, 3 ..., and a capture that they are fed to.
 */
#ifndef TESTS_DISSECT_PIECES_H
#define TESTS_DISSECT_PIECES_H

#include <stdbool.h>

#include "dissect/dissect.h"
#include "tests/support.h"

#define PAYLOAD_LEN 40
#define SEGMENT_LEN (20 + PAYLOAD_LEN)
#define SECOND INT64_C(1000000000)

struct cutting {
	uint16_t id;
	uint32_t from, to;
	bool more;
};

struct bytes segment(void);
/* A fragment of these bytes, which are freed, or of the segment. */
struct bytes piece4_of(uint8_t protocol, struct bytes whole, struct cutting);
struct bytes piece4(uint16_t id, uint32_t from, uint32_t to);
/* The same as far as it was captured. */
struct bytes piece4_cut(uint16_t id, uint32_t from, uint32_t to, uint32_t kept);
struct bytes piece6_of(uint8_t next, struct bytes whole, struct cutting);
struct bytes piece6(uint16_t id, uint32_t from, uint32_t to);

struct line {
	struct fragments *fragments;
	struct packet packet;
	struct bytes last;
	uint32_t frames;
	int64_t time_ns;
};

struct line line_new(void);
void line_end(struct line *);
/* The bytes live until the next one, as those of a capture do. */
enum skip feed(struct line *, struct bytes);
enum skip feed_in(struct line *, struct bytes, uint16_t input, uint32_t missing);
void expect_the_segment(const struct line *);

#endif
