/* SPDX-License-Identifier: BSD-3-Clause */
/* What is kept of odd connections while the input is read for the first time. */
#include "commands/evidence.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/die.h"
#include "commands/evidence_inside.h"

#define WORDS_MAX 2048

bool evidence_is_named(const char *path)
{
	const size_t len = strlen(path), ending = strlen(EVIDENCE_ENDING);

	return len >= ending && strcmp(path + len - ending, EVIDENCE_ENDING) == 0;
}

/* Also a file behind standard input: who opened it may have read from it already. */
const char *evidence_unreadable_twice(const struct options *o)
{
	for (size_t i = 0; i < o->files; i++) {
		struct stat st;

		if (strcmp(o->file[i], "-") == 0)
			return "standard input";
		if (stat(o->file[i], &st) == 0 && S_ISFIFO(st.st_mode))
			return o->file[i];
	}
	return NULL;
}

/* The options are kept, as words are made while connections come and not when they are written. */
struct evidence_kept *evidence_new(const struct report_options *options, const char *const *path,
				   const struct pseudonyms *names)
{
	struct evidence_kept *e = xcalloc(1, sizeof(*e));

	e->options = *options;
	e->path = path;
	e->names = names;
	return e;
}

void evidence_free(struct evidence_kept *e)
{
	if (e == NULL)
		return;
	free(e->odd);
	free(e->note);
	free(e->beginning);
	free(e->watch);
	free(e->pool);
	free(e->redacted);
	free(e);
}

#define ROOM_FIRST 64

void *evidence_grow(void *array, size_t count, size_t *room, size_t size)
{
	void *more;

	if (count < *room)
		return array;
	*room = *room != 0 ? 2 * *room : ROOM_FIRST;
	more = xcalloc(*room, size);
	if (count != 0)
		memcpy(more, array, count * size);
	free(array);
	return more;
}

/* Words go into one pool: a sentence for four frames is kept once, and freed with all others. */
static size_t keep_words(struct evidence_kept *e, const char *words)
{
	const size_t size = strlen(words) + 1, at = e->pool_len;

	while (e->pool_room - e->pool_len < size)
		e->pool = evidence_grow(e->pool, e->pool_room, &e->pool_room, 1);
	memcpy(e->pool + at, words, size);
	e->pool_len += size;
	return at;
}

/* A mark without a number is no frame: what was seen of another connection may have none. */
static void keep_note(struct evidence_kept *e, struct mark mark, size_t text)
{
	if (mark.number == 0)
		return;
	e->note = evidence_grow(e->note, e->notes, &e->note_room, sizeof(*e->note));
	e->note[e->notes] =
		(struct note){ .mark = mark, .order = (uint32_t)e->notes, .text = text };
	e->notes++;
}

/* Where it ended; in silence, that is its last segment. */
static void note_verdict(struct evidence_kept *e, const struct conn *captured,
			 const struct conn *told, const struct verdict *v)
{
	const struct mark end = captured->end.mark;
	char words[WORDS_MAX];
	struct text t = text_in(words, sizeof(words));
	size_t at;

	report_comment_verdict(&t, &e->options, told, v);
	at = keep_words(e, words);
	if (e->odds < EVIDENCE_VERDICTS_MAX)
		e->verdict[e->odds] = at;
	keep_note(e, end.number != 0 ? end : captured->last, at);
}

/* Evidence is sorted by its weight; a frame of another connection may show it, too. */
static void note_evidence(struct evidence_kept *e, const struct conn *told, const struct verdict *v,
			  const struct evidence *evidence, uint8_t count, size_t notes_max)
{
	size_t notes = 0;

	for (uint8_t i = 0; i < count; i++) {
		const struct evidence *one = &evidence[i];
		char words[WORDS_MAX];
		struct text t = text_in(words, sizeof(words));
		size_t at;

		if (one->marks == 0 || notes + one->marks > notes_max)
			continue;
		report_comment_evidence(&t, told, v, one);
		at = keep_words(e, words);
		for (uint8_t k = 0; k < one->marks; k++, notes++)
			keep_note(e, one->mark[k], at);
	}
}

/* Of one that goes on, what is around the last that was seen of it. */
static int64_t end_of(const struct conn *conn)
{
	return conn->end.ending != ENDING_open ? conn->end.time_ns : conn->last_ns;
}

/* Of a side that was not heard from the beginning, nobody knows where its clear text ended. */
static void note_clear_text(struct odd *odd, int end, const struct conn *conn, enum side side)
{
	const struct ssh_half *half = &conn->ssh.half[side];

	odd->newkeys[end] = half->newkeys_mark;
	odd->speaks[end] = half->identification_mark.number != 0 &&
			   (half->newkeys_mark.number != 0 || conn->ssh.phase <= SSH_PHASE_KEX);
}

void evidence_add(struct evidence_kept *e, const struct conn *captured, const struct conn *told,
		  const struct verdict *v)
{
	const struct endpoint *client = &captured->peer[CLIENT].at;
	const struct endpoint *server = &captured->peer[SERVER].at;
	const bool client_first = evidence_order(client, server) <= 0;

	if (cause_is_healthy(v->cause))
		return;
	if (e->odds == EVIDENCE_CONNS_MAX) {
		e->left_out++;
		return;
	}
	note_verdict(e, captured, told, v);
	note_evidence(e, told, v, v->evidence, v->evidences, EVIDENCE_NOTES_MAX);
	note_evidence(e, told, v, v->against, v->againsts, EVIDENCE_AGAINST_MAX);
	e->odd = evidence_grow(e->odd, e->odds, &e->odd_room, sizeof(*e->odd));
	e->odd[e->odds] = (struct odd){
		.end = { client_first ? *client : *server, client_first ? *server : *client },
		.first = captured->first,
		.last = captured->last,
		.first_ns = captured->first_ns,
		.last_ns = captured->last_ns,
		.end_ns = end_of(captured),
	};
	note_clear_text(&e->odd[e->odds], 0, captured, client_first ? CLIENT : SERVER);
	note_clear_text(&e->odd[e->odds++], 1, captured, client_first ? SERVER : CLIENT);
}
