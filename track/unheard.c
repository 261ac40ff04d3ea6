/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A side that repeats what the other has acknowledged, before the eyes of the capture, does not hear:
 * the path behind the capture lost its answers. Any sign that it hears ends the series: new data, or
 * an acknowledgment that moves.
 *
 * A keep-alive is always about an acknowledged octet; what tells there is that the next one comes
 * sooner than the silence before the first, which is how a kernel asks that got no answer.
 */
#include "track/inside.h"

void unheard_repeat(struct conn *conn, enum side side, const struct packet *p, bool probe)
{
	const struct peer *other = &conn->peer[!side];
	struct unheard *u = &conn->peer[side].unheard;
	uint32_t end =
		p->tcp.seq + segment_len(&p->tcp) + (probe && p->tcp.payload_wire_len == 0 ? 1 : 0);

	/* A window of 0 is asked after as long as it lasts (RFC 9293 section 3.8.6.1). */
	if (!other->has_acked || seq_ahead(end, other->acked) > 0 || other->window == 0)
		return;
	if (u->mark.number == 0 || u->probe != probe)
		*u = (struct unheard){ .mark = p->mark,
				       .time_ns = p->time_ns,
				       .silence_ns = p->time_ns - conn->last_ns,
				       .probe = probe };
	else
		u->repeats++;
	u->len = p->tcp.payload_wire_len;
	u->last = p->mark;
	u->last_ns = p->time_ns;
	u->answered = false;
}

void unheard_answer(struct peer *peer)
{
	if (peer->unheard.mark.number == 0 || peer->unheard.answered)
		return;
	peer->unheard.answered = true;
	peer->unheard.answers++;
}

void unheard_heard(struct peer *peer)
{
	memset(&peer->unheard, 0, sizeof(peer->unheard));
}
