/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The course of one connection's segments: acknowledgments, handshake, FINs, and who takes part in
 * what. Which of them are new and which were sent before is told in space.c.
 */
#include "track/inside.h"

/*
 * One octet is acknowledged that the capture lacks. A FIN takes one sequence number, and hardly
 * anything that SSH sends is a single octet: the other side had closed.
 */
static void fin_unseen(struct conn *conn, enum side side, const struct packet *p)
{
	struct peer *peer = &conn->peer[side];

	if (peer->fin.number != 0 || conn->handshake == HANDSHAKE_PARTIAL)
		return;
	peer->fin = p->mark;
	peer->fin_ns = p->time_ns;
	if (conn->end.ending != ENDING_open)
		return;
	ending_set(conn, ENDING_closed, side, p);
	conn->end.unseen = true;
}

/*
 * A capture that begins in mid-connection may begin with a keep-alive, which repeats the octet before
 * what is sent next: nothing but the answer to it shows where its side stands.
 */
static bool answers_first_probe(const struct peer *prober, const struct peer *by, uint32_t ack)
{
	return !prober->has_isn && prober->bytes == 0 && !by->has_acked &&
	       seq_ahead(ack, prober->seq_next) == 1;
}

/* The acknowledgment of this segment, as the other side's peer sees it. */
static void acknowledge(struct conn *conn, enum side side, const struct packet *p)
{
	struct peer *peer = &conn->peer[side], *other = &conn->peer[!side];
	int64_t survived;
	int32_t step;

	if ((p->tcp.flags & TCP_ACK) == 0)
		return;
	peer_rtt(peer, other, p);
	lack_look(other, p);
	unheard_answer(other);
	survived = pending_answered(other, &p->tcp);
	if (conn->end.ending == ENDING_open && survived > conn->end.idle_survived_ns)
		conn->end.idle_survived_ns = survived;
	if (!other->started) {
		other->started = true;
		other->seq_next = p->tcp.ack;
	} else if (answers_first_probe(other, peer, p->tcp.ack)) {
		other->seq_next = p->tcp.ack;
	} else if (seq_ahead(p->tcp.ack, other->seq_next) > 0) {
		if (other->packets != 0 && seq_ahead(p->tcp.ack, other->seq_next) == 1)
			fin_unseen(conn, !side, p);
		/* Wireshark: "ACKed segment that wasn't captured". */
		other->seq_next = p->tcp.ack;
		if (other->packets != 0) {
			other->missing++;
			conn->missing_at = peer->packets + other->packets;
			history_count(conn, !side, 'g');
			conn_note(conn, EVENT_MISSING, !side, p, 0);
		}
	}
	step = seq_ahead(p->tcp.ack, peer->acked);
	if (!peer->has_acked || step > 0) {
		if (peer->has_acked)
			peer->ack_step = (uint32_t)step;
		unheard_heard(peer);
		peer->acked = p->tcp.ack;
		peer->has_acked = true;
		ending_closer(conn, side);
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
		history_flag(conn, side, (p->tcp.flags & TCP_ACK) != 0 ? 'h' : 's', p->tcp.seq);
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

	if ((p->tcp.flags & TCP_FIN) == 0)
		return;
	history_flag(conn, side, 'f', p->tcp.seq + p->tcp.payload_wire_len);
	if (peer->fin.number != 0)
		return;
	peer->fin = p->mark;
	peer->fin_ns = p->time_ns;
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

/* RFC 5961 section 4: the answer to a SYN in mid-connection. */
static bool says_nothing_new(const struct peer *peer, const struct packet *p)
{
	return segment_len(&p->tcp) == 0 && p->tcp.seq == peer->seq_next && peer->has_acked &&
	       p->tcp.ack == peer->acked;
}

static void ordinary_segment(struct track *track, struct slot *slot, enum side side,
			     const struct packet *p)
{
	struct conn *conn = &slot->conn;
	struct peer *peer = &conn->peer[side];
	enum novelty novelty;
	bool last_words;

	if (is_stray_syn(conn, side, p))
		return;
	if (slot->stray_syn[!side] && says_nothing_new(peer, p))
		conn_note(conn, EVENT_CHALLENGE_ACK, side, p, 0);
	slot->stray_syn[!side] = false;
	novelty = novelty_of(peer, p, conn->peer[!side].rtt_min_ns);
	acknowledge(conn, side, p);
	peer_echo(slot, side, p, novelty);
	note_handshake(conn, side, p);
	if (novelty == NOVELTY_BARE)
		history_add(conn, side, 'a');
	if (p->tcp.window == 0) {
		history_count(conn, side, 'w');
		conn_note(conn, EVENT_ZERO_WINDOW, side, p, 0);
	}
	if (p->tcp.payload_wire_len != 0 && novelty != NOVELTY_PROBE)
		overlap_look(slot, side, p);
	note_payload(conn, side, p, novelty);
	life_after_reset(conn, side, p);
	note_fin(conn, side, p);
	last_words = space_is_last_words(peer, p);
	space_take(conn, side, p, novelty);
	peer_looks(peer, p);
	/* Clear text is read on: the reset may turn out to have had no effect. */
	if (p->tcp.payload_wire_len != 0 && novelty != NOVELTY_PROBE &&
	    (conn->ending_reset < 0 || slot->reading[side] < READING_ENCRYPTED))
		ssh_segment(track, slot, side, p, novelty == NOVELTY_NEW || last_words);
}

/* Flags that no stack sets together. */
static void note_flags(struct conn *conn, enum side side, const struct packet *p)
{
	if ((p->tcp.flags & TCP_SYN) != 0 && (p->tcp.flags & (TCP_FIN | TCP_RST)) != 0)
		history_add(conn, side, 'q');
	if ((p->tcp.flags & (TCP_FIN | TCP_RST)) == (TCP_FIN | TCP_RST))
		history_add(conn, side, 'i');
}

/* What its receiver does not take for a part of this connection; forged, most likely. */
static bool is_foreign(struct slot *slot, enum side side, const struct packet *p)
{
	if (syn_is_stray(&slot->conn, side, p)) {
		slot->stray_syn[side] = slot->has_stray[side] = true;
		slot->stray_isn[side] = p->tcp.seq;
		conn_note(&slot->conn, EVENT_STRAY_SYN, side, p, 0);
		return true;
	}
	if ((p->tcp.flags & TCP_RST) != 0 ? !reset_refuses_stray(slot, side, p) :
					    leap_fits(slot, side, p))
		return false;
	conn_note(&slot->conn, EVENT_OUTSIDE, side, p, p->tcp.payload_wire_len);
	return true;
}

void any_segment(struct track *track, struct slot *slot, enum side side, const struct packet *p)
{
	struct conn *conn = &slot->conn;
	bool foreign;

	oddity_look(slot, side, p);
	foreign = is_foreign(slot, side, p);
	conn->peer[side].packets++;
	if (foreign) {
		/* Who has no such connection, or takes it for invalid, answers it all the same. */
		if ((p->tcp.flags & TCP_RST) == 0)
			peer_sent(&conn->peer[side], p);
		return;
	}
	if (p->time_ns < conn->last_ns)
		conn->clock_stepped = true;
	conn->cut |= p->cut && p->tcp.payload_len < p->tcp.payload_wire_len;
	conn->multipath |= p->tcp.has_mptcp;
	note_idle(conn, p);
	note_flags(conn, side, p);
	if ((p->tcp.flags & TCP_RST) != 0)
		reset_seen(slot, side, p);
	else
		ordinary_segment(track, slot, side, p);
	conn->last = p->mark;
	conn->last_ns = p->time_ns > conn->last_ns ? p->time_ns : conn->last_ns;
}

void segment_seen(struct track *track, struct slot *slot, const struct packet *p)
{
	struct conn *conn = &slot->conn;
	enum side side = endpoint_equal(&p->src, &conn->peer[CLIENT].at) ? CLIENT : SERVER;

	if (checksum_refuses(slot, side, p)) {
		conn->peer[side].packets++;
		history_count(conn, side, 'c');
		conn_note(conn, EVENT_CHECKSUM, side, p, p->tcp.payload_wire_len);
	} else if (copy_is(slot, side, p)) {
		copy_count(conn, side, p, 1);
	} else if (!usual_segment(track, slot, side, p)) {
		any_segment(track, slot, side, p);
	}
}
