/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The loop around an unpacker: feeds it, goes on with what was appended (gzip -c a >>b.gz), stops at
 * the limits, and says what is wrong in one sentence.
 */
#include "capture/unpack.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"

#define PACKED_AT_ONCE (64 * 1024) /* a block of most compressions, and of most disks' caches */
#define FAULT_MAX 160

struct unpack {
	const struct compression *compression;
	struct unpack_limits limits;
	void *own; /* the unpacker's */
	size_t (*feed)(void *from, uint8_t *out, size_t size);
	void *from;
	uint64_t packed, plain; /* bytes fed, bytes given */
	bool between;           /* members: an end is no surprise here */
	bool alien;             /* this member does not begin like one */
	bool last;              /* nothing is fed any more */
	char fault[FAULT_MAX];
	size_t at, len; /* the part of in that waits */
	uint8_t in[PACKED_AT_ONCE];
};

static const struct compression compressions[] = {
#define COMPRESSION(name, command, magic)                                                          \
	{ #name, command, magic, sizeof(magic) - 1, &unpacker_##name },
#define COMPRESSION_UNREAD(name, command, magic) { #name, command, magic, sizeof(magic) - 1, NULL },
#include "capture/compressions.def"
#undef COMPRESSION
#undef COMPRESSION_UNREAD
};

const struct compression *compression_of(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < sizeof(compressions) / sizeof(compressions[0]); i++) {
		const struct compression *c = &compressions[i];

		if (len >= c->magic_len && memcmp(bytes, c->magic, c->magic_len) == 0)
			return c;
	}
	return NULL;
}

struct unpack *unpack_new(const struct compression *compression, struct unpack_limits limits,
			  size_t (*feed)(void *from, uint8_t *out, size_t size), void *from)
{
	struct unpack *u = xcalloc(1, sizeof(*u));

	u->compression = compression;
	u->limits = limits;
	u->feed = feed;
	u->from = from;
	u->own = compression->unpacker->begin();
	if (u->own != NULL)
		return u;
	free(u);
	return NULL;
}

static void check_limits(struct unpack *u)
{
	const struct unpack_limits *limits = &u->limits;

	if (u->plain > limits->bytes)
		snprintf(u->fault, FAULT_MAX,
			 "it unpacks to more than %" PRIu64
			 " GiB; if that is meant, try %s FILE | rstscope read -",
			 limits->bytes >> 30, u->compression->command);
	else if (u->plain > limits->free && u->plain / limits->ratio > u->packed)
		snprintf(u->fault, FAULT_MAX,
			 "it unpacks to more than %" PRIu64
			 " times its size; if that is meant, try %s FILE | rstscope read -",
			 limits->ratio, u->compression->command);
}

static void keep_damage(struct unpack *u, const char *words)
{
	const char *name = u->compression->name;

	if (u->alien)
		snprintf(u->fault, FAULT_MAX, "what follows its %s data is not %s", name, name);
	else
		snprintf(u->fault, FAULT_MAX, "its %s data is damaged: %s", name, words);
}

static void keep_cut(struct unpack *u)
{
	snprintf(u->fault, FAULT_MAX, "its %s data ends too early", u->compression->name);
}

/* What was appended may be something else. */
static bool is_alien(const struct unpack *u)
{
	const struct compression *c = compression_of(u->in + u->at, u->len - u->at);

	return c == NULL || c->unpacker != u->compression->unpacker;
}

/* The number of bytes put to out. Unless it is 0 or there is a fault, it went on. */
static size_t go_on(struct unpack *u, uint8_t *out, size_t size)
{
	struct unpack_step step = { u->in + u->at, u->len - u->at, out, size, u->last };
	const char *words = "";
	bool was_between = u->between;
	enum unpack_result result;
	size_t used, made;

	if (was_between)
		u->alien = is_alien(u);
	result = u->compression->unpacker->step(u->own, &step, &words);
	used = u->len - u->at - step.in_len;
	made = size - step.out_len;
	u->at += used;
	u->plain += made;
	u->between = result == UNPACK_END;
	if (result == UNPACK_BAD)
		keep_damage(u, words);
	else if (used == 0 && made == 0 && (result == UNPACK_ON || was_between))
		keep_cut(u); /* it got all there is */
	else
		check_limits(u);
	return made;
}

size_t unpack_read(struct unpack *u, uint8_t *out, size_t size)
{
	size_t made = 0;

	while (made == 0 && u->fault[0] == '\0') {
		if (u->at == u->len && !u->last) {
			u->at = 0;
			u->len = u->feed(u->from, u->in, sizeof(u->in));
			u->packed += u->len;
			u->last = u->len == 0;
		}
		if (u->at == u->len && u->last && u->between)
			break;
		made = go_on(u, out, size);
	}
	return made;
}

const char *unpack_fault(const struct unpack *u)
{
	return u->fault[0] != '\0' ? u->fault : NULL;
}

void unpack_free(struct unpack *u)
{
	u->compression->unpacker->end(u->own);
	free(u);
}
