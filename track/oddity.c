/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What Wireshark would remark on each segment, counted for whoever compares.
 *
 * Verdicts do not rest on this: Wireshark believes each sequence number it sees, and has no idea of
 * forgeries. Source: Wireshark User's Guide 4.0, "TCP Analysis", whose conditions stand at each rule;
 * a remark that "supersedes" others is asked for before them.
 */
#include "track/inside.h"

/* The guide: a fast retransmission follows within 20 ms of the last duplicate acknowledgment. */
#define FAST_NS (20 * NS_PER_MS)
#define FAST_ACKS 2
/* The guide: out of order within 3 ms when the first round trip is not known. */
#define OUT_OF_ORDER_NS (3 * NS_PER_MS)

#define CONTROL (TCP_SYN | TCP_FIN | TCP_RST)

/* One segment as it is looked at; mine: of its sender, theirs: of its receiver. */
struct look {
	const struct packet *p;
	struct analysis *mine, *theirs;
	uint32_t len;     /* payload */
	bool control;     /* SYN, FIN or RST */
	bool repeats_ack; /* no payload, and numbers as they were */
	int64_t rtt_ns;
};

const char *oddity_name(enum oddity oddity)
{
	static const char *const names[] = {
#define ODDITY(id, field) field,
#include "track/oddities.def"
#undef ODDITY
	};

	return names[oddity];
}

/* ---- windows and acknowledgments ---- */

static bool fills_window(const struct look *l)
{
	const struct analysis *theirs = l->theirs;
	uint32_t edge = theirs->ack + ((uint32_t)theirs->window << theirs->wscale);

	return l->len != 0 && !l->control && theirs->wscale_known && theirs->acked &&
	       l->p->tcp.seq + l->len == edge;
}

/* At most one of these; 0 with *found false: none. */
static bool acknowledgment_remark(const struct look *l, enum oddity *remark)
{
	const struct segment *tcp = &l->p->tcp;
	bool same_window = tcp->window == l->mine->window;

	if (!l->repeats_ack || l->control)
		return false;
	if (tcp->window != 0 && same_window && l->theirs->last_was_keep_alive)
		*remark = ODDITY_KEEP_ALIVE_ACK;
	else if (tcp->window == 0 && same_window && l->theirs->last_was_probe)
		*remark = ODDITY_ZERO_WINDOW_PROBE_ACK;
	else if (tcp->window != 0 && (same_window || tcp->sacks != 0))
		*remark = ODDITY_DUPLICATE_ACK;
	else
		return false;
	return true;
}

/* ---- what was sent before ---- */

/* Which kind of sent-before a segment is that begins behind what is next. */
static enum oddity repetition(const struct look *l)
{
	const struct segment *tcp = &l->p->tcp;
	uint32_t end = tcp->seq + segment_len(tcp);
	int64_t since_ns = l->p->time_ns - l->mine->next_ns;
	int64_t most_ns = l->rtt_ns != 0 ? l->rtt_ns : OUT_OF_ORDER_NS;

	if (l->theirs->duplicates >= FAST_ACKS && l->theirs->ack == tcp->seq &&
	    l->p->time_ns - l->theirs->ack_ns < FAST_NS)
		return ODDITY_FAST_RETRANSMISSION;
	if (since_ns >= 0 && since_ns < most_ns && end != l->mine->next)
		return ODDITY_OUT_OF_ORDER;
	return ODDITY_RETRANSMISSION;
}

/* All of it was acknowledged: also when the capture has the acknowledgment first. */
static bool is_spurious(const struct look *l)
{
	return l->len != 0 && l->theirs->acked &&
	       seq_ahead(l->p->tcp.seq + l->len, l->theirs->ack) <= 0;
}

static bool is_behind(const struct look *l)
{
	const struct segment *tcp = &l->p->tcp;
	int32_t ahead = seq_ahead(tcp->seq, l->mine->next);

	/* More than the one octet that a probe sent ahead of its time is new. */
	return l->mine->started && ahead < 0 && !(l->len > 1 && ahead == -1);
}

/* ---- what is kept for the next segment ---- */

static void keep_space(struct analysis *mine, const struct look *l)
{
	const struct segment *tcp = &l->p->tcp;
	uint32_t end = tcp->seq + segment_len(tcp);

	/* A reset that answers a SYN has the number 0 (RFC 9293 section 3.10.7.1), not its side's. */
	if (!mine->started && (tcp->flags & TCP_RST) != 0)
		return;
	if (!mine->started || seq_ahead(end, mine->next) > 0) {
		mine->next = end;
		mine->next_ns = l->p->time_ns;
	}
	/* What came without a hole, or behind one that was told of: see ack_is_lost(). */
	if (!mine->started || tcp->seq == mine->ackable)
		mine->ackable = mine->next;
	mine->started = true;
}

static void keep(const struct look *l, bool keep_alive, bool probe)
{
	const struct segment *tcp = &l->p->tcp;
	struct analysis *mine = l->mine;

	if (!probe)
		keep_space(mine, l);
	mine->ack = tcp->ack;
	mine->acked = (tcp->flags & TCP_ACK) != 0;
	mine->ack_ns = l->p->time_ns;
	mine->window = tcp->window;
	mine->last_was_keep_alive = keep_alive;
	mine->last_was_probe = probe;
	if ((tcp->flags & TCP_SYN) != 0) {
		mine->wscale = tcp->has_wscale ? (tcp->wscale < 14 ? tcp->wscale : 14) : 0;
		mine->wscale_known = true;
	}
}

static bool ack_is_lost(const struct look *l)
{
	const struct segment *tcp = &l->p->tcp;

	if ((tcp->flags & TCP_ACK) == 0 || !l->theirs->started ||
	    seq_ahead(tcp->ack, l->theirs->ackable) <= 0)
		return false;
	l->theirs->ackable = tcp->ack; /* told once */
	return true;
}

/* From the SYN to the first segment that its sender sends after the answer. */
static void time_handshake(struct slot *slot, enum side side, const struct packet *p)
{
	const struct peer *mine = &slot->conn.peer[side], *theirs = &slot->conn.peer[!side];

	if ((p->tcp.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)
		slot->syn_ns = p->time_ns;
	else if (slot->first_rtt_ns == 0 && side == CLIENT && mine->has_isn && theirs->has_isn &&
		 p->tcp.seq == mine->isn + 1 && p->tcp.ack == theirs->isn + 1)
		slot->first_rtt_ns = p->time_ns - slot->syn_ns;
}

void oddity_look(struct slot *slot, enum side side, const struct packet *p)
{
	struct conn *conn = &slot->conn;
	uint32_t *count = conn->peer[side].oddity;
	struct analysis *mine = &slot->analysis[side];
	const struct segment *tcp = &p->tcp;
	struct look l = {
		.p = p,
		.mine = mine,
		.theirs = &slot->analysis[!side],
		.len = tcp->payload_wire_len,
		.control = (tcp->flags & CONTROL) != 0,
		.repeats_ack = tcp->payload_wire_len == 0 && mine->started && mine->acked &&
			       tcp->seq == mine->next && tcp->ack == mine->ack,
		.rtt_ns = slot->first_rtt_ns,
	};
	bool keep_alive = mine->started && l.len <= 1 && !l.control && tcp->seq == mine->next - 1;
	bool probe = mine->started && l.len == 1 && tcp->seq == mine->next && l.theirs->acked &&
		     l.theirs->window == 0;
	enum oddity remark;

	time_handshake(slot, side, p);
	count[ODDITY_ZERO_WINDOW_PROBE] += probe;
	count[ODDITY_KEEP_ALIVE] += keep_alive;
	count[ODDITY_ZERO_WINDOW] += tcp->window == 0 && !l.control && !probe;
	count[ODDITY_LOST_SEGMENT] +=
		mine->started && (tcp->flags & TCP_RST) == 0 && seq_ahead(tcp->seq, mine->next) > 0;
	count[ODDITY_WINDOW_FULL] += !probe && fills_window(&l);
	if (!probe && acknowledgment_remark(&l, &remark)) {
		count[remark]++;
		mine->duplicates = remark == ODDITY_DUPLICATE_ACK ? mine->duplicates + 1 : 0;
	} else {
		mine->duplicates = 0;
	}
	count[ODDITY_ACK_LOST_SEGMENT] += ack_is_lost(&l);
	if (!keep_alive && is_spurious(&l))
		count[ODDITY_SPURIOUS_RETRANSMISSION]++;
	else if (!keep_alive && segment_len(tcp) != 0 && is_behind(&l))
		count[repetition(&l)]++;
	keep(&l, keep_alive, probe);
}

uint32_t peer_retransmissions(const struct peer *peer)
{
	return peer->oddity[ODDITY_RETRANSMISSION] + peer->oddity[ODDITY_FAST_RETRANSMISSION] +
	       peer->oddity[ODDITY_SPURIOUS_RETRANSMISSION];
}
