/* SPDX-License-Identifier: BSD-3-Clause */
/* Columns grow wider as time goes on, so that nobody has to know the length of a capture before. */
#include "report/overview.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "report/words.h"

size_t overview_family(enum cause_id cause)
{
	const struct family *family;
	size_t i = 0;

	while ((family = family_row(i)) != NULL && strcmp(family->name, cause_family(cause)) != 0)
		i++;
	assert(family != NULL && i < OVERVIEW_FAMILIES);
	return i;
}

/* Each pair of columns becomes one; the second half is free then. */
static void widen(struct overview *o)
{
	for (size_t row = 0; row < OVERVIEW_FAMILIES; row++) {
		uint32_t *ended = o->ended[row];

		for (size_t i = 0; i < OVERVIEW_COLUMNS / 2; i++)
			ended[i] = ended[2 * i] + ended[2 * i + 1];
		memset(ended + OVERVIEW_COLUMNS / 2, 0, OVERVIEW_COLUMNS / 2 * sizeof(*ended));
	}
	o->width_ns *= 2;
}

/* Connections are handed on as they end: one that began earlier may come later. */
static void begin_at(struct overview *o, int64_t time_ns)
{
	int64_t columns = 0;

	while (time_ns < o->begin_ns) {
		columns = (words_span_ns(time_ns, o->begin_ns) - 1) / o->width_ns + 1;
		if (columns < OVERVIEW_COLUMNS / 2)
			break;
		widen(o);
	}
	if (columns == 0)
		return;
	/* The right half may be in use: it becomes a quarter. */
	widen(o);
	columns = (columns + 1) / 2;
	for (size_t row = 0; row < OVERVIEW_FAMILIES; row++) {
		uint32_t *ended = o->ended[row];

		memmove(ended + columns, ended,
			(size_t)(OVERVIEW_COLUMNS - columns) * sizeof(*ended));
		memset(ended, 0, (size_t)columns * sizeof(*ended));
	}
	o->begin_ns -= columns * o->width_ns;
}

static size_t column_of(struct overview *o, int64_t time_ns)
{
	int64_t since_ns = words_span_ns(o->begin_ns, time_ns); /* a clock may step back */

	while (since_ns / o->width_ns >= OVERVIEW_COLUMNS)
		widen(o);
	return (size_t)(since_ns / o->width_ns);
}

/* Work that was lost is graver than what never began: it takes the place of the last such one. */
static struct overview_lane *lane_for(struct overview *o, const struct conn *conn)
{
	if (o->lanes < OVERVIEW_LANES)
		return &o->lane[o->lanes];
	for (size_t i = OVERVIEW_LANES; conn->ssh.phase == SSH_PHASE_SESSION && i-- > 0;) {
		if (!o->lane[i].in_session)
			return &o->lane[i];
	}
	return NULL;
}

static void add_tick(struct overview_lane *lane, int64_t time_ns, bool uncaptured)
{
	if (lane->ticks == OVERVIEW_TICKS) {
		lane->ticks = OVERVIEW_TICKS / 2;
		for (size_t i = 0; i < lane->ticks; i++)
			lane->tick[i] = lane->tick[2 * i];
	}
	lane->tick[lane->ticks++] = (struct overview_tick){ time_ns, uncaptured };
}

static void add_ticks(struct overview_lane *lane, const struct conn *conn)
{
	const uint32_t kept = timeline_kept(&conn->timeline);

	for (uint32_t i = 0; i < kept; i++) {
		const struct event *e = timeline_at(&conn->timeline, i);

		if (e->kind == EVENT_RETRANSMISSION || e->kind == EVENT_MISSING)
			add_tick(lane, e->time_ns, e->kind == EVENT_MISSING);
	}
}

static int64_t end_of(const struct conn *conn)
{
	bool ended = conn->end.ending != ENDING_open && conn->end.time_ns != 0;

	return ended ? conn->end.time_ns : conn->last_ns;
}

void overview_tell(struct overview *o, const struct conn *conn, const struct verdict *v)
{
	struct overview_lane *lane = lane_for(o, conn);

	if (lane == NULL || cause_is_healthy(v->cause))
		return;
	o->lanes += lane == &o->lane[o->lanes];
	*lane = (struct overview_lane){
		.id = conn->id,
		.client = conn->peer[CLIENT].at,
		.server = conn->peer[SERVER].at,
		.first_ns = conn->first_ns,
		.end_ns = end_of(conn),
		.last_ns = conn->last_ns,
		.silence_ns = conn->end.ending != ENDING_open ? conn->end.idle_before_ns : 0,
		.ending = conn->end.ending,
		.who = v->who,
		.cause = v->cause,
		.in_session = conn->ssh.phase == SSH_PHASE_SESSION,
	};
	add_ticks(lane, conn);
	memcpy(lane->sentence, v->sentence, sizeof(lane->sentence));
}

bool overview_count(struct overview *o, const struct conn *conn, const struct verdict *v)
{
	int64_t end_ns = end_of(conn);
	size_t family = overview_family(v->cause);

	if (!o->some) {
		o->begin_ns = o->first_ns = conn->first_ns;
		o->last_ns = conn->last_ns;
		o->width_ns = 10 * NS_PER_MS; /* 2 s in all; it doubles when that is not enough */
		o->some = true;
	}
	if (conn->first_ns < o->first_ns) {
		o->first_ns = conn->first_ns;
		begin_at(o, conn->first_ns);
	}
	if (conn->last_ns > o->last_ns)
		o->last_ns = conn->last_ns;
	column_of(o, conn->last_ns); /* the last column is that of the last frame */
	o->ended[family][column_of(o, end_ns)]++;
	o->of_family[family]++;
	if (cause_is_healthy(v->cause))
		return false;
	o->odd++;
	return lane_for(o, conn) != NULL;
}

static int by_beginning(const void *a, const void *b)
{
	const struct overview_lane *x = a, *y = b;

	if (x->first_ns != y->first_ns)
		return x->first_ns < y->first_ns ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

void overview_sort(struct overview *o)
{
	qsort(o->lane, o->lanes, sizeof(o->lane[0]), by_beginning);
}

/* ---- many at once ---- */

/* Two may be chance; so may be less than some times of what each column would have if all ends were
 * spread evenly. */
#define MASS_LEAST 3
#define MASS_TIMES 8
/* What ended within more than this did not end at once. */
#define MASS_COLUMN_NS (INT64_C(3600) * NS_PER_S)

static uint64_t odd_ends(const struct overview *o, size_t column)
{
	size_t healthy = overview_family(CAUSE_orderly_close);
	uint64_t sum = 0;

	for (size_t row = 0; row < OVERVIEW_FAMILIES; row++)
		sum += row != healthy ? o->ended[row][column] : 0;
	return sum;
}

size_t overview_masses(const struct overview *o, struct overview_mass mass[OVERVIEW_MASSES])
{
	size_t count = 0, last = OVERVIEW_COLUMNS;

	for (size_t i = 0; i < OVERVIEW_COLUMNS && o->width_ns <= MASS_COLUMN_NS; i++) {
		uint64_t ended = odd_ends(o, i);

		if (ended < MASS_LEAST || ended * OVERVIEW_COLUMNS < o->odd * MASS_TIMES)
			continue;
		if (count == 0 || last + 1 != i) { /* neighbours are one */
			if (count == OVERVIEW_MASSES)
				break;
			mass[count++] = (struct overview_mass){ .from = i };
		}
		last = i;
		mass[count - 1].columns++;
		mass[count - 1].ended += ended;
	}
	return count;
}
