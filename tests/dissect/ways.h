/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables of headers, and what must become of a segment behind each of them. */
#ifndef TESTS_DISSECT_WAYS_H
#define TESTS_DISSECT_WAYS_H

#include "dissect/dissect.h"
#include "tests/support.h"

/*
 * A header in front of an IPv4 segment with three bytes of payload, itself behind an outer IPv4
 * header if protocol is not 0: the layers it is named by, and why the frame is not used ("none": it is).
 */
struct way {
	const char *what;
	int link_type;
	uint8_t protocol;
	const char *header;
	const char *layers;
	const char *why;
};

/* Each leads where its row says, and no more is seen of a cut frame than it holds. */
void expect_ways(const struct way *, size_t count);
/* Dissects the frame of a row; the bytes are the caller's. */
enum skip follow(const struct way *, struct packet *, struct bytes *);
/* The tunnel number of a row's frame, with the outer addresses turned round if asked. */
uint64_t tunnel_of(const struct way *, bool turned);

#endif
