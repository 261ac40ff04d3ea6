/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The short way of the usual segment: data that begins where the last ended, or a new acknowledgment,
 * of a connection that is open, with nothing lost, repeated or foreign in sight. Nine in ten segments
 * are such, and the long way (tcp.c) asks each of them for fifty oddities that it cannot have.
 *
 * It must leave the connection exactly as the long way would. So is_usual() refuses whatever any of its
 * steps may remark on, and what is kept of a usual segment is kept by those steps' own functions,
 * or stands here beside the name of the one that it is short for.
 */
#include "track/inside.h"

#define WINDOW_MOST (1u << 30)

/* Without any of: a flag beyond PSH, an empty window, SACK, MPTCP, bytes that were cut. */
static bool is_plain(const struct packet *p)
{
	return (p->tcp.flags & (uint8_t)~TCP_PSH) == TCP_ACK && p->tcp.window != 0 &&
	       p->tcp.sacks == 0 && !p->tcp.has_mptcp && !p->cut;
}

/* Nothing is to be told of the connection as a whole, nor of its handshake or its end. */
static bool is_at_ease(const struct slot *slot, enum side side, const struct packet *p)
{
	const struct conn *conn = &slot->conn;

	return conn->end.ending == ENDING_open && conn->ending_reset < 0 &&
	       conn->peer[CLIENT].fin.number == 0 && conn->peer[SERVER].fin.number == 0 &&
	       conn->handshake != HANDSHAKE_PARTIAL && conn->last.number != 0 &&
	       p->time_ns >= conn->last_ns && p->time_ns - conn->last_ns < IDLE_MIN_NS &&
	       !slot->stray_syn[!side] && (slot->first_rtt_ns != 0 || !conn->peer[side].has_isn);
}

/*
 * Neither side lacks anything, it begins where its sender's last ended, and it acknowledges what was
 * sent and allowed: space.c, leap.c, lack.c. RFC 7323 section 2.3: no window is larger than 2^30, and
 * what lies farther behind may as well lie ahead.
 */
static bool goes_on(const struct slot *slot, enum side side, const struct packet *p)
{
	const struct peer *peer = &slot->conn.peer[side], *other = &slot->conn.peer[!side];
	const struct leap *leap = &slot->leap[!side];

	return peer->started && other->started && peer->has_acked && other->packets != 0 &&
	       p->tcp.seq == peer->seq_next && other->seq_next - p->tcp.ack <= WINDOW_MOST &&
	       leap->has_edge && seq_ahead(leap->edge, p->tcp.ack) >= 0 &&
	       peer->unheard.mark.number == 0 && other->unheard.mark.number == 0 &&
	       other->lack.mark.number == 0;
}

/* Wireshark would not remark on it: oddity.c. */
static bool is_unremarkable(const struct slot *slot, enum side side, const struct packet *p)
{
	const struct analysis *mine = &slot->analysis[side], *theirs = &slot->analysis[!side];
	const uint32_t len = p->tcp.payload_wire_len, end = p->tcp.seq + len;

	if (!mine->started || !theirs->started || p->tcp.seq != mine->next ||
	    seq_ahead(p->tcp.ack, theirs->ackable) > 0)
		return false;
	if (len == 0)
		return p->tcp.ack != mine->ack;
	/* One octet may probe a window; at its edge it fills one; before it, it was acknowledged. */
	return len != 1 && end != theirs->ack + ((uint32_t)theirs->window << theirs->wscale) &&
	       seq_ahead(end, theirs->ack) > 0;
}

/* Short for keep() of oddity.c. */
static void keep_analysis(struct analysis *mine, const struct packet *p)
{
	if (p->tcp.payload_wire_len != 0) {
		mine->next = p->tcp.seq + p->tcp.payload_wire_len;
		mine->next_ns = p->time_ns;
	}
	if (mine->ackable == p->tcp.seq)
		mine->ackable = mine->next;
	mine->ack = p->tcp.ack;
	mine->acked = true;
	mine->ack_ns = p->time_ns;
	mine->window = p->tcp.window;
	mine->duplicates = 0;
	mine->last_was_keep_alive = mine->last_was_probe = false;
}

/* Short for acknowledge() of tcp.c. */
static void acknowledge(struct conn *conn, enum side side, const struct packet *p)
{
	struct peer *peer = &conn->peer[side], *other = &conn->peer[!side];
	int32_t step = seq_ahead(p->tcp.ack, peer->acked);
	int64_t survived_ns;

	peer_rtt(peer, other, p);
	survived_ns = pending_answered(other, &p->tcp);
	if (survived_ns > conn->end.idle_survived_ns)
		conn->end.idle_survived_ns = survived_ns;
	if (step <= 0)
		return;
	peer->ack_step = (uint32_t)step;
	peer->acked = p->tcp.ack;
}

/* Short for advance() of space.c. */
static void advance(struct conn *conn, enum side side, const struct packet *p)
{
	struct peer *peer = &conn->peer[side];

	peer->bytes += p->tcp.payload_wire_len;
	peer->seq_next = p->tcp.seq + p->tcp.payload_wire_len;
	peer->sample_ns = p->time_ns;
	peer->sample_end = peer->seq_next;
	pending_begin(conn, peer, p, false);
	peer->last_data = (struct said){ p->mark, p->time_ns, p->tcp.payload_wire_len };
}

bool usual_segment(struct track *track, struct slot *slot, enum side side, const struct packet *p)
{
	struct conn *conn = &slot->conn;
	struct peer *peer = &conn->peer[side];
	const bool data = p->tcp.payload_wire_len != 0;

	if (!is_plain(p) || !is_at_ease(slot, side, p) || !goes_on(slot, side, p) ||
	    !is_unremarkable(slot, side, p))
		return false;
	keep_analysis(&slot->analysis[side], p);
	leap_allow(slot, side, p);
	peer->packets++;
	acknowledge(conn, side, p);
	peer_echo(slot, side, p, data ? NOVELTY_NEW : NOVELTY_BARE);
	history_add(conn, side, data ? 'd' : 'a');
	if (data) {
		overlap_look(slot, side, p);
		advance(conn, side, p);
	}
	peer_looks(peer, p);
	if (data)
		ssh_segment(track, slot, side, p, true);
	conn->last = p->mark;
	conn->last_ns = p->time_ns;
	return true;
}
