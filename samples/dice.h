/* SPDX-License-Identifier: BSD-3-Clause */
/* Chance with a fixed seed, so that each run writes the same bytes. SplitMix64. */
#ifndef SAMPLES_DICE_H
#define SAMPLES_DICE_H

#include <stddef.h>
#include <stdint.h>

struct dice {
	uint64_t state;
};

/* The same name gives the same dice, whatever stands before it in scenarios.def. */
static inline struct dice dice_for(const char *name)
{
	struct dice dice = { 0x5353482d322e3000u }; /* "SSH-2.0" */

	for (; *name != '\0'; name++)
		dice.state = (dice.state ^ (uint8_t)*name) * 0x100000001b3u;
	return dice;
}

static inline uint32_t dice_u32(struct dice *dice)
{
	uint64_t z = dice->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (uint32_t)((z ^ (z >> 31)) >> 16);
}

static inline void dice_bytes(struct dice *dice, uint8_t *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)dice_u32(dice);
}

#endif
