/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a receiver says it lacks. A selective acknowledgment (RFC 2018) of what lies behind a hole is
 * the one proof, from any vantage, that a segment was lost while its neighbours passed: the path
 * lives. Where the hole stays, something stops just the segments that would fill it.
 */
#include "track/inside.h"

/* Where the lowest stretch behind the acknowledgment begins, and where the highest ends. */
static bool behind_hole(const struct segment *tcp, uint32_t *low, const uint32_t **high)
{
	bool any = false;

	for (uint8_t i = 0; i < tcp->sacks; i++) {
		const uint32_t *edge = tcp->sack[i];

		/* RFC 2883: what is not behind it was received twice. */
		if (seq_ahead(edge[0], tcp->ack) <= 0 || seq_ahead(edge[1], edge[0]) <= 0)
			continue;
		if (!any || seq_ahead(edge[0], *low) < 0)
			*low = edge[0];
		if (!any || seq_ahead(edge[1], (*high)[1]) > 0)
			*high = edge;
		any = true;
	}
	return any;
}

/* RFC 5681 section 4.2: each segment behind a hole is acknowledged at once, so growth is its size. */
static void grow(struct lack *lack, const uint32_t *high)
{
	uint32_t from = high[0];

	if (lack->beyond_len != 0 && seq_ahead(lack->beyond_end, from) > 0)
		from = lack->beyond_end;
	if (seq_ahead(high[1], from) <= 0)
		return;
	if (high[1] - from > lack->beyond_len)
		lack->beyond_len = high[1] - from;
	lack->beyond_end = high[1];
}

void lack_look(struct peer *sender, const struct packet *p)
{
	struct lack *lack = &sender->lack;
	const uint32_t *high = NULL;
	uint32_t low = 0;

	if (lack->mark.number != 0 && seq_ahead(p->tcp.ack, lack->from) > 0)
		memset(lack, 0, sizeof(*lack));
	if (!behind_hole(&p->tcp, &low, &high))
		return;
	if (lack->mark.number == 0)
		*lack = (struct lack){ .mark = p->mark, .time_ns = p->time_ns };
	else if (seq_ahead(p->tcp.ack, lack->from) < 0)
		return; /* it was overtaken by a newer one */
	lack->from = p->tcp.ack;
	lack->len = low - p->tcp.ack;
	grow(lack, high);
	lack->last = p->mark;
	lack->last_ns = p->time_ns;
}
