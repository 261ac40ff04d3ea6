/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * generate SET FILE SAMPLES [SCALE [pcap|pcapng|FRAMES]]: writes a benchmark's capture. The same set
 * and scale give the same bytes.
 *
 * Sessions begin one after another and go on side by side: a heap has the next frame of each.
 * SAMPLES is the folder of the scenarios. With FRAMES, FILE is a folder of captures with so many each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "tests/bench/session.h"

#define START_US 1709629200000000 /* 2024-03-05 09:00:00 UTC */
#define SHARES_MAX 64
#define FEW 100 /* sessions: a smaller set has the same with less in them, not fewer */

struct share {
	const char *set, *scenario;
	uint16_t port;
	uint32_t weight;
	enum middle middle;
	uint32_t frames;
};

static const struct share shares[] = {
#define SET(name, sessions, gap_us)
#define SHARE(set, scenario, port, weight, middle, frames)                                         \
	{ #set, scenario, port, weight, MIDDLE_##middle, frames },
#include "tests/bench/sets.def"
#undef SET
#undef SHARE
};

static const struct set {
	const char *name;
	uint64_t sessions;
	uint32_t gap_us;
} sets[] = {
#define SET(name, sessions, gap_us) { #name, sessions, gap_us },
#define SHARE(set, scenario, port, weight, middle, frames)
#include "tests/bench/sets.def"
#undef SET
#undef SHARE
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct part {
	const struct share *share;
	const struct recording *recording;
};

struct run {
	struct part part[SHARES_MAX];
	size_t parts;
	uint32_t weights;
	struct dice dice;
	struct session **heap;
	size_t sessions, room;
	uint64_t connections;
	double frames_scale; /* of the middles */
};

/* ---- the heap ---- */

static bool is_earlier(const struct run *r, size_t a, size_t b)
{
	return session_due_us(r->heap[a]) < session_due_us(r->heap[b]);
}

static void swap(struct run *r, size_t a, size_t b)
{
	struct session *s = r->heap[a];

	r->heap[a] = r->heap[b];
	r->heap[b] = s;
}

static void push(struct run *r, struct session *s)
{
	size_t at = r->sessions++;

	if (at == r->room) {
		r->room = r->room != 0 ? 2 * r->room : 64;
		r->heap = realloc(r->heap, r->room * sizeof(*r->heap));
		if (r->heap == NULL)
			abort();
	}
	r->heap[at] = s;
	for (; at > 0 && is_earlier(r, at, (at - 1) / 2); at = (at - 1) / 2)
		swap(r, at, (at - 1) / 2);
}

static void sink_first(struct run *r)
{
	size_t at = 0, child;

	while ((child = 2 * at + 1) < r->sessions) {
		if (child + 1 < r->sessions && is_earlier(r, child + 1, child))
			child++;
		if (!is_earlier(r, child, at))
			break;
		swap(r, child, at);
		at = child;
	}
}

/* ---- sessions ---- */

static const struct recording *recording_for(const char *samples, const char *scenario)
{
	struct recording *r;

	if (scenario[0] == '\0')
		return recording_of_udp();
	r = recording_read(samples, scenario + strspn(scenario, ":.!"));
	if (r == NULL)
		return NULL;
	if (scenario[0] == ':')
		recording_empty(r);
	else if (scenario[0] == '.')
		recording_cut(r);
	else if (scenario[0] == '!' && !recording_refusal(r))
		return NULL;
	return r;
}

static bool load(struct run *r, const char *set, const char *samples)
{
	for (size_t i = 0; i < COUNT(shares); i++) {
		struct part *part = &r->part[r->parts];

		if (strcmp(shares[i].set, set) != 0)
			continue;
		part->share = &shares[i];
		part->recording = recording_for(samples, shares[i].scenario);
		if (part->recording == NULL)
			return false;
		r->weights += shares[i].weight;
		r->parts++;
	}
	return true;
}

static struct session *begin(struct run *r, uint64_t number, int64_t now_us)
{
	uint32_t ticket = dice_u32(&r->dice) % r->weights;
	const struct part *part = r->part;
	uint32_t frames;

	while (ticket >= part->share->weight)
		ticket -= part++->share->weight;
	frames = (uint32_t)((double)part->share->frames * r->frames_scale);
	frames = frames / 2 + dice_u32(&r->dice) % (frames + 1);
	r->connections += part->recording->connections;
	return session_new(
		&(struct plan){
			.recording = part->recording,
			.middle = part->share->middle,
			.frames = frames,
			.number = number,
			.start_us = now_us,
			.server_port = part->share->port,
		},
		dice_u32(&r->dice));
}

static void play(struct run *r, struct out *out, uint64_t sessions, uint32_t gap_us)
{
	int64_t start_us = START_US;
	uint64_t begun = 0;

	while (begun < sessions || r->sessions > 0) {
		if (begun < sessions &&
		    (r->sessions == 0 || start_us <= session_due_us(r->heap[0]))) {
			push(r, begin(r, begun++, start_us));
			start_us += dice_u32(&r->dice) % (2 * gap_us);
			continue;
		}
		if (!session_next(r->heap[0], out))
			r->heap[0] = r->heap[--r->sessions];
		sink_first(r);
	}
}

static int generate(const struct set *set, int argc, char **argv)
{
	const char *how = argc > 5 ? argv[5] : "pcap";
	double scale = argc > 4 ? atof(argv[4]) : 1;
	bool few = set->sessions < FEW;
	struct run run = { .dice = dice_for(set->name), .frames_scale = few ? scale : 1 };
	uint64_t frames, sessions = (uint64_t)((double)set->sessions * (few ? 1 : scale) + 0.5);
	struct out *out;

	if (!load(&run, set->name, argv[3]))
		return 1;
	out = out_open(argv[2], strcmp(how, "pcapng") == 0, strtoull(how, NULL, 10));
	play(&run, out, sessions, set->gap_us);
	frames = out_frames(out);
	free(run.heap);
	if (!out_close(out)) {
		perror(argv[2]);
		return 1;
	}
	printf("%llu %llu\n", (unsigned long long)frames, (unsigned long long)run.connections);
	return 0;
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc >= 4 && i < COUNT(sets); i++) {
		if (strcmp(sets[i].name, argv[1]) == 0)
			return generate(&sets[i], argc, argv);
	}
	fputs("usage: generate SET FILE SAMPLES [SCALE [pcap|pcapng|FRAMES]]\n", stderr);
	return 2;
}
