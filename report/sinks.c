/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * All sinks, and what none of them may decide alone: nobody waits for another, what could not be
 * handed on is tried again later, what found no room is counted.
 */
#include "report/sinks.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/die.h"
#include "report/escape.h"
#include "report/sink.h"
#include "report/words.h"

/* A full disk gives one reason for each event; one a minute is enough to act on. */
#define QUIET_NS (60 * NS_PER_S)

/* How long the end may take: a service has to be gone in two seconds. */
#define CLOSE_NS NS_PER_S

static const struct sink_kind *const kinds[] = {
#define SINK(id) &sink_##id,
#include "report/sinks.def"
#undef SINK
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static int64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

bool sinks_take(const char *path)
{
	const char *format = report_format_of(path);

	return format != NULL && (strcmp(format, "jsonl") == 0 || strcmp(format, "ecs") == 0 ||
				  strcmp(format, "ocsf") == 0);
}

/* ---- what is said ---- */

void sink_say(struct sink *sink, const char *format, ...)
{
	struct text t;
	va_list args;

	if (sink->all->now_ns < sink->quiet_until_ns) {
		sink->unsaid++;
		return;
	}
	sink->quiet_until_ns = sink->all->now_ns + QUIET_NS;
	t = text_in(sink->message, sizeof(sink->message));
	text_add(&t, "%s: ", sink->name);
	va_start(args, format);
	text_add_args(&t, format, args);
	va_end(args);
	if (sink->unsaid != 0) {
		text_add(&t, " (and ");
		words_add_counted(&t, sink->unsaid, "more message");
		text_add(&t, " since the last)");
	}
	sink->unsaid = 0;
}

bool sinks_message(struct sinks *s, char message[SINKS_MESSAGE_MAX])
{
	for (size_t i = 0; i < s->count; i++) {
		struct text t = text_in(message, SINKS_MESSAGE_MAX);

		if (s->sink[i].message[0] == '\0')
			continue;
		escape_add_words(&t, s->sink[i].message);
		s->sink[i].message[0] = '\0';
		return true;
	}
	return false;
}

/* ---- how a record gets out ---- */

static void back_again(struct sink *sink)
{
	if (sink->down)
		sink_say(sink, "goes on; %llu events were lost so far",
			 (unsigned long long)sink->lost);
	sink->down = false;
}

/* True when the next record may be tried at once. */
static bool hand_on_first(struct sink *sink)
{
	uint64_t event;
	size_t len;
	const char *bytes = queue_first(&sink->queue, &event, &len);

	if (bytes == NULL)
		return false;
	switch (sink->kind->put(sink, event, bytes, len)) {
	case PUT_DONE:
		back_again(sink);
		sink->written += event != 0;
		break;
	case PUT_LOST:
		sink->lost += event != 0;
		break;
	case PUT_DOWN:
		sink->down = true;
		sink->retry_ns = sink->all->now_ns + SINK_RETRY_NS;
		return false;
	case PUT_FULL:
		return false;
	}
	queue_pop(&sink->queue);
	return true;
}

static void hand_on(struct sink *sink)
{
	if (sink->queue.at == NULL || sink->all->now_ns < sink->retry_ns)
		return;
	while (hand_on_first(sink))
		;
}

void sink_push(struct sink *sink, uint64_t event, const void *bytes, size_t len)
{
	if (queue_push(&sink->queue, event, bytes, len))
		return;
	sink->lost += event != 0;
	sink_say(sink, "takes nothing; what waits fills its memory, and events are lost");
}

/* ---- the door ---- */

/* Of one kind, until it says that there are no more. */
static bool open_kind(struct sinks *s, const struct sink_kind *kind, struct text *error)
{
	for (size_t index = 0; s->count < SINKS_MAX; index++) {
		struct sink *sink = &s->sink[s->count];
		char buffer[SINKS_MESSAGE_MAX];
		struct text why = text_in(buffer, sizeof(buffer));

		sink->kind = kind;
		sink->all = s;
		if (kind->open(sink, &s->options, index, &why)) {
			s->count++;
			continue;
		}
		if (why.len != 0)
			text_add(error, "%s: %s", sink->name, buffer);
		return why.len == 0;
	}
	text_add(error, "more than %d files of events cannot be written", SINKS_MAX - (int)KINDS);
	return false;
}

struct sinks *sinks_open(const struct sinks_options *options, char *error, size_t error_size)
{
	struct text why = text_in(error, error_size);
	struct sinks *s = xcalloc(1, sizeof(*s));

	s->options = *options;
	s->now_ns = monotonic_ns();
	for (size_t i = 0; i < KINDS; i++) {
		if (open_kind(s, kinds[i], &why))
			continue;
		sinks_free(s);
		return NULL;
	}
	return s;
}

int sinks_directory(const struct sinks *s, size_t i)
{
	for (size_t at = 0; at < s->count; at++) {
		const struct sink *sink = &s->sink[at];

		if (sink->kind->directory != NULL && i-- == 0)
			return sink->kind->directory(sink);
	}
	return -1;
}

void sinks_judged(struct sinks *s, const struct conn *conn, const struct verdict *verdict)
{
	s->events++;
	for (size_t i = 0; i < s->count; i++) {
		s->sink[i].kind->judged(&s->sink[i], s->events, conn, verdict);
		hand_on(&s->sink[i]);
	}
}

void sinks_tick(struct sinks *s, int64_t now_ns, const struct live_counts *counts)
{
	if (now_ns > s->now_ns)
		s->now_ns = now_ns;
	for (size_t i = 0; i < s->count; i++) {
		struct sink *sink = &s->sink[i];

		if (sink->kind->tick != NULL)
			sink->kind->tick(sink, counts);
		hand_on(sink);
	}
}

void sinks_reopen(struct sinks *s)
{
	for (size_t i = 0; i < s->count; i++) {
		struct sink *sink = &s->sink[i];

		if (sink->kind->reopen == NULL)
			continue;
		sink->retry_ns = 0;
		sink->kind->reopen(sink);
		hand_on(sink);
	}
}

/* ---- the end ---- */

/* Whether waiting would bring nothing more: all is handed on, or its place is not there. */
static bool all_done(struct sinks *s)
{
	bool done = true;

	for (size_t i = 0; i < s->count; i++) {
		hand_on(&s->sink[i]);
		done &= s->sink[i].queue.from == s->sink[i].queue.to || s->sink[i].down;
	}
	return done;
}

static void drain(struct sinks *s)
{
	const struct timespec pause = { .tv_nsec = 10 * NS_PER_MS };
	const int64_t until_ns = monotonic_ns() + CLOSE_NS;

	for (size_t i = 0; i < s->count; i++)
		s->sink[i].retry_ns = 0;
	while (!all_done(s) && monotonic_ns() < until_ns)
		nanosleep(&pause, NULL);
}

static void lose_the_rest(struct sink *sink)
{
	uint64_t event;
	size_t len;

	while (sink->queue.at != NULL && queue_first(&sink->queue, &event, &len) != NULL) {
		sink->lost += event != 0;
		queue_pop(&sink->queue);
	}
}

int sinks_close(struct sinks *s, const struct totals *totals)
{
	int result = 0;

	drain(s);
	for (size_t i = 0; i < s->count; i++) {
		struct sink *sink = &s->sink[i];

		lose_the_rest(sink);
		if (sink->kind->end != NULL)
			sink->kind->end(sink, totals);
		sink->quiet_until_ns = 0;
		if (sink->lost != 0)
			sink_say(sink, "%llu of %llu events were lost",
				 (unsigned long long)sink->lost, (unsigned long long)s->events);
		if (sink->lost != 0 || sink->unfinished)
			result = -1;
	}
	return result;
}

void sinks_free(struct sinks *s)
{
	for (size_t i = 0; i < s->count; i++) {
		s->sink[i].kind->free(&s->sink[i]);
		queue_free(&s->sink[i].queue);
	}
	free(s);
}
