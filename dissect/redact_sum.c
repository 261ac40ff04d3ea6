/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Checksums are mended by what was changed (RFC 1624), not made anew: one that was right is right again
 * also where the capture lacks bytes, and one that was wrong stays as wrong, for that is evidence.
 */
#include "dissect/redact.h"

bool redact_covers(struct redaction *r, size_t field, size_t len, bool pseudo)
{
	if (r->sums == REDACT_SUMS_MAX)
		return false;
	r->sum[r->sums++] = (struct redact_sum){
		.field = r->at + field,
		.from = r->at,
		.to = len != SIZE_MAX ? r->at + len : SIZE_MAX,
		.pseudo = pseudo,
		.addresses = r->addresses,
		.addresses_len = r->addresses_len,
		.rest = r->len + r->protocol,
	};
	return true;
}

static uint16_t folded(uint64_t sum)
{
	while (sum > UINT16_MAX)
		sum = (sum >> 16) + (sum & UINT16_MAX);
	return (uint16_t)sum;
}

static uint64_t add(const uint8_t *bytes, size_t from, size_t to)
{
	struct cursor c = cursor_over(bytes + from, to - from);
	uint64_t sum = 0;

	while (cursor_left(&c) >= 2)
		sum += cursor_u16(&c);
	return sum + ((uint64_t)cursor_u8(&c) << 8); /* what is missing counts as zero */
}

static uint64_t pseudo_sum(const struct redact_sum *s, const uint8_t *bytes)
{
	return s->pseudo ? add(bytes, s->addresses, s->addresses + s->addresses_len) : 0;
}

/* Where a card is to fill it in, the sum of the pseudo-header stands there, not turned. */
static bool is_left_to_card(const struct redact_sum *s, const uint8_t *old, uint16_t was)
{
	return s->pseudo && was == folded(pseudo_sum(s, old) + s->rest);
}

static void mend(struct redaction *r, const struct redact_sum *s, size_t end)
{
	struct cursor field = cursor_over(r->out + s->field, 2);
	uint16_t was = cursor_u16(&field), now;
	uint64_t before = pseudo_sum(s, r->old) + add(r->old, s->from, end);
	uint64_t after = pseudo_sum(s, r->out) + add(r->out, s->from, end);

	if (was == 0) /* none (RFC 768), or left to a card */
		return;
	if (is_left_to_card(s, r->old, was))
		now = folded(pseudo_sum(s, r->out) + s->rest);
	else
		now = (uint16_t)~folded((uint64_t)(uint16_t)~was + (uint16_t)~folded(before) +
					folded(after));
	if (now == 0) /* the same number, and not "none" */
		now = UINT16_MAX;
	r->out[s->field] = (uint8_t)(now >> 8);
	r->out[s->field + 1] = (uint8_t)now;
}

/* Innermost first: an outer one covers it. */
void redact_mend(struct redaction *r)
{
	for (size_t i = r->sums; i-- > 0;) {
		const struct redact_sum *s = &r->sum[i];

		if (s->field + 2 <= r->at)
			mend(r, s, s->to < r->at ? s->to : r->at);
	}
}
