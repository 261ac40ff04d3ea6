/* SPDX-License-Identifier: BSD-3-Clause */
/* Networks: the addresses that begin with the same bits. */
#ifndef REPORT_PREFIX_H
#define REPORT_PREFIX_H

#include <stdbool.h>

#include "base/text.h"
#include "dissect/packet.h"

/* Invariant: the bits of ip behind the first len are 0. */
struct prefix {
	struct address ip;
	uint8_t len; /* in bits, at most 32 or 128 */
};

/* The network of so many bits that an address is in; the address alone when len is more than it has. */
struct prefix prefix_of(const struct address *, uint8_t len);

/*
 * Widens to until it holds from, too. Addresses of two families have nothing in common: then the
 * result is false, and to stays.
 */
bool prefix_join(struct prefix *to, const struct prefix *from);

bool prefix_equal(const struct prefix *, const struct prefix *);

/* "10.1.0.0/16", one address without its length, "anywhere" for length 0. */
void prefix_add(struct text *, const struct prefix *);

#endif
