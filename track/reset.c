/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Resets: would the receiver obey, and what do they answer?
 *
 * RFC 9293 section 3.10.7: a reset in answer to a segment with ACK takes its sequence number from that
 * ACK; in answer to one without, it acknowledges that segment. Firewalls do both in one (pf and libnet
 * acknowledge the end of the segment, OpenBSD, F5 and ASA its beginning). RFC 5961 section 3.2: a receiver obeys
 * a reset that begins exactly at what it expects next; one elsewhere in its window it asks about.
 */
#include "track/inside.h"

/* A window when its scale was not seen: RFC 7323 allows 1 GiB, senders of SSH use below 4 MiB. */
#define WINDOW_UNKNOWN (4u * 1024 * 1024)

/* After a reset that was obeyed its receiver says nothing more, once what was on its way is through. */
#define REVIVAL_NS (300 * NS_PER_MS)

uint32_t window_of(uint16_t window, const struct peer *receiver, const struct peer *sender)
{
	if (!receiver->has_isn || !sender->has_isn)
		return WINDOW_UNKNOWN;
	/* RFC 7323 section 2.2: scaled when both SYNs said so. */
	if (receiver->has_wscale && sender->has_wscale)
		return (uint32_t)window << (receiver->wscale < 14 ? receiver->wscale : 14);
	return window;
}

static bool in_syn_sent(const struct peer *receiver, const struct peer *sender)
{
	return receiver->has_isn && !receiver->has_acked && sender->ttl_samples == 0;
}

static enum reset_fit fit_of(const struct peer *receiver, const struct peer *sender,
			     const struct segment *tcp)
{
	int32_t ahead;

	/* RFC 9293 section 3.10.7.3: it acknowledges the SYN, and payload with it or not. */
	if (in_syn_sent(receiver, sender))
		return (tcp->flags & TCP_ACK) != 0 && seq_ahead(tcp->ack, receiver->isn) > 0 &&
				       seq_ahead(tcp->ack, receiver->seq_next) <= 0 ?
			       RESET_FIT_EXACT :
			       RESET_FIT_OUTSIDE;
	if (!receiver->has_acked && !sender->started)
		return RESET_FIT_UNKNOWN;
	if ((sender->started && tcp->seq == sender->seq_next) ||
	    (receiver->has_acked && tcp->seq == receiver->acked))
		return RESET_FIT_EXACT;
	if (!receiver->has_acked)
		return RESET_FIT_UNKNOWN;
	ahead = seq_ahead(tcp->seq, receiver->acked);
	if (ahead > 0 && (uint32_t)ahead < window_of(receiver->window, receiver, sender))
		return RESET_FIT_WINDOW;
	return RESET_FIT_OUTSIDE;
}

static bool answers(const struct seen *trigger, const struct segment *reset)
{
	if (trigger->mark.number == 0)
		return false;
	if ((trigger->flags & TCP_ACK) != 0 && reset->seq != trigger->ack)
		return false;
	if ((reset->flags & TCP_ACK) == 0)
		return (trigger->flags & TCP_ACK) != 0;
	return reset->ack == trigger->end || reset->ack == trigger->seq;
}

/* Who has acknowledged a segment in the ordinary way has no reason to refuse it afterwards. */
static bool is_acknowledged(const struct seen *trigger, const struct peer *sender)
{
	return trigger->end != trigger->seq && sender->has_acked &&
	       seq_ahead(sender->acked, trigger->end) >= 0;
}

/* The latest that it may answer; but rather one whose end it acknowledges than one that begins there. */
static const struct seen *answered(const struct peer *receiver, const struct segment *reset)
{
	const struct seen *latest = NULL;

	for (int i = 0; i < PEER_RECENT; i++) {
		const struct seen *seen = &receiver->recent[i];

		if (!answers(seen, reset))
			continue;
		if ((reset->flags & TCP_ACK) == 0 ||
		    (seen->end == reset->ack && (latest == NULL || seen->end != seen->seq)))
			return seen;
		if (latest == NULL)
			latest = seen;
	}
	return latest;
}

static void find_trigger(struct reset *reset, const struct peer *receiver,
			 const struct peer *sender, const struct packet *p)
{
	const struct seen *trigger = answered(receiver, &p->tcp);

	reset->answers_trigger = trigger != NULL;
	reset->trigger = trigger != NULL ? *trigger : receiver->recent[0];
	reset->already_answered = trigger != NULL && is_acknowledged(trigger, sender);
	reset->since_trigger_ns = -1;
	if (reset->trigger.mark.number != 0)
		reset->since_trigger_ns = p->time_ns > reset->trigger.time_ns ?
						  p->time_ns - reset->trigger.time_ns :
						  0;
}

/* RFC 7323 section 5.4: the clock never goes back. Twice its own rate is what jitter may make of it. */
static bool clock_fits(const struct peer *sender, const struct packet *p)
{
	int64_t step = seq_ahead(p->tcp.tsval, sender->tsval_last);
	int64_t hz = peer_clock_hz(sender);
	int64_t elapsed_ms = (p->time_ns - sender->ts_last_ns) / NS_PER_MS;

	if (!p->tcp.has_timestamps || !sender->timestamps || step < 0)
		return false;
	return hz == 0 || elapsed_ms < 0 || step / 2 <= hz * (elapsed_ms / 1000 + 1);
}

static struct reset reset_of(const struct conn *conn, enum side from, const struct packet *p)
{
	const struct peer *sender = &conn->peer[from], *receiver = &conn->peer[!from];
	struct reset reset = {
		.seen = seen_of(p),
		.from = from,
		.fit = fit_of(receiver, sender, &p->tcp),
		.has_options = p->tcp.has_options,
		.has_timestamps = p->tcp.has_timestamps,
		.clock_fits = clock_fits(sender, p),
		.has_ip_id = p->has_ip_id,
		.df = p->df,
		.before = sender->recent[0].mark,
	};

	find_trigger(&reset, receiver, sender, p);
	if (p->has_ip_id && sender->has_ip_id_last) {
		reset.has_ip_id_step = true;
		reset.ip_id_step = (int16_t)(p->ip_id - sender->ip_id_last);
	}
	return reset;
}

/* The first resets are kept, and the one that ends the connection. */
static int8_t keep(struct conn *conn, const struct reset *reset, bool ends)
{
	if (conn->resets_kept == CONN_RESETS_MAX && !ends)
		return -1;
	if (conn->resets_kept < CONN_RESETS_MAX)
		conn->resets_kept++;
	conn->reset[conn->resets_kept - 1] = *reset;
	return (int8_t)(conn->resets_kept - 1);
}

void reset_seen(struct slot *slot, enum side from, const struct packet *p)
{
	struct conn *conn = &slot->conn;
	struct reset reset = reset_of(conn, from, p);
	bool refuses = from == SERVER && in_syn_sent(&conn->peer[CLIENT], &conn->peer[SERVER]);
	bool ends = conn->end.ending == ENDING_open && reset.fit != RESET_FIT_OUTSIDE;
	int8_t index = keep(conn, &reset, ends);

	conn->resets++;
	history_flag(conn, from, 'r', p->tcp.seq);
	if (ends) {
		conn->ending_reset = index;
		ending_set(conn, refuses ? ENDING_refused : ENDING_reset, from, p);
	}
	conn_note(conn, EVENT_RESET, from, p, reset.fit);
}

const struct reset *conn_ending_reset(const struct conn *conn)
{
	return conn->ending_reset >= 0 ? &conn->reset[conn->ending_reset] : NULL;
}

/*
 * A reset that was obeyed ends its receiver's part. When the receiver goes on, and the claimed sender
 * too, longer than anything could have been on its way, the reset had no effect.
 */
static void receiver_lives(struct conn *conn, const struct reset *reset, const struct packet *p)
{
	/* In the window the receiver need not get as far as the reset to have gone on. */
	uint32_t from = reset->fit == RESET_FIT_WINDOW ? reset->trigger.ack : reset->seen.seq;
	int64_t on_its_way;

	on_its_way = 2 * (conn->peer[CLIENT].rtt_min_ns + conn->peer[SERVER].rtt_min_ns);
	if (on_its_way < REVIVAL_NS)
		on_its_way = REVIVAL_NS;
	if (p->time_ns - reset->seen.time_ns > on_its_way &&
	    conn->peer[reset->from].recent[0].time_ns > reset->seen.time_ns &&
	    seq_ahead(p->tcp.ack, from) > 0)
		ending_take_back(conn);
}

/* RFC 5961 section 3.2: with an ACK that says nothing new, in place of obeying. */
static bool asks_back(const struct peer *receiver, const struct reset *reset,
		      const struct packet *p)
{
	const struct seen *last = &receiver->recent[0];

	return reset->fit == RESET_FIT_WINDOW && segment_len(&p->tcp) == 0 &&
	       last->mark.number != 0 && p->tcp.seq == last->end && p->tcp.ack == last->ack &&
	       p->tcp.window == last->window;
}

/*
 * A kernel gives one answer to a SYN. Some clients ask again after a refusal (Windows does): the
 * SYN-ACK may then be the answer to the later one.
 */
static void accepted_after_all(struct conn *conn, enum side side, const struct packet *p)
{
	const struct peer *client = &conn->peer[CLIENT];

	if (side != SERVER || (p->tcp.flags & (TCP_SYN | TCP_ACK)) != (TCP_SYN | TCP_ACK) ||
	    p->tcp.ack != client->isn + 1 || client->retransmissions != 0)
		return;
	if (conn->data_after_reset[SERVER]++ == 0)
		conn->after_reset_mark[SERVER] = p->mark;
}

void life_after_reset(struct conn *conn, enum side side, const struct packet *p)
{
	const struct reset *reset = conn_ending_reset(conn);

	if (reset == NULL)
		return;
	if (conn->end.ending == ENDING_refused) {
		/* Who obeyed would not have completed the handshake. */
		if (conn->handshake == HANDSHAKE_COMPLETE)
			ending_take_back(conn);
		else
			accepted_after_all(conn, side, p);
	} else if (side != reset->from && asks_back(&conn->peer[side], reset, p)) {
		conn_note(conn, EVENT_CHALLENGE_ACK, side, p, 0);
		ending_take_back(conn);
	} else if (side != reset->from) {
		receiver_lives(conn, reset, p);
	} else if (reset->trigger.end != reset->trigger.seq &&
		   seq_ahead(p->tcp.ack, reset->trigger.end) >= 0) {
		conn->trigger_acked = true;
	}
}
