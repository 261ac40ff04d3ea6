/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A side's sequence space (RFC 9293 section 3.4).
 *
 * seq_next is the highest sequence number a side has sent. A segment that begins there is new; one
 * that begins later leaves a hole (the capture lacks something, or it comes out of order); one that
 * ends at or before it was sent before: a keep-alive when it is the one octet before seq_next, the
 * late filler of a hole when it comes within a round trip, else a retransmission. A SYN is late when
 * its answer was captured before it.
 */
#include "track/inside.h"

/* Wireshark takes a late segment for reordering within 3 ms when it knows no round trip. */
#define REORDER_MIN_NS (3 * NS_PER_MS)

static bool fills_hole(const struct peer *peer, const struct packet *p, int64_t rtt_ns)
{
	int64_t within = rtt_ns > REORDER_MIN_NS ? rtt_ns : REORDER_MIN_NS;

	return peer->hole_from != peer->hole_to && seq_ahead(p->tcp.seq, peer->hole_from) >= 0 &&
	       seq_ahead(p->tcp.seq, peer->hole_to) < 0 && p->time_ns - peer->hole_ns <= within;
}

enum novelty novelty_of(const struct peer *peer, const struct packet *p, int64_t rtt_ns)
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
	if ((p->tcp.flags & TCP_SYN) != 0 && !peer->has_isn)
		return NOVELTY_LATE;
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
	}
	peer->seq_next = end;
	peer->started = true;
	peer->sample_ns = p->time_ns;
	peer->sample_end = end;
	pending_begin(conn, peer, p, false);
	unheard_heard(peer);
	/* What a FIN brings with it was said before the end. */
	if (p->tcp.payload_wire_len != 0 &&
	    (conn->end.ending == ENDING_open || conn->end.mark.number == p->mark.number))
		peer->last_data = (struct said){ p->mark, p->time_ns, p->tcp.payload_wire_len };
}

static void sent_again(struct conn *conn, enum side side, const struct packet *p)
{
	struct peer *peer = &conn->peer[side];

	peer->retransmissions++;
	peer->sample_ns = 0; /* Karn: an answer would be ambiguous */
	pending_repeat(peer, p);
	unheard_repeat(conn, side, p, false);
	if (p->tcp.payload_wire_len != 0)
		history_count(conn, side, 't');
	conn_note(conn, EVENT_RETRANSMISSION, side, p, p->tcp.payload_wire_len);
}

/*
 * What comes late and ends where the FIN began is what the side said last, sent again or overtaken by
 * its FIN: heard for the first time.
 */
bool space_is_last_words(const struct peer *peer, const struct packet *p)
{
	return peer->fin.number != 0 && peer->hole_from != peer->hole_to &&
	       p->tcp.payload_wire_len != 0 && peer->seq_next == peer->hole_to + 1 &&
	       seq_ahead(p->tcp.seq, peer->hole_from) >= 0 &&
	       p->tcp.seq + p->tcp.payload_wire_len == peer->hole_to;
}

static void take_last_words(struct peer *peer, const struct packet *p)
{
	peer->last_data = (struct said){ p->mark, p->time_ns, p->tcp.payload_wire_len };
	peer->hole_to = p->tcp.seq;
}

void space_take(struct conn *conn, enum side side, const struct packet *p, enum novelty novelty)
{
	struct peer *peer = &conn->peer[side];
	bool last_words = space_is_last_words(peer, p);

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
			pending_begin(conn, peer, p, true);
		unheard_repeat(conn, side, p, true);
		conn_note(conn, EVENT_KEEPALIVE, side, p, p->tcp.payload_wire_len);
		break;
	}
	if (last_words)
		take_last_words(peer, p);
}
