/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Datagrams that came in pieces (RFC 791 section 3.2, RFC 8200 section 4.5), put together within
 * fixed bounds.
 *
 * A first fragment holds the TCP header and is no segment for all that: until the rest is there, the
 * receiver has nothing, neither bytes nor acknowledgment. So it is used with the last piece to come,
 * or not at all. Of pieces that the capture cut the lengths are known all the same: what they make is
 * a datagram that is cut where the first of its bytes is missing.
 *
 * Pieces that contradict each other make no datagram. Receivers differ in whom they believe, which
 * is how a firewall is deceived: RFC 5722 drops all of it, and what is right for IPv6 is so here.
 */
#include "dissect/fragments.h"

#include <stdlib.h>

#include "base/die.h"

#define DATAGRAM_MAX 65535                 /* lengths have 16 bits */
#define DATAGRAMS 64                       /* at a time: 4 MiB, touched as they are used */
#define PIECES_MAX 128                     /* 64 KiB in the smallest MTU of IPv4 in use, 576 */
#define WAIT_NS (INT64_C(60) * 1000000000) /* RFC 8200 section 4.5; others give up earlier */

struct piece {
	uint32_t offset, len; /* as sent */
	uint32_t kept;        /* captured, from its beginning */
};

enum state { STATE_FREE, STATE_WAITING, STATE_REFUSED, STATE_LENT };

struct datagram {
	enum state state;
	struct ip ip; /* the first piece's once it is there, until then any piece's */
	int64_t first_ns;
	uint64_t tunnel;
	uint16_t input;
	uint8_t vlans;
	uint16_t vlan[PACKET_VLANS];
	uint32_t len;  /* of the whole; 0: the last piece is not there */
	uint32_t have; /* bytes */
	uint32_t pieces;
	struct piece piece[PIECES_MAX];
	uint8_t bytes[DATAGRAM_MAX];
};

struct fragments {
	bool waits; /* false: all are free, as in most captures at most times */
	struct datagram datagram[DATAGRAMS];
};

struct fragments *fragments_new(void)
{
	return xcalloc(1, sizeof(struct fragments));
}

void fragments_free(struct fragments *f)
{
	free(f);
}

void fragments_next(struct fragments *f, int64_t now_ns)
{
	if (!f->waits)
		return;
	f->waits = false;
	for (size_t i = 0; i < DATAGRAMS; i++) {
		struct datagram *d = &f->datagram[i];
		int64_t age = now_ns - d->first_ns;

		/* A clock that steps back must not keep a datagram for ever. */
		if (d->state == STATE_LENT || age > WAIT_NS || age < -WAIT_NS)
			d->state = STATE_FREE;
		f->waits |= d->state != STATE_FREE;
	}
}

/* ---- finding ---- */

/* RFC 791 section 3.2 and RFC 8200 section 4.5, in one network and one capture. */
static bool is_of(const struct datagram *d, const struct walk *walk)
{
	const struct packet *p = walk->packet;
	const struct ip *ip = &walk->ip;

	if (d->state != STATE_WAITING && d->state != STATE_REFUSED)
		return false;
	if (d->input != p->mark.input || d->tunnel != p->tunnel || d->vlans != p->vlans ||
	    memcmp(d->vlan, p->vlan, p->vlans * sizeof(*p->vlan)) != 0)
		return false;
	return d->ip.group == ip->group &&
	       (d->ip.protocol == ip->protocol || ip->src.family == 6) &&
	       address_equal(&d->ip.src, &ip->src) && address_equal(&d->ip.dst, &ip->dst);
}

static struct datagram *find(struct fragments *f, const struct walk *walk)
{
	for (size_t i = 0; i < DATAGRAMS; i++)
		if (is_of(&f->datagram[i], walk))
			return &f->datagram[i];
	return NULL;
}

/* A free place, or that of the oldest: its pieces are the least likely to come. */
static struct datagram *begin(struct fragments *f, const struct walk *walk)
{
	struct datagram *d = NULL;

	for (size_t i = 0; i < DATAGRAMS; i++) {
		struct datagram *one = &f->datagram[i];

		if (one->state == STATE_LENT)
			continue;
		if (d == NULL || one->state == STATE_FREE ||
		    (d->state != STATE_FREE && one->first_ns < d->first_ns))
			d = one;
	}
	if (d == NULL)
		return NULL;
	f->waits = true;
	d->state = STATE_WAITING;
	d->ip = walk->ip;
	d->first_ns = walk->packet->time_ns;
	d->tunnel = walk->packet->tunnel;
	d->input = walk->packet->mark.input;
	d->vlans = walk->packet->vlans;
	memcpy(d->vlan, walk->packet->vlan, sizeof(d->vlan));
	d->len = d->have = d->pieces = 0;
	return d;
}

/* ---- joining ---- */

/* Captures on two ports of a switch have each piece twice: the same bytes are no contradiction. */
static bool is_again(const struct datagram *d, const struct piece *piece, struct cursor data)
{
	for (uint32_t i = 0; i < d->pieces; i++) {
		const struct piece *other = &d->piece[i];
		uint32_t both = other->kept < piece->kept ? other->kept : piece->kept;

		if (other->offset == piece->offset && other->len == piece->len)
			return memcmp(d->bytes + piece->offset, cursor_bytes(&data, both), both) ==
			       0;
	}
	return false;
}

static bool contradicts(const struct datagram *d, const struct piece *piece, bool more)
{
	uint32_t end = piece->offset + piece->len;

	if (d->len != 0 && end > d->len)
		return true;
	for (uint32_t i = 0; i < d->pieces; i++) {
		const struct piece *other = &d->piece[i];
		uint32_t other_end = other->offset + other->len;

		if (piece->offset < other_end && other->offset < end)
			return true;
		if (!more && other_end > end)
			return true;
	}
	return false;
}

static void keep(struct datagram *d, struct walk *walk, const struct piece *piece)
{
	cursor_copy(&walk->part.at, d->bytes + piece->offset, piece->kept);
	d->piece[d->pieces++] = *piece;
	d->have += piece->len;
	if (piece->offset == 0)
		d->ip = walk->ip;
	if (!walk->ip.more)
		d->len = piece->offset + piece->len;
}

/* How many bytes are there from the beginning on. */
static uint32_t captured_len(const struct datagram *d)
{
	uint32_t end = d->len;

	for (uint32_t i = 0; i < d->pieces; i++) {
		const struct piece *piece = &d->piece[i];

		if (piece->kept < piece->len && piece->offset + piece->kept < end)
			end = piece->offset + piece->kept;
	}
	return end;
}

/* The walk goes on behind the headers that only the first piece had. */
static enum skip lend(struct datagram *d, struct walk *walk)
{
	uint32_t captured = captured_len(d);

	d->state = STATE_LENT;
	walk->ip = d->ip;
	walk->ip.is_fragment = walk->ip.more = false;
	walk->part = (struct part){
		.at = cursor_over(d->bytes, captured),
		.missing = d->len - captured,
	};
	return walk_on(walk, HEADER_ip_rest);
}

enum skip fragments_add(struct fragments *f, struct walk *walk)
{
	const uint64_t len = part_wire_len(&walk->part);
	const struct piece piece = {
		.offset = walk->ip.offset,
		.len = len <= DATAGRAM_MAX ? (uint32_t)len : DATAGRAM_MAX + 1,
		.kept = (uint32_t)cursor_left(&walk->part.at),
	};
	struct datagram *d;

	if (piece.len == 0 || piece.len > DATAGRAM_MAX - piece.offset ||
	    (walk->ip.more && piece.len % 8 != 0)) /* offsets count eight bytes */
		return SKIP_ip_header;
	d = find(f, walk);
	if (d == NULL)
		d = begin(f, walk);
	if (d == NULL)
		return SKIP_fragment;
	if (d->state == STATE_REFUSED)
		return SKIP_fragment_overlap;
	if (is_again(d, &piece, walk->part.at))
		return SKIP_fragment;
	if (contradicts(d, &piece, walk->ip.more)) {
		d->state = STATE_REFUSED;
		return SKIP_fragment_overlap;
	}
	if (d->pieces == PIECES_MAX)
		return SKIP_fragment;
	keep(d, walk, &piece);
	return d->len != 0 && d->have == d->len ? lend(d, walk) : SKIP_fragment;
}
