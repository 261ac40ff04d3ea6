/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the sinks share: a kind is a few functions, a sink is one of a kind with its queue, its counts
 * and what it wants to say.
 *
 * A kind makes one record of an event and, later, hands on one record. That it has to wait, how long,
 * what is lost and who is told: sinks.c, once for all.
 */
#ifndef REPORT_SINK_H
#define REPORT_SINK_H

#include "base/clock.h"
#include "report/sinks.h"

/* So many -o, and one of each other kind: more than anyone has use for. */
#define SINKS_MAX 12
#define SINK_NAME_MAX 128

/* Soon enough for a disk that has room again, seldom enough to be no load. */
#define SINK_RETRY_NS (2 * NS_PER_S)

/* ---- sink_queue.c: records in the order they came, in memory that never grows ---- */

struct sink_queue {
	char *at;              /* NULL: this sink has none */
	size_t size, from, to; /* records stand in [from, to) */
};

void queue_open(struct sink_queue *, size_t size);
void queue_free(struct sink_queue *);
/* False when there is no room: nothing has changed then. */
bool queue_push(struct sink_queue *, uint64_t event, const void *bytes, size_t len);
/* The oldest record, valid until the queue is changed; NULL when there is none. */
const char *queue_first(const struct sink_queue *, uint64_t *event, size_t *len);
void queue_pop(struct sink_queue *);

/* ---- a sink ---- */

enum put {
	PUT_DONE,
	PUT_FULL, /* it would have blocked: tried again at the next tick */
	PUT_DOWN, /* what it goes to is not there; has been said: tried again after SINK_RETRY_NS */
	PUT_LOST, /* this record cannot be handed on, whatever is tried; has been said */
};

struct sink {
	const struct sink_kind *kind;
	struct sinks *all;
	char name[SINK_NAME_MAX]; /* printable */
	void *own;                /* the kind's */
	struct sink_queue queue;
	uint64_t written, lost; /* events */
	uint64_t folded;        /* events that a limit on their rate left out: lost on purpose */
	bool unfinished;        /* a file could not be brought to its end */
	bool down;
	int64_t retry_ns; /* nothing is handed on before */
	/* What it has to say. */
	char message[SINKS_MESSAGE_MAX]; /* "": nothing */
	int64_t quiet_until_ns;
	uint64_t unsaid;
};

struct sink_kind {
	const char *name; /* a word for metrics */
	/* Sets sink->name, which goes before messages. True: sink->own is set. False: in why, which
	   stays empty when nobody asked for it. index: of several of one kind. */
	bool (*open)(struct sink *, const struct sinks_options *, size_t index, struct text *why);
	/* Makes a record of an event and gives it to sink_push(). */
	void (*judged)(struct sink *, uint64_t event, const struct conn *, const struct verdict *);
	enum put (*put)(struct sink *, uint64_t event, const char *bytes, size_t len);
	void (*tick)(struct sink *, const struct live_counts *); /* NULL: time is nothing to it */
	void (*reopen)(struct sink *);                           /* NULL: nothing to it */
	int (*directory)(const struct sink *);                   /* NULL: makes no files */
	/* After the last event. */
	void (*end)(struct sink *, const struct totals *); /* NULL: nothing is left to do */
	void (*free)(struct sink *);
};

#define SINK(id) extern const struct sink_kind sink_##id;
#include "report/sinks.def"
#undef SINK

struct sinks {
	struct sink sink[SINKS_MAX];
	size_t count;
	uint64_t events; /* so many so far: the number of the last */
	int64_t now_ns;
	struct sinks_options options; /* as sinks_open() had them */
};

/* Into the queue, or lost. event: 0 for a record that is none. */
void sink_push(struct sink *, uint64_t event, const void *bytes, size_t len);

/* For people, without the sink's name: at most once a minute, otherwise only counted. */
__attribute__((format(printf, 2, 3))) void sink_say(struct sink *, const char *format, ...);

#endif
