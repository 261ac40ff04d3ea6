/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ICMP errors about a connection's segments. Only "unreachable" can end one; in mid-connection even
 * that is a soft error (RFC 5461), so whether it did is decided at the end.
 */
#include "track/inside.h"

/* How far behind the other side's acknowledgment a quoted segment may be and still be recent. */
#define RECENT_LEN (256 * 1024)

static bool is_unreachable(const struct packet *p)
{
	if (p->icmp.from.family == 4)
		return p->icmp.type == ICMP4_UNREACHABLE &&
		       p->icmp.code != ICMP4_FRAGMENTATION_NEEDED;
	return p->icmp.type == ICMP6_UNREACHABLE;
}

/* RFC 1191, RFC 8201: the sender is asked for smaller packets. */
static bool is_too_big(const struct packet *p)
{
	if (p->icmp.from.family == 4)
		return p->icmp.type == ICMP4_UNREACHABLE &&
		       p->icmp.code == ICMP4_FRAGMENTATION_NEEDED;
	return p->icmp.type == ICMP6_TOO_BIG;
}

/*
 * RFC 792 code 1, RFC 1812 section 5.2.7.1 code 7, RFC 4443 section 3.1 code 3. Other codes speak of
 * routes, ports and rules.
 */
bool icmp_misses_host(const struct icmp_seen *icmp)
{
	if (icmp->is_v6)
		return icmp->type == ICMP6_UNREACHABLE && icmp->code == 3;
	return icmp->type == ICMP4_UNREACHABLE && (icmp->code == 1 || icmp->code == 7);
}

static enum event_from speaker(const struct conn *conn, const struct address *from)
{
	if (address_equal(from, &conn->peer[CLIENT].at.ip))
		return FROM_CLIENT;
	if (address_equal(from, &conn->peer[SERVER].at.ip))
		return FROM_SERVER;
	return FROM_MIDDLEBOX;
}

void icmp_error_seen(struct slot *slot, enum side about, const struct packet *p)
{
	struct conn *conn = &slot->conn;
	const struct peer *sender = &conn->peer[about];
	uint32_t count = conn->icmp.count;
	int32_t behind = sender->started ? seq_ahead(sender->seq_next, p->tcp.seq) : -1;

	timeline_add(conn, EVENT_ICMP, speaker(conn, &p->icmp.from), p->mark, p->time_ns,
		     (uint32_t)p->icmp.type << 8 | p->icmp.code);
	if (is_too_big(p)) {
		conn->too_big = p->mark;
		conn->too_big_about = about;
	}
	if (!is_unreachable(p))
		return;
	conn->icmp = (struct icmp_seen){
		.mark = p->mark,
		.time_ns = p->time_ns,
		.from = p->icmp.from,
		.about = about,
		.type = p->icmp.type,
		.code = p->icmp.code,
		.ttl = p->ttl,
		.is_v6 = p->icmp.from.family == 6,
		.quotes_in_flight = behind >= 0 && behind <= RECENT_LEN,
		.count = count + 1,
	};
}
