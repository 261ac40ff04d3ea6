/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A queue of records in one piece of memory: each in one run of bytes, as it is handed on with one
 * call. When the end is reached, what waits moves to the front; it waits because something stalls, so
 * there is time.
 */
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "report/sink.h"

/* In front of each record. */
struct head {
	uint64_t event;
	size_t len;
};

/* Pages that nothing was written to cost nothing. */
void queue_open(struct sink_queue *q, size_t size)
{
	*q = (struct sink_queue){ .at = xmalloc(size), .size = size };
}

void queue_free(struct sink_queue *q)
{
	free(q->at);
	q->at = NULL;
}

bool queue_push(struct sink_queue *q, uint64_t event, const void *bytes, size_t len)
{
	const struct head head = { event, len };

	if (len > q->size - sizeof(head) || q->to - q->from > q->size - sizeof(head) - len)
		return false;
	if (q->to > q->size - sizeof(head) - len) {
		memmove(q->at, q->at + q->from, q->to - q->from);
		q->to -= q->from;
		q->from = 0;
	}
	memcpy(q->at + q->to, &head, sizeof(head));
	memcpy(q->at + q->to + sizeof(head), bytes, len);
	q->to += sizeof(head) + len;
	return true;
}

/* Copied: a record may begin at any byte. */
static struct head first_head(const struct sink_queue *q)
{
	struct head head;

	memcpy(&head, q->at + q->from, sizeof(head));
	return head;
}

const char *queue_first(const struct sink_queue *q, uint64_t *event, size_t *len)
{
	struct head head;

	if (q->from == q->to)
		return NULL;
	head = first_head(q);
	*event = head.event;
	*len = head.len;
	return q->at + q->from + sizeof(head);
}

void queue_pop(struct sink_queue *q)
{
	q->from += sizeof(struct head) + first_head(q).len;
	if (q->from == q->to)
		q->from = q->to = 0;
}
