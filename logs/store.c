/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The notes of all logs, in one array of fixed size, and three orders to find them by: port, process,
 * and host. In each order notes stand by log, by what they have in common, and by time.
 */
#include <stdlib.h>

#include "base/die.h"
#include "logs/inside.h"

struct order {
	struct store_entry *entry;
	size_t count;
};

struct store {
	struct note *note; /* touched as they are used */
	size_t count;
	struct order port, process, host;
};

struct store *store_new(void)
{
	struct store *s = xcalloc(1, sizeof(*s));

	s->note = xcalloc(LOGS_NOTES_MAX, sizeof(*s->note));
	return s;
}

void store_free(struct store *s)
{
	if (s == NULL)
		return;
	free(s->port.entry);
	free(s->process.entry);
	free(s->host.entry);
	free(s->note);
	free(s);
}

bool store_add(struct store *s, const struct note *note)
{
	if (s->count == LOGS_NOTES_MAX)
		return false;
	s->note[s->count++] = *note;
	return true;
}

static uint64_t key_of(uint16_t source, uint32_t value)
{
	return (uint64_t)source << 32 | value;
}

static void add(struct order *o, const struct store *s, size_t index, uint32_t value)
{
	const struct note *note = &s->note[index];

	o->entry[o->count++] =
		(struct store_entry){ key_of(note->source, value), note->time_ns, (uint32_t)index };
}

/* Two of the same time stay in the order of their lines. */
static int compare(const void *left, const void *right)
{
	const struct store_entry *a = left, *b = right;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

static void sort(struct order *o)
{
	qsort(o->entry, o->count, sizeof(*o->entry), compare);
}

static void make_room(struct order *o, size_t room)
{
	free(o->entry);
	o->entry = xcalloc(room, sizeof(*o->entry));
	o->count = 0;
}

void store_sort(struct store *s)
{
	const size_t room = s->count + 1;

	make_room(&s->port, room);
	make_room(&s->process, 2 * room);
	make_room(&s->host, room);
	for (size_t i = 0; i < s->count; i++) {
		const struct note *note = &s->note[i];

		if (note->remote.port != 0)
			add(&s->port, s, i, note->remote.port);
		else
			add(&s->host, s, i, 0);
		if (note->pid != 0)
			add(&s->process, s, i, note->pid);
		if (note->about_pid != 0 && note->about_pid != note->pid)
			add(&s->process, s, i, note->about_pid);
	}
	sort(&s->port);
	sort(&s->process);
	sort(&s->host);
}

const struct note *store_note(const struct store *s, uint32_t index)
{
	return &s->note[index];
}

/* The first entry that is not before this key and time. */
static const struct store_entry *first(const struct store_entry *from, const struct store_entry *to,
				       uint64_t key, int64_t time_ns)
{
	while (from < to) {
		const struct store_entry *middle = from + (to - from) / 2;

		if (middle->key < key || (middle->key == key && middle->time_ns < time_ns))
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static struct store_range range(const struct order *o, uint64_t key)
{
	const struct store_entry *end = o->entry + o->count;

	return (struct store_range){ first(o->entry, end, key, INT64_MIN),
				     first(o->entry, end, key + 1, INT64_MIN) };
}

struct store_range store_of_port(const struct store *s, uint16_t source, uint16_t port)
{
	return range(&s->port, key_of(source, port));
}

struct store_range store_of_process(const struct store *s, uint16_t source, uint32_t pid)
{
	return range(&s->process, key_of(source, pid));
}

struct store_range store_of_host(const struct store *s, uint16_t source)
{
	return range(&s->host, key_of(source, 0));
}

struct store_range store_since(struct store_range r, int64_t time_ns)
{
	if (r.from != r.to)
		r.from = first(r.from, r.to, r.from->key, time_ns);
	return r;
}
