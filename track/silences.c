/* SPDX-License-Identifier: BSD-3-Clause */
/* Which silences were survived on the way to a server, and which were not. */
#include "track/silences.h"

static bool is_same(struct mark a, struct mark b)
{
	return a.number == b.number && a.input == b.input;
}

static struct silence *place_of(struct silences *s, const struct conn *conn)
{
	struct silence *place;

	for (int i = 0; i < SILENCES_MAX; i++) {
		if (is_same(s->of[i].conn, conn->first))
			return &s->of[i];
	}
	place = &s->of[s->count++ % SILENCES_MAX];
	*place = (struct silence){ .conn = conn->first, .client = conn->peer[CLIENT].at.ip };
	return place;
}

/* What its own ends closed in order says nothing of what may lie between them. */
static bool was_killed(const struct conn *conn)
{
	return (conn->end.ending == ENDING_reset || conn->end.ending == ENDING_silent) &&
	       conn->end.idle_before_ns >= SILENCE_LEAST_NS;
}

void silences_learn(struct silences *s, const struct conn *conn)
{
	bool survived = conn->end.idle_survived_ns >= SILENCE_LEAST_NS;
	struct silence *place;

	if (!survived && !was_killed(conn))
		return;
	place = place_of(s, conn);
	if (survived && conn->end.idle_survived_ns > place->survived_ns) {
		place->survived_ns = conn->end.idle_survived_ns;
		place->survived = conn->last;
	}
	place->killed_ns = was_killed(conn) ? conn->end.idle_before_ns : 0;
	place->killed = was_killed(conn) ? conn->end.idle_to : (struct mark){ 0, 0 };
}

void silences_teach(const struct silences *s, struct conn *conn)
{
	struct lessons *lessons = &conn->lessons;

	for (int i = 0; i < SILENCES_MAX; i++) {
		const struct silence *of = &s->of[i];

		if (of->conn.number == 0 || is_same(of->conn, conn->first) ||
		    !address_equal(&of->client, &conn->peer[CLIENT].at.ip))
			continue;
		if (of->survived_ns > lessons->silence_survived_ns) {
			lessons->silence_survived_ns = of->survived_ns;
			lessons->silence_survived_mark = of->survived;
		}
		if (of->killed_ns != 0 && (lessons->silence_killed_ns == 0 ||
					   of->killed_ns < lessons->silence_killed_ns)) {
			lessons->silence_killed_ns = of->killed_ns;
			lessons->silence_killed_mark = of->killed;
		}
	}
}
