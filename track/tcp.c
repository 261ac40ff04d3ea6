/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The course of one connection's segments (RFC 9293 section 3.4).
 *
 * seq_next is the highest sequence number a side has sent. A segment that begins there is new; one
 * that begins later leaves a hole (the capture lacks something, or it comes out of order); one that
 * ends at or before it was sent before: a keep-alive when it is the one octet before seq_next, the
 * late filler of a hole when it comes within a round trip, else a retransmission.
 */

#include "track/inside.h"

/* A pause worth a line in the timeline: longer than any retransmission timer starts with. */
#define IDLE_MIN_NS (10 * NS_PER_S)

/* Wireshark takes a late segment for reordering within 3 ms when it knows no round trip. */
#define REORDER_MIN_NS (3 * NS_PER_MS)

/* The acknowledgment of this segment, as the other side's peer sees it. */
static void acknowledge(struct conn *conn, enum side side, const struct packet *p)
{
	struct peer *peer = &conn->peer[side], *other = &conn->peer[!side];
	int64_t survived;
	int32_t step;

	if ((p->tcp.flags & TCP_ACK) == 0)
		return;
	peer_rtt(peer, other, p);
	survived = pending_answered(other, &p->tcp);
	if (conn->end.ending == ENDING_open && survived > conn->end.idle_survived_ns)
		conn->end.idle_survived_ns = survived;
	if (!other->started) {
		other->started = true;
		other->seq_next = p->tcp.ack;
	} else if (seq_ahead(p->tcp.ack, other->seq_next) > 0) {
		/* Wireshark: "ACKed segment that wasn't captured". */
		other->seq_next = p->tcp.ack;
		if (other->packets != 0) {
			other->missing++;
			conn_note(conn, EVENT_MISSING, !side, p, 0);
		}
	}
	step = seq_ahead(p->tcp.ack, peer->acked);
	if (!peer->has_acked || step > 0) {
		if (peer->has_acked)
			peer->ack_step = (uint32_t)step;
		peer->acked = p->tcp.ack;
		peer->has_acked = true;
		ending_closer(conn, side);
	}
}

/* ---- sequence space ---- */

enum novelty { NOVELTY_BARE, NOVELTY_NEW, NOVELTY_OLD, NOVELTY_LATE, NOVELTY_PROBE };

static bool fills_hole(const struct peer *peer, const struct packet *p, int64_t rtt_ns)
{
	int64_t within = rtt_ns > REORDER_MIN_NS ? rtt_ns : REORDER_MIN_NS;

	return peer->hole_from != peer->hole_to && seq_ahead(p->tcp.seq, peer->hole_from) >= 0 &&
	       seq_ahead(p->tcp.seq, peer->hole_to) < 0 && p->time_ns - peer->hole_ns <= within;
}

static enum novelty novelty_of(const struct peer *peer, const struct packet *p, int64_t rtt_ns)
{
	uint32_t len = segment_len(&p->tcp);
	int32_t begin, end;

	if (!peer->started)
		return len != 0 ? NOVELTY_NEW : NOVELTY_BARE;
	begin = seq_ahead(p->tcp.seq, peer->seq_next);
	end = seq_ahead(p->tcp.seq + len, peer->seq_next);
	/* RFC 9293 section 3.8.4: no data or one octet that was sent before. */
	if (begin == -1 && end <= 0 && (p->tcp.flags & (TCP_SYN | TCP_FIN)) == 0 &&
	    !peer->fin.number)
		return NOVELTY_PROBE;
	if (len == 0)
		return NOVELTY_BARE;
	if (end > 0)
		return NOVELTY_NEW;
	return fills_hole(peer, p, rtt_ns) ? NOVELTY_LATE : NOVELTY_OLD;
}

static void advance(struct conn *conn, enum side side, const struct packet *p)
{
	struct peer *peer = &conn->peer[side];
	uint32_t end = p->tcp.seq + segment_len(&p->tcp);

	peer->bytes += peer_new_bytes(peer, p);
	if (peer->started && seq_ahead(p->tcp.seq, peer->seq_next) > 0) {
		peer->hole_from = peer->seq_next;
		peer->hole_to = p->tcp.seq;
		peer->hole_ns = p->time_ns;
		history_add(conn, side, 'g');
	}
	peer->seq_next = end;
	peer->started = true;
	peer->sample_ns = p->time_ns;
	peer->sample_end = end;
	pending_begin(conn, peer, p);
	if (p->tcp.payload_wire_len != 0 && conn->end.ending == ENDING_open)
		peer->last_data = seen_of(p);
}

static void sent_again(struct conn *conn, enum side side, const struct packet *p)
{
	struct peer *peer = &conn->peer[side];

	peer->retransmissions++;
	peer->sample_ns = 0; /* Karn: an answer would be ambiguous */
	pending_repeat(peer, p);
	history_add(conn, side, 't');
	conn_note(conn, EVENT_RETRANSMISSION, side, p, p->tcp.payload_wire_len);
}

static void place(struct conn *conn, enum side side, const struct packet *p, enum novelty novelty)
{
	struct peer *peer = &conn->peer[side];

	switch (novelty) {
	case NOVELTY_BARE:
		if (!peer->started) {
			peer->started = true;
			peer->seq_next = p->tcp.seq;
		}
		break;
	case NOVELTY_NEW:
		advance(conn, side, p);
		break;
	case NOVELTY_LATE:
		peer->out_of_order++;
		peer->bytes += p->tcp.payload_wire_len;
		conn_note(conn, EVENT_OUT_OF_ORDER, side, p, p->tcp.payload_wire_len);
		break;
	case NOVELTY_OLD:
		sent_again(conn, side, p);
		break;
	case NOVELTY_PROBE:
		peer->keepalives++;
		if (peer->pending.mark.number != 0)
			pending_repeat(peer, p);
		else
			pending_begin(conn, peer, p);
		conn_note(conn, EVENT_KEEPALIVE, side, p, p->tcp.payload_wire_len);
		break;
	}
}

/* ---- what the timeline tells ---- */

static void note_idle(struct conn *conn, const struct packet *p)
{
	int64_t silence = p->time_ns - conn->last_ns;

	if (conn->last.number == 0 || silence < IDLE_MIN_NS)
		return;
	silence /= NS_PER_MS;
	timeline_add(conn, EVENT_IDLE, FROM_CAPTURE, p->mark, p->time_ns,
		     silence < UINT32_MAX ? (uint32_t)silence : UINT32_MAX);
}

static void note_handshake(struct conn *conn, enum side side, const struct packet *p)
{
	struct peer *peer = &conn->peer[side], *other = &conn->peer[!side];
	bool syn = (p->tcp.flags & TCP_SYN) != 0;

	if (syn) {
		peer->has_isn = true;
		peer->isn = p->tcp.seq;
		peer->syn = peer->syn.number != 0 ? peer->syn : p->mark;
		peer->has_wscale = p->tcp.has_wscale;
		peer->wscale = p->tcp.wscale;
		if (conn->handshake == HANDSHAKE_MISSING)
			conn->handshake = HANDSHAKE_PARTIAL;
		history_add(conn, side, (p->tcp.flags & TCP_ACK) != 0 ? 'h' : 's');
		conn_note(conn, (p->tcp.flags & TCP_ACK) != 0 ? EVENT_SYN_ACK : EVENT_SYN, side, p,
			  0);
		return;
	}
	if (conn->handshake == HANDSHAKE_PARTIAL && side == CLIENT && peer->has_isn &&
	    other->has_isn && p->tcp.ack == other->isn + 1) {
		int64_t rtt = peer->rtt_min_ns + other->rtt_min_ns;

		conn->handshake = HANDSHAKE_COMPLETE;
		conn_note(conn, EVENT_ESTABLISHED, CLIENT, p,
			  rtt / NS_PER_US < UINT32_MAX ? (uint32_t)(rtt / NS_PER_US) : 0);
	}
}

static void note_fin(struct conn *conn, enum side side, const struct packet *p)
{
	struct peer *peer = &conn->peer[side];

	if ((p->tcp.flags & TCP_FIN) == 0 || peer->fin.number != 0)
		return;
	peer->fin = p->mark;
	peer->fin_ns = p->time_ns;
	history_add(conn, side, 'f');
	conn_note(conn, EVENT_FIN, side, p, 0);
	if (conn->end.ending == ENDING_open)
		ending_set(conn, ENDING_closed, side, p);
}

static void note_payload(struct conn *conn, enum side side, const struct packet *p,
			 enum novelty novelty)
{
	struct peer *peer = &conn->peer[side];

	if (novelty != NOVELTY_NEW || peer_new_bytes(peer, p) == 0)
		return;
	history_add(conn, side, 'd');
	if (conn->peer[!side].fin.number != 0) {
		peer->data_after_fin++;
		peer->data_after_fin_mark = p->mark;
	}
	if (conn->ending_reset < 0)
		return;
	if (conn->data_after_reset[side]++ == 0)
		conn->after_reset_mark[side] = p->mark;
	conn_note(conn, EVENT_DATA_AFTER_RESET, side, p, p->tcp.payload_wire_len);
}

/*
 * A SYN with another initial number than before: the one that was answered counts, and after that
 * it is a forgery, or a SYN cookie for an attempt that succeeded already.
 */
static bool is_stray_syn(struct conn *conn, enum side side, const struct packet *p)
{
	struct peer *peer = &conn->peer[side];

	if ((p->tcp.flags & TCP_SYN) == 0 || !peer->has_isn || peer->isn == p->tcp.seq)
		return false;
	if (conn->peer[!side].has_acked)
		return true;
	peer->started = false;
	memset(&peer->pending, 0, sizeof(peer->pending));
	return false;
}

static void ordinary_segment(struct track *track, struct slot *slot, enum side side,
			     const struct packet *p)
{
	struct conn *conn = &slot->conn;
	struct peer *peer = &conn->peer[side];
	enum novelty novelty;

	if (is_stray_syn(conn, side, p))
		return;
	novelty = novelty_of(peer, p, conn->peer[!side].rtt_min_ns);
	acknowledge(conn, side, p);
	note_handshake(conn, side, p);
	if (novelty == NOVELTY_BARE)
		history_add(conn, side, 'a');
	if (p->tcp.window == 0) {
		history_add(conn, side, 'w');
		conn_note(conn, EVENT_ZERO_WINDOW, side, p, 0);
	}
	note_payload(conn, side, p, novelty);
	life_after_reset(conn, side, p);
	note_fin(conn, side, p);
	place(conn, side, p, novelty);
	peer_looks(peer, p);
	/* Clear text is read on: the reset may turn out to have had no effect. */
	if (p->tcp.payload_wire_len != 0 && novelty != NOVELTY_PROBE &&
	    (conn->ending_reset < 0 || slot->reading[side] < READING_ENCRYPTED))
		ssh_segment(track, slot, side, p, novelty == NOVELTY_NEW);
}

void segment_seen(struct track *track, struct slot *slot, const struct packet *p)
{
	struct conn *conn = &slot->conn;
	enum side side = endpoint_equal(&p->src, &conn->peer[CLIENT].at) ? CLIENT : SERVER;

	if (p->time_ns < conn->last_ns)
		conn->clock_stepped = true;
	conn->cut |= p->cut && p->tcp.payload_len < p->tcp.payload_wire_len;
	conn->multipath |= p->tcp.has_mptcp;
	conn->peer[side].packets++;
	note_idle(conn, p);
	if ((p->tcp.flags & TCP_RST) != 0)
		reset_seen(slot, side, p);
	else
		ordinary_segment(track, slot, side, p);
	conn->last = p->mark;
	conn->last_ns = p->time_ns > conn->last_ns ? p->time_ns : conn->last_ns;
}
