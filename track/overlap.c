/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Do the same sequence numbers carry the same bytes? A sender repeats itself to the letter; when it
 * does not, someone else sent one of the two. The first bytes of the last few segments are enough:
 * of encrypted text no two pieces begin alike. Which of the copies was read is told in stream.c.
 */
#include "base/cursor.h"
#include "track/inside.h"

/* Nearly all payloads are longer than what is kept of them. */
static struct head head_of(const struct packet *p)
{
	struct cursor payload = cursor_over(p->tcp.payload, p->tcp.payload_len);
	struct head head = { .seq = p->tcp.seq, .len = BEGIN_LEN };
	const uint8_t *begin = cursor_bytes(&payload, BEGIN_LEN);

	if (begin != NULL) {
		memcpy(head.at, begin, BEGIN_LEN);
		return head;
	}
	payload = cursor_over(p->tcp.payload, p->tcp.payload_len);
	head.len = (uint8_t)cursor_left(&payload);
	cursor_copy(&payload, head.at, head.len);
	return head;
}

static bool differs(const struct head *a, const struct head *b)
{
	size_t len = a->len < b->len ? a->len : b->len;

	return a->seq == b->seq && memcmp(a->at, b->at, len) != 0;
}

static bool contradicts(const struct heads *heads, const struct head *head)
{
	for (size_t i = 0; i < HEADS; i++) {
		if (differs(&heads->head[i], head))
			return true;
	}
	return false;
}

void overlap_look(struct slot *slot, enum side side, const struct packet *p)
{
	bool again = seq_ahead(p->tcp.seq, slot->conn.peer[side].seq_next) < 0;
	struct heads *heads = &slot->heads[side];
	struct head head;

	if (p->tcp.payload_len == 0)
		return;
	head = head_of(p);
	if (again && contradicts(heads, &head)) {
		slot->conn.overlaps++;
		conn_note(&slot->conn, EVENT_OVERLAP, side, p, p->tcp.payload_wire_len);
		return;
	}
	heads->head[heads->next] = head;
	heads->next = (uint8_t)((heads->next + 1) % HEADS);
}
