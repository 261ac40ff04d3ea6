/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which sizes of segment reach the other end, as the other end says itself.
 *
 * A path that swallows large packets (RFC 2923 section 2.1) lets small ones pass: then the largest
 * payload that was ever acknowledged stays below the one that waits, and selective acknowledgments
 * (RFC 2018) tell of smaller data that is held behind it. A line that is dead, or loses at random,
 * looks otherwise.
 */
#include "track/inside.h"

/*
 * Only a segment that is larger than all that wait before it can raise the largest arrived. When there
 * is no room for another, it takes the place of the last: one that is acknowledged meanwhile is then
 * missed, and the largest is told too low, never too high.
 */
static void larger_sent(struct flights *flights, uint32_t seq, uint32_t len)
{
	uint8_t at = flights->count < FLIGHTS ? flights->count++ : FLIGHTS - 1;

	flights->flight[at] = (struct flight){ .seq = seq, .len = len, .end = seq + len };
}

void arrived_sent(struct slot *slot, enum side side, const struct packet *p, enum novelty novelty)
{
	struct flights *flights = &slot->flights[side];
	uint32_t len = p->tcp.payload_wire_len, most = slot->conn.peer[side].acked_len_max;

	if (len == 0 || novelty == NOVELTY_PROBE)
		return;
	if (novelty != NOVELTY_NEW) {
		/* Sent again in smaller pieces: which of the sizes arrived will not be known. */
		for (uint8_t i = 0; i < flights->count; i++) {
			struct flight *f = &flights->flight[i];

			if (seq_ahead(p->tcp.seq, f->end) < 0 &&
			    seq_ahead(p->tcp.seq + len, f->seq) > 0 && len < f->len)
				f->len = len;
		}
		return;
	}
	if (flights->count != 0 && flights->flight[flights->count - 1].len > most)
		most = flights->flight[flights->count - 1].len;
	if (len > most)
		larger_sent(flights, p->tcp.seq, len);
}

static void count_arrived(struct flights *flights, struct peer *sender, uint32_t ack)
{
	uint8_t gone = 0;

	while (gone < flights->count && seq_ahead(ack, flights->flight[gone].end) >= 0) {
		if (flights->flight[gone].len > sender->acked_len_max)
			sender->acked_len_max = flights->flight[gone].len;
		gone++;
	}
	flights->count = (uint8_t)(flights->count - gone);
	memmove(&flights->flight[0], &flights->flight[gone],
		flights->count * sizeof(flights->flight[0]));
}

/* RFC 2883: a first block behind the acknowledgment, or inside the second, tells of a duplicate. */
static void look_at_blocks(struct held *held, const struct peer *sender, const struct packet *p)
{
	for (uint8_t i = 0; i < p->tcp.sacks; i++) {
		uint32_t from = p->tcp.sack[i][0], to = p->tcp.sack[i][1];
		int32_t hole = seq_ahead(from, p->tcp.ack), len = seq_ahead(to, from);

		if (hole <= 0 || len <= 0 || seq_ahead(to, sender->seq_next) > 0)
			continue;
		if (held->mark.number == 0)
			*held = (struct held){ .mark = p->mark, .hole_len = (uint32_t)hole };
		if ((uint32_t)hole < held->hole_len)
			held->hole_len = (uint32_t)hole;
		if ((uint32_t)len > held->len)
			held->len = (uint32_t)len;
	}
}

void arrived_said(struct slot *slot, enum side side, const struct packet *p)
{
	struct peer *sender = &slot->conn.peer[!side];
	const struct peer *receiver = &slot->conn.peer[side];
	int32_t step = seq_ahead(p->tcp.ack, receiver->acked);

	if ((p->tcp.flags & TCP_ACK) == 0)
		return;
	if (!receiver->has_acked || step > 0) {
		count_arrived(&slot->flights[!side], sender, p->tcp.ack);
		memset(&sender->held, 0, sizeof(sender->held));
	} else if (step < 0) {
		return; /* older than what is known */
	}
	look_at_blocks(&sender->held, sender, p);
}
