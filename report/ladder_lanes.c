/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a rung begins and ends: at one of the ends, or between them. */
#include "report/ladder.h"

static bool is_end(const struct conn *conn, const struct event *e)
{
	return conn->end.mark.number != 0 && e->frame == conn->end.mark.number &&
	       e->input == conn->end.mark.input &&
	       (e->kind == EVENT_FIN || e->kind == EVENT_RESET || e->kind == EVENT_ICMP);
}

/* Of the side that waits for an answer to the end: the rest of what it sends does not arrive. */
static bool is_in_vain(const struct conn *conn, const struct event *e, enum side side)
{
	const struct pending *pending = &conn->peer[side].pending;

	return pending->mark.number != 0 && pending->repeats != 0 && e->kind != EVENT_RESET &&
	       e->time_ns >= pending->time_ns;
}

/*
 * The verdict is about one reset. Another one may be an end's own answer to it or to what came late: it
 * is drawn as made on the way when its TTL is none that its claimed sender's segments had.
 */
static bool is_of_middlebox(const struct conn *conn, const struct verdict *v, const struct event *e)
{
	if (e->kind != EVENT_RESET || v->who != WHO_MIDDLEBOX)
		return false;
	if (is_end(conn, e))
		return true;
	for (uint32_t i = 0; i < conn->resets_kept; i++) {
		const struct reset *reset = &conn->reset[i];
		const struct peer *peer = &conn->peer[reset->from];

		if (reset->seen.mark.number == e->frame && reset->seen.mark.input == e->input)
			return peer->ttl_samples != 0 &&
			       (reset->seen.ttl < peer->ttl_min || reset->seen.ttl > peer->ttl_max);
	}
	return false;
}

/*
 * An ICMP error is made by whoever's address it has, unless the verdict says that a device on the path
 * ended the connection with it.
 */
static enum lane maker_of_icmp(const struct conn *conn, const struct verdict *v,
			       const struct event *e)
{
	if (is_end(conn, e) && v->who == WHO_MIDDLEBOX)
		return LANE_MIDDLE;
	if (e->from == FROM_SERVER && conn->icmp.about == CLIENT)
		return LANE_SERVER;
	return e->from == FROM_CLIENT && conn->icmp.about == SERVER ? LANE_CLIENT : LANE_MIDDLE;
}

static bool has_lanes(const struct event *e)
{
	return e->kind != EVENT_IDLE && e->kind != EVENT_MIDSTREAM && e->kind != EVENT_COPY &&
	       e->kind != EVENT_PORT_REUSED && e->kind != EVENT_CAPTURE_END &&
	       e->from <= FROM_NETWORK;
}

void ladder_lanes(struct rung *rung, const struct conn *conn, const struct verdict *v,
		  const struct event *e)
{
	enum side side = e->from == FROM_SERVER ? SERVER : CLIENT;

	if (!has_lanes(e))
		return;
	rung->kind = RUNG_ARROW;
	rung->from = side == CLIENT ? LANE_CLIENT : LANE_SERVER;
	rung->to = side == CLIENT ? LANE_SERVER : LANE_CLIENT;
	rung->ending = is_end(conn, e);
	if (e->kind == EVENT_ICMP || e->from == FROM_MIDDLEBOX || e->from == FROM_NETWORK) {
		rung->from = maker_of_icmp(conn, v, e);
		rung->to = conn->icmp.about == CLIENT ? LANE_CLIENT : LANE_SERVER;
	} else if (is_of_middlebox(conn, v, e)) {
		rung->from = LANE_MIDDLE;
	} else if (is_in_vain(conn, e, side)) {
		rung->to = LANE_MIDDLE;
		rung->lost = true;
	}
}

const char *ladder_middle(const struct rung *rungs, size_t count)
{
	const char *name = "";

	for (size_t i = 0; i < count; i++) {
		if (rungs[i].from == LANE_MIDDLE)
			return "middlebox";
		if (rungs[i].to == LANE_MIDDLE)
			name = "network";
	}
	return name;
}
