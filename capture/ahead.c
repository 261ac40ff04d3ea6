/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A ring of blocks between two threads. One fills blocks, the other takes them; each waits for the other
 * only when the ring is full or empty, which is once in a block and not once in a frame.
 */
#define _GNU_SOURCE /* sched_getaffinity() */
#include "capture/ahead.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/die.h"

#define BLOCKS 4
#define IN_USE 2 /* the one that is read, and the one before, whose end is copied from */

struct block {
	size_t len;
	uint8_t *room; /* AHEAD_HEADROOM + AHEAD_BLOCK */
};

/* Invariant: taken <= filled <= taken + BLOCKS - IN_USE; all but read and from is under the mutex. */
struct ahead {
	size_t (*read)(void *from, uint8_t *out, size_t size);
	void *from;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	uint64_t filled, taken; /* blocks, ever */
	bool ended;             /* nothing more is filled */
	bool unwanted;
	struct block block[BLOCKS];
};

/* Whole blocks: an unpacker may give little at a time. */
static void fill(struct ahead *a, struct block *b)
{
	size_t got;

	b->len = 0;
	do {
		got = a->read(a->from, b->room + AHEAD_HEADROOM + b->len, AHEAD_BLOCK - b->len);
		b->len += got;
	} while (got > 0 && b->len < AHEAD_BLOCK);
}

/* False: nobody wants more. */
static bool wait_for_room(struct ahead *a)
{
	bool wanted;

	pthread_mutex_lock(&a->mutex);
	while (!a->unwanted && a->filled == a->taken + BLOCKS - IN_USE)
		pthread_cond_wait(&a->changed, &a->mutex);
	wanted = !a->unwanted;
	pthread_mutex_unlock(&a->mutex);
	return wanted;
}

static void *read_ahead(void *ahead)
{
	struct ahead *a = ahead;
	bool ended = false;

	while (!ended && wait_for_room(a)) {
		struct block *b = &a->block[a->filled % BLOCKS]; /* only this thread moves it */

		fill(a, b);
		ended = b->len < AHEAD_BLOCK;
		pthread_mutex_lock(&a->mutex);
		a->filled += b->len > 0;
		a->ended = ended;
		pthread_cond_signal(&a->changed);
		pthread_mutex_unlock(&a->mutex);
	}
	return NULL;
}

static bool has_two_processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 1;
}

/* Signals are for the thread that was there before: Ctrl-C has to reach whoever waits. */
static bool start(struct ahead *a)
{
	sigset_t all, before;
	bool started;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	started = pthread_create(&a->thread, NULL, read_ahead, a) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

static void free_parts(struct ahead *a)
{
	for (int i = 0; i < BLOCKS; i++)
		free(a->block[i].room);
	pthread_mutex_destroy(&a->mutex);
	pthread_cond_destroy(&a->changed);
	free(a);
}

struct ahead *ahead_new(size_t (*read)(void *from, uint8_t *out, size_t size), void *from)
{
	struct ahead *a;

	if (!has_two_processors())
		return NULL;
	a = xcalloc(1, sizeof(*a));
	a->read = read;
	a->from = from;
	pthread_mutex_init(&a->mutex, NULL);
	pthread_cond_init(&a->changed, NULL);
	for (int i = 0; i < BLOCKS; i++)
		a->block[i].room = xmalloc(AHEAD_HEADROOM + AHEAD_BLOCK);
	if (start(a))
		return a;
	free_parts(a);
	return NULL;
}

uint8_t *ahead_next(struct ahead *a, size_t *len)
{
	struct block *b = NULL;

	pthread_mutex_lock(&a->mutex);
	while (a->taken == a->filled && !a->ended)
		pthread_cond_wait(&a->changed, &a->mutex);
	if (a->taken < a->filled) {
		b = &a->block[a->taken++ % BLOCKS];
		pthread_cond_signal(&a->changed);
	}
	pthread_mutex_unlock(&a->mutex);
	if (b == NULL)
		return NULL;
	*len = b->len;
	return b->room + AHEAD_HEADROOM;
}

void ahead_free(struct ahead *a)
{
	pthread_mutex_lock(&a->mutex);
	a->unwanted = true;
	pthread_cond_signal(&a->changed);
	pthread_mutex_unlock(&a->mutex);
	pthread_join(a->thread, NULL);
	free_parts(a);
}
