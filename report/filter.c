/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The connection by its addresses and ports, then a clause for each frame: what the segment is (a
 * reset, a FIN, the first words), else where it stands in the stream, else when it was captured.
 * Frames of other connections are known by number alone.
 */
#include "report/filter.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"

#define CLAUSE_SIZE 160
#define SSH_PORT 22 /* elsewhere Wireshark does not look for SSH by itself */

struct clauses {
	uint8_t count;
	char at[EVIDENCE_MARKS_MAX][CLAUSE_SIZE];
};

static bool is(struct mark a, struct mark b)
{
	return a.number == b.number && a.input == b.input && a.number != 0;
}

static bool by_flags(struct text *t, const struct conn *conn, struct mark mark)
{
	for (uint8_t i = 0; i < conn->resets_kept; i++) {
		if (!is(conn->reset[i].seen.mark, mark))
			continue;
		text_add(t, "tcp.flags.reset == 1 && tcp.seq_raw == %" PRIu32,
			 conn->reset[i].seen.seq);
		return true;
	}
	for (enum side side = CLIENT; side <= SERVER; side++) {
		const struct peer *peer = &conn->peer[side];

		if (is(peer->syn, mark))
			text_add(t, "tcp.flags.syn == 1 && tcp.flags.ack == %d", side == SERVER);
		else if (is(peer->fin, mark))
			text_add(t, "tcp.flags.fin == 1 && tcp.srcport == %u", peer->at.port);
		else
			continue;
		return true;
	}
	return false;
}

static bool by_icmp(struct text *t, const struct conn *conn, struct mark mark)
{
	const struct icmp_seen *icmp = &conn->icmp;
	const char *name = icmp->is_v6 ? "icmpv6" : "icmp";

	if (icmp->count == 0 || !is(icmp->mark, mark))
		return false;
	text_add(t, "%s.type == %u && %s.code == %u", name, icmp->type, name, icmp->code);
	return true;
}

/* RFC 4253 sections 4.2, 7.1 and 11.1: in clear text, so it can be asked for by its content. */
static bool by_words(struct text *t, const struct conn *conn, struct mark mark)
{
	bool dissected = conn->peer[SERVER].at.port == SSH_PORT;

	for (enum side side = CLIENT; side <= SERVER; side++) {
		const struct ssh_half *half = &conn->ssh.half[side];
		unsigned port = conn->peer[side].at.port;

		if (is(half->identification_mark, mark))
			text_add(t, "tcp contains \"SSH-\" && tcp.srcport == %u", port);
		else if (is(half->kexinit_mark, mark) && dissected)
			text_add(t, "ssh.message_code == 20 && tcp.srcport == %u", port);
		else
			continue;
		return true;
	}
	return false;
}

static bool by_segment(struct text *t, const struct seen *seen, unsigned port, struct mark mark)
{
	if (!is(seen->mark, mark))
		return false;
	text_add(t, "tcp.srcport == %u && tcp.seq_raw == %" PRIu32 " && tcp.len == %" PRIu32, port,
		 seen->seq, seen->payload_len);
	return true;
}

/* What was sent again and again has one place in the stream: one clause shows all of it. */
static bool by_place(struct text *t, const struct conn *conn, struct mark mark)
{
	for (enum side side = CLIENT; side <= SERVER; side++) {
		const struct peer *peer = &conn->peer[side];
		const struct pending *p = &peer->pending;

		if (p->len != 0 && (is(p->mark, mark) || is(p->last_mark, mark))) {
			text_add(t,
				 "tcp.srcport == %u && tcp.seq_raw == %" PRIu32 " && tcp.len > 0",
				 peer->at.port, p->end - p->len);
			return true;
		}
		for (int i = 0; i < PEER_RECENT; i++) {
			if (by_segment(t, &peer->recent[i], peer->at.port, mark))
				return true;
		}
	}
	for (uint8_t i = 0; i < conn->resets_kept; i++) {
		const struct reset *reset = &conn->reset[i];

		if (by_segment(t, &reset->trigger, conn->peer[!reset->from].at.port, mark))
			return true;
	}
	return false;
}

/* The time of a frame, when one of those who remember frames does so with it; else 0. */
static int64_t time_of(const struct conn *conn, struct mark mark)
{
	uint32_t kept = timeline_kept(&conn->timeline);

	for (enum side side = CLIENT; side <= SERVER; side++) {
		const struct peer *peer = &conn->peer[side];

		if (is(peer->last_data.mark, mark))
			return peer->last_data.time_ns;
		if (is(peer->pending.mark, mark))
			return peer->pending.time_ns;
		if (is(peer->pending.last_mark, mark))
			return peer->pending.last_ns;
	}
	for (uint32_t i = 0; i < kept; i++) {
		const struct event *e = timeline_at(&conn->timeline, i);

		if (e->frame == mark.number && e->input == mark.input && e->frame != 0)
			return e->time_ns;
	}
	return 0;
}

static bool by_time(struct text *t, const struct conn *conn, struct mark mark)
{
	int64_t time_ns = time_of(conn, mark);

	if (time_ns <= 0)
		return false;
	text_add(t, "frame.time_epoch == %" PRId64 ".%09" PRId64, time_ns / NS_PER_S,
		 time_ns % NS_PER_S);
	return true;
}

static void add_once(struct clauses *list, const char *clause)
{
	struct text t;

	for (uint8_t i = 0; i < list->count; i++) {
		if (strcmp(list->at[i], clause) == 0)
			return;
	}
	t = text_in(list->at[list->count++], CLAUSE_SIZE);
	text_add(&t, "%s", clause);
}

static void sort_out(const struct conn *conn, const struct evidence *e, struct clauses *ours,
		     struct clauses *others)
{
	for (uint8_t i = 0; i < e->marks; i++) {
		char buffer[CLAUSE_SIZE];
		struct text t = text_in(buffer, sizeof(buffer));
		struct mark mark = e->mark[i];

		if (mark.number == 0)
			continue;
		if (by_flags(&t, conn, mark) || by_icmp(&t, conn, mark) ||
		    by_words(&t, conn, mark) || by_place(&t, conn, mark) ||
		    by_time(&t, conn, mark)) {
			add_once(ours, buffer);
			continue;
		}
		text_add(&t, "frame.number == %" PRIu32, mark.number);
		add_once(others, buffer);
	}
}

static void add_either(struct text *t, const struct clauses *list)
{
	for (uint8_t i = 0; i < list->count; i++)
		text_add(t, list->count > 1 ? "%s(%s)" : "%s%s", i != 0 ? " || " : "", list->at[i]);
}

static void add_addresses(struct text *t, const struct conn *conn)
{
	for (enum side side = CLIENT; side <= SERVER; side++) {
		const struct address *ip = &conn->peer[side].at.ip;

		text_add(t, "%s.addr == ", ip->family == 6 ? "ipv6" : "ip");
		address_add(t, ip);
		text_add(t, " && ");
	}
	text_add(t, "tcp.port == %u && tcp.port == %u", conn->peer[CLIENT].at.port,
		 conn->peer[SERVER].at.port);
}

void filter_add(struct text *t, const struct conn *conn, const struct evidence *e)
{
	struct clauses ours, others;

	ours.count = others.count = 0;
	sort_out(conn, e, &ours, &others);
	if (ours.count != 0) {
		if (others.count != 0)
			text_add(t, "(");
		add_addresses(t, conn);
		text_add(t, ours.count > 1 ? " && (" : " && ");
		add_either(t, &ours);
		if (ours.count > 1)
			text_add(t, ")");
		text_add(t, others.count != 0 ? ") || " : "");
	}
	add_either(t, &others);
}
