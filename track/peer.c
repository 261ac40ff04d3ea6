/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One side of a connection: what its segments look like, and which of them still wait for an answer.
 *
 * "Pending" is the first segment of a side that the other has not answered yet. A connection that
 * ends in silence or by a reset is judged by the silence before that segment, not by the one after.
 */
#include "track/inside.h"

/* Round trips above a minute are answers to something else. */
#define RTT_MAX_NS (60 * NS_PER_S)

struct seen seen_of(const struct packet *p)
{
	return (struct seen){
		.mark = p->mark,
		.time_ns = p->time_ns,
		.seq = p->tcp.seq,
		.ack = p->tcp.ack,
		.end = p->tcp.seq + segment_len(&p->tcp),
		.payload_len = p->tcp.payload_wire_len,
		.window = p->tcp.window,
		.ip_id = p->ip_id,
		.flags = p->tcp.flags,
		.tos = p->tos,
		.ttl = p->ttl,
	};
}

/* ---- what a side's segments look like ---- */

static void learn_ip_id(struct peer *peer, const struct packet *p)
{
	/* Linux gives SYN-ACKs the identification 0 whatever the connection's counter does. */
	if (!p->has_ip_id || (p->tcp.flags & TCP_SYN) != 0)
		return;
	if (peer->has_ip_id_last) {
		uint16_t step = (uint16_t)(p->ip_id - peer->ip_id_last);

		if (p->ip_id == 0 && peer->ip_id_last == 0)
			peer->ip_id_habit = IP_ID_ZERO;
		else if (step >= 1 && step <= 64) /* 64: offload and loss hide some */
			peer->ip_id_habit = IP_ID_COUNTER;
		else if (peer->ip_id_habit != IP_ID_COUNTER)
			peer->ip_id_habit = IP_ID_OTHER;
	}
	peer->ip_id_last = p->ip_id;
	peer->has_ip_id_last = true;
}

void peer_sent(struct peer *peer, const struct packet *p)
{
	for (size_t i = PEER_RECENT - 1; i > 0; i--)
		peer->recent[i] = peer->recent[i - 1];
	peer->recent[0] = seen_of(p);
}

void peer_looks(struct peer *peer, const struct packet *p)
{
	if (peer->ttl_samples == 0 || p->ttl < peer->ttl_min)
		peer->ttl_min = p->ttl;
	if (peer->ttl_samples == 0 || p->ttl > peer->ttl_max)
		peer->ttl_max = p->ttl;
	if (peer->ttl_samples < UINT32_MAX)
		peer->ttl_samples++;
	learn_ip_id(peer, p);
	if (p->tcp.has_timestamps) {
		if (!peer->timestamps) {
			peer->tsval_first = p->tcp.tsval;
			peer->ts_first_ns = p->time_ns;
		}
		peer->timestamps = true;
		peer->tsval_last = p->tcp.tsval;
		peer->ts_last_ns = p->time_ns;
	}
	peer->window = p->tcp.window;
	peer_sent(peer, p);
}

uint32_t peer_new_bytes(const struct peer *peer, const struct packet *p)
{
	uint32_t old = peer->seq_next - p->tcp.seq, len = p->tcp.payload_wire_len;

	if (!peer->started || seq_ahead(p->tcp.seq, peer->seq_next) >= 0)
		return len;
	return old < len ? len - old : 0;
}

/* ---- answers ---- */

void pending_begin(struct conn *conn, struct peer *peer, const struct packet *p, bool probe)
{
	if (peer->pending.mark.number != 0)
		return;
	peer->pending = (struct pending){
		.mark = p->mark,
		.before = conn->last,
		.time_ns = p->time_ns,
		.silence_ns = conn->last.number != 0 ? p->time_ns - conn->last_ns : 0,
		.end = p->tcp.seq + segment_len(&p->tcp),
		.len = p->tcp.payload_wire_len,
		.probe = probe,
		.last_mark = p->mark,
		.last_ns = p->time_ns,
	};
}

void pending_repeat(struct peer *peer, const struct packet *p)
{
	struct pending *pending = &peer->pending;

	if (pending->mark.number == 0)
		return;
	pending->repeats++;
	pending->repeat_len = p->tcp.payload_wire_len;
	pending->last_mark = p->mark;
	pending->last_ns = p->time_ns;
}

int64_t pending_answered(struct peer *peer, const struct segment *by)
{
	struct pending *pending = &peer->pending;
	int64_t silence_ns = pending->silence_ns;

	if (pending->mark.number == 0)
		return 0;
	if ((by->flags & TCP_ACK) == 0 || seq_ahead(by->ack, pending->end) < 0)
		return 0;
	if (seq_ahead(by->ack, peer->seq_next) >= 0 || peer->last_data.mark.number == 0) {
		memset(pending, 0, sizeof(*pending));
		return silence_ns;
	}
	/* Answered in part: the latest segment stands for what is left. */
	*pending = (struct pending){
		.mark = peer->last_data.mark,
		.time_ns = peer->last_data.time_ns,
		.end = peer->seq_next,
		.len = peer->last_data.payload_len,
		.last_mark = peer->last_data.mark,
		.last_ns = peer->last_data.time_ns,
	};
	return silence_ns;
}

static void keep_rtt(struct peer *peer, int64_t rtt_ns)
{
	if (rtt_ns > 0 && rtt_ns <= RTT_MAX_NS &&
	    (peer->rtt_min_ns == 0 || rtt_ns < peer->rtt_min_ns))
		peer->rtt_min_ns = rtt_ns;
}

void peer_rtt(struct peer *peer, struct peer *timed, const struct packet *answer)
{
	if (timed->sample_ns == 0 || seq_ahead(answer->tcp.ack, timed->sample_end) < 0)
		return;
	keep_rtt(peer, answer->time_ns - timed->sample_ns);
	timed->sample_ns = 0;
}

/*
 * RFC 7323 section 4: the echo of a timestamp tells which sending is answered, also of what was sent
 * twice, and one in the middle of a burst. It was sent after the timestamp came, so the time is the round
 * trip or longer. Only a timestamp that no earlier segment had is timed: the echo is of this one then.
 */
static void begin_echo(struct echo *echo, const struct peer *peer, const struct packet *p,
		       bool again)
{
	if (peer->timestamps && seq_ahead(p->tcp.tsval, peer->tsval_last) <= 0)
		return;
	if (echo->ns == 0 || again)
		*echo = (struct echo){ .tsval = p->tcp.tsval, .ns = p->time_ns };
}

void peer_echo(struct slot *slot, enum side side, const struct packet *p, enum novelty novelty)
{
	struct echo *of_other = &slot->echo[!side];

	if (!p->tcp.has_timestamps)
		return;
	if (of_other->ns != 0 && (p->tcp.flags & TCP_ACK) != 0 &&
	    seq_ahead(p->tcp.tsecr, of_other->tsval) >= 0) {
		if (p->tcp.tsecr == of_other->tsval)
			keep_rtt(&slot->conn.peer[side], p->time_ns - of_other->ns);
		of_other->ns = 0;
	}
	/* What occupies no number has no answer: its echo comes with whatever is sent next. */
	if (novelty != NOVELTY_BARE)
		begin_echo(&slot->echo[side], &slot->conn.peer[side], p, novelty == NOVELTY_OLD);
}

uint32_t peer_clock_hz(const struct peer *peer)
{
	int64_t span_ns = peer->ts_last_ns - peer->ts_first_ns;
	int64_t ticks = seq_ahead(peer->tsval_last, peer->tsval_first);

	if (span_ns < NS_PER_S || ticks <= 0)
		return 0;
	return (uint32_t)(ticks * (NS_PER_S / NS_PER_MS) / (span_ns / NS_PER_MS));
}
