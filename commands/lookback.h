/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The frames of the last minutes, so many as fit: a ring of octets, whose oldest make room.
 */
#ifndef COMMANDS_LOOKBACK_H
#define COMMANDS_LOOKBACK_H

#include <stddef.h>

#include "capture/frame.h"
#include "dissect/packet.h"

struct lookback;

/* size: in octets, for frames and 40 octets with each. */
struct lookback *lookback_new(size_t size);
void lookback_free(struct lookback *);

/* Of a connection: the same for both directions. Two may share one, so who asks looks again. */
uint32_t lookback_key(const struct endpoint *, const struct endpoint *);
/* Of what belongs to no connection alone. */
#define LOOKBACK_ANY 0

/* Copies the frame; one that is longer than the ring is not kept. */
void lookback_keep(struct lookback *, const struct frame *, uint32_t key);

/* Frames from the oldest on. The bytes of one are valid until the next is kept. */
struct lookback_at {
	size_t at, left;
};
struct lookback_at lookback_oldest(const struct lookback *);
bool lookback_next(const struct lookback *, struct lookback_at *, struct frame *, uint32_t *key);

#endif
