/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The connections: a fixed slab of slots on five lists. Open ones are in the order of their last
 * segment, ended ones in the order of their end, finished ones wait to be handed on.
 */
#ifndef TRACK_SLAB_H
#define TRACK_SLAB_H

#include "track/inside.h"

#define SLOTS_MAX 16384   /* 112 MiB, touched as they are used */
#define SLOTS_SPARE 4     /* one packet can begin one and finish some */
/* Connections in key exchange at one time: 70 MiB with KEXINITs of the field, which leave most of
   their room untouched; 202 MiB when all of them are as long as is kept. */
#define CLEAR_TEXTS_MAX 2048

struct slab;

struct slab *slab_new(void);
void slab_free(struct slab *);

struct slot *slab_slot(struct slab *, uint32_t index);
uint32_t slab_index(const struct slab *, const struct slot *);

/* A zeroed slot on LIST_OPEN. There is one as long as slab_is_full() is false. */
uint32_t slab_take(struct slab *);
void slab_release(struct slab *, uint32_t index);
/* Only the spare slots are left: finish something first. */
bool slab_is_full(const struct slab *);

/* To the end of a list. */
void slab_move(struct slab *, uint32_t index, enum list);
/* The first of a list, or NO_INDEX. */
uint32_t slab_first(const struct slab *, enum list);

/* NULL when all are in use. */
struct clear_text *slab_clear_text(struct slab *);
void slab_clear_text_back(struct slab *, struct clear_text *);

#endif
