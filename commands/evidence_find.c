/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which frames of the second reading belong to an odd connection.
 *
 * A connection is its ends, from its first frame to its last and what follows of the same: so two
 * that used the same ports after one another are told apart, also where the clock steps. VLANs and
 * tunnels are not asked: a frame that was captured again inside of a tunnel is of the connection.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/die.h"
#include "commands/evidence_inside.h"

/* Behind the last segment come copies of it, and what routers say of it: seconds at most. */
#define LINGER_NS (5 * NS_PER_S)

/*
 * ARP and neighbour discovery around the end. A neighbour is asked again when it was not heard for 15
 * to 45 s, and is given up some seconds later: RFC 4861 sections 6.3.2 and 7.3.3, and Linux does the
 * same for ARP. So within a minute it was asked, or it was there.
 */
#define AROUND_NS (60 * NS_PER_S)

static int address_order(const struct address *a, const struct address *b)
{
	return a->family != b->family ? a->family - b->family :
					memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

int evidence_order(const struct endpoint *a, const struct endpoint *b)
{
	int order = address_order(&a->ip, &b->ip);

	return order != 0 ? order : (a->port > b->port) - (a->port < b->port);
}

static int order_of_ends(const struct odd *a, const struct odd *b)
{
	int order = evidence_order(&a->end[0], &b->end[0]);

	return order != 0 ? order : evidence_order(&a->end[1], &b->end[1]);
}

static int order_of_times(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int order_of_marks(struct mark a, struct mark b)
{
	return a.input != b.input ? a.input - b.input :
				    (a.number > b.number) - (a.number < b.number);
}

static int compare_odds(const void *a, const void *b)
{
	const struct odd *x = a, *y = b;
	int order = order_of_ends(x, y);

	return order != 0 ? order : order_of_marks(x->first, y->first);
}

static int compare_beginnings(const void *a, const void *b)
{
	const struct beginning *x = a, *y = b;

	return order_of_marks(x->mark, y->mark);
}

static int compare_notes(const void *a, const void *b)
{
	const struct note *x = a, *y = b;
	int order = order_of_marks(x->mark, y->mark);

	return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

static int order_of_hosts(const struct watch *x, const struct watch *y)
{
	int order = address_order(&x->a, &y->a);

	return order != 0 ? order : address_order(&x->b, &y->b);
}

static int compare_watches(const void *a, const void *b)
{
	const struct watch *x = a, *y = b;
	int order = order_of_hosts(x, y);

	return order != 0 ? order : order_of_times(x->from_ns, y->from_ns);
}

static void sort(void *array, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	if (count != 0)
		qsort(array, count, size, compare);
}

/* ---- preparation ---- */

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void watch_for(struct evidence_kept *k, const struct odd *odd)
{
	struct watch *w = &k->watch[k->watches];
	const int64_t from_ns = least(odd->end_ns, odd->last_ns) - AROUND_NS;
	const int64_t to_ns = most(odd->end_ns, odd->last_ns) + AROUND_NS;

	w[0] = (struct watch){ .a = odd->end[0].ip, .from_ns = from_ns, .to_ns = to_ns };
	w[1] = (struct watch){ .a = odd->end[1].ip, .from_ns = from_ns, .to_ns = to_ns };
	w[2] = (struct watch){ odd->end[0].ip, odd->end[1].ip, odd->first_ns, odd->last_ns };
	k->watches += 3;
}

/* Times that overlap become one: then a search finds it at once, however many there were. */
static void merge_watches(struct evidence_kept *k)
{
	size_t count = 0;

	for (size_t i = 0; i < k->watches; i++) {
		struct watch *last = count != 0 ? &k->watch[count - 1] : NULL;
		const struct watch *next = &k->watch[i];

		if (last != NULL && order_of_hosts(last, next) == 0 && next->from_ns <= last->to_ns)
			last->to_ns = most(last->to_ns, next->to_ns);
		else
			k->watch[count++] = *next;
	}
	k->watches = count;
}

static void begin_anew(struct evidence_kept *k)
{
	free(k->watch);
	free(k->beginning);
	k->watch = xcalloc(3 * k->odds + 1, sizeof(*k->watch));
	k->beginning = xcalloc(k->odds + 1, sizeof(*k->beginning));
	k->watches = 0;
}

void evidence_prepare(struct evidence_kept *k)
{
	begin_anew(k);
	sort(k->odd, k->odds, sizeof(*k->odd), compare_odds);
	for (size_t i = 0; i < k->odds; i++) {
		k->odd[i].state = ODD_WAITS;
		k->odd[i].running = NULL;
		memcpy(k->odd[i].clear, k->odd[i].speaks, sizeof(k->odd[i].clear));
		k->beginning[i] = (struct beginning){ k->odd[i].first, &k->odd[i] };
		watch_for(k, &k->odd[i]);
	}
	for (size_t i = 0; i < k->notes; i++)
		k->note[i].written = false;
	sort(k->beginning, k->odds, sizeof(*k->beginning), compare_beginnings);
	sort(k->note, k->notes, sizeof(*k->note), compare_notes);
	sort(k->watch, k->watches, sizeof(*k->watch), compare_watches);
	merge_watches(k);
}

/* ---- questions ---- */

/* The first of those with these ends; NULL when there is none. */
static struct odd *first_with_ends(const struct evidence_kept *k, const struct odd *asked)
{
	size_t from = 0, to = k->odds;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (order_of_ends(&k->odd[middle], asked) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from < k->odds && order_of_ends(&k->odd[from], asked) == 0 ? &k->odd[from] : NULL;
}

/* Those that begin with this packet run from now on: by the frame, as a clock may step back. */
static void begin_with(struct evidence_kept *k, struct odd *first, const struct packet *p)
{
	const struct beginning asked = { .mark = p->mark };
	const struct beginning *found =
		bsearch(&asked, k->beginning, k->odds, sizeof(*k->beginning), compare_beginnings);

	if (found == NULL || found->odd->state != ODD_WAITS ||
	    order_of_ends(found->odd, first) != 0)
		return;
	found->odd->state = ODD_RUNS;
	found->odd->next = first->running;
	first->running = found->odd;
}

/* Whether the packet is of this one, which runs or lingers; its state goes on with it. */
static bool take(struct odd *odd, const struct packet *p)
{
	const bool begins =
		p->kind == PACKET_SEGMENT && (p->tcp.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;

	if (odd->state == ODD_LINGERS && (begins || p->time_ns > odd->last_ns + LINGER_NS))
		odd->state = ODD_OVER;
	if (order_of_marks(p->mark, odd->last) == 0)
		odd->state = ODD_LINGERS;
	return odd->state != ODD_OVER;
}

/* What it sends after its NEWKEYS is encrypted: RFC 4253 section 7.3. */
static bool take_clear_text(struct odd *odd, int end, const struct packet *p)
{
	const bool clear = odd->clear[end];

	if (order_of_marks(p->mark, odd->newkeys[end]) == 0)
		odd->clear[end] = false;
	return clear;
}

bool evidence_has_packet(struct evidence_kept *k, const struct packet *p, bool *clear)
{
	const bool forth = evidence_order(&p->src, &p->dst) <= 0;
	const struct odd asked = { .end = { forth ? p->src : p->dst, forth ? p->dst : p->src } };
	struct odd *first = first_with_ends(k, &asked);
	bool belongs = false;

	*clear = false;
	if (first == NULL)
		return false;
	begin_with(k, first, p);
	for (struct odd **at = &first->running; *at != NULL;) {
		if (take(*at, p)) {
			belongs = true;
			*clear |= take_clear_text(*at, !forth, p);
		}
		if ((*at)->state == ODD_OVER)
			*at = (*at)->next;
		else
			at = &(*at)->next;
	}
	return belongs;
}

/* The last that begins at this time or before. */
static bool is_watched(const struct evidence_kept *k, const struct watch *asked)
{
	size_t from = 0, to = k->watches;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (compare_watches(&k->watch[middle], asked) <= 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from != 0 && order_of_hosts(&k->watch[from - 1], asked) == 0 &&
	       asked->from_ns <= k->watch[from - 1].to_ns;
}

bool evidence_has_telling(const struct evidence_kept *k, enum telling telling,
			  const struct address about[2], int64_t time_ns)
{
	const bool forth = telling != TELLING_NOTHING && address_order(&about[0], &about[1]) <= 0;

	switch (telling) {
	case TELLING_NEIGHBOUR:
		return is_watched(k, &(struct watch){ .a = about[0], .from_ns = time_ns }) ||
		       is_watched(k, &(struct watch){ .a = about[1], .from_ns = time_ns });
	case TELLING_FRAGMENT:
		return is_watched(k, &(struct watch){ about[!forth], about[forth], time_ns, 0 });
	case TELLING_NOTHING:
		break;
	}
	return false;
}

struct note *evidence_notes(struct evidence_kept *k, struct mark mark, size_t *count)
{
	size_t from = 0, to = k->notes;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (order_of_marks(k->note[middle].mark, mark) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	for (to = from; to < k->notes && order_of_marks(k->note[to].mark, mark) == 0;)
		to++;
	*count = to - from;
	return k->note + from;
}
