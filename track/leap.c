/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Leaps in a side's sequence space: its data, or the other side's acknowledgment, lies beyond all that
 * the other side ever allowed it to send. RFC 9293 section 3.10.7.4 and RFC 5961 section 5: nobody
 * accepts that. It is a forgery, or the capture lost all that was between; the second is believed when
 * another segment goes on from there, which a sender who guesses cannot bring about.
 */
#include "track/inside.h"

/* RFC 7323 section 2.3: no window is larger, so nothing farther behind was sent before. */
#define WINDOW_MOST (1 << 30)

/* How far the answer to what was lost may be from it: a burst of senders of SSH is below that. */
#define NEAR_LEN (4u * 1024 * 1024)

static bool is_near(uint32_t a, uint32_t b)
{
	return a - b <= NEAR_LEN || b - a <= NEAR_LEN;
}

void leap_allow(struct slot *slot, enum side side, const struct packet *p)
{
	const struct peer *sender = &slot->conn.peer[!side], *receiver = &slot->conn.peer[side];
	struct leap *leap = &slot->leap[!side];
	/* RFC 7323 section 2.2: the window of a SYN is never scaled. */
	bool syn = (p->tcp.flags & TCP_SYN) != 0;
	uint32_t window = syn ? p->tcp.window : window_of(p->tcp.window, receiver, sender);
	uint32_t edge = p->tcp.ack + window;

	if ((p->tcp.flags & TCP_ACK) == 0)
		return;
	if (!leap->has_edge || seq_ahead(edge, leap->edge) > 0)
		leap->edge = edge;
	leap->has_edge = true;
}

/* What may come next without a leap: a probe of a closed window, or a FIN, is one number beyond. */
static uint32_t limit_of(const struct leap *leap, const struct peer *peer)
{
	return (seq_ahead(leap->edge, peer->seq_next) > 0 ? leap->edge : peer->seq_next) + 1;
}

/* A claim from begin to end about this space, made by a side. */
static bool believe(struct leap *leap, uint32_t begin, uint32_t end, enum side by, bool one_sided)
{
	bool other = leap->by != by;

	if (leap->claimed &&
	    (other || one_sided ? is_near(begin, leap->end) : begin == leap->end && begin != end)) {
		leap->claimed = false;
		return true;
	}
	leap->claimed = true;
	leap->end = end;
	leap->by = by;
	return false;
}

static bool data_fits(struct leap *leap, const struct conn *conn, enum side side,
		      const struct packet *p)
{
	const struct peer *peer = &conn->peer[side];
	uint32_t len = segment_len(&p->tcp);
	int32_t ahead = seq_ahead(p->tcp.seq, peer->seq_next);

	if (len == 0 || !peer->started || ahead == 0)
		return true;
	if (ahead < -WINDOW_MOST || (ahead < 0 && peer->has_isn && peer->bytes < WINDOW_MOST &&
				     seq_ahead(p->tcp.seq, peer->isn) < 0))
		return false;
	if (!leap->has_edge || seq_ahead(p->tcp.seq, limit_of(leap, peer)) <= 0)
		return true;
	return believe(leap, p->tcp.seq, p->tcp.seq + len, side, conn->peer[!side].packets == 0);
}

static bool ack_fits(struct leap *leap, const struct conn *conn, enum side side,
		     const struct packet *p)
{
	const struct peer *other = &conn->peer[!side];

	if ((p->tcp.flags & TCP_ACK) == 0 || !other->started || !leap->has_edge ||
	    seq_ahead(p->tcp.ack, limit_of(leap, other)) <= 0)
		return true;
	return believe(leap, p->tcp.ack, p->tcp.ack, side, other->packets == 0);
}

bool leap_fits(struct slot *slot, enum side side, const struct packet *p)
{
	struct conn *conn = &slot->conn;
	bool data, ack;

	if ((p->tcp.flags & TCP_SYN) == 0) {
		data = data_fits(&slot->leap[side], conn, side, p);
		ack = ack_fits(&slot->leap[!side], conn, side, p);
		if (!data || !ack)
			return false;
	}
	leap_allow(slot, side, p);
	return true;
}
