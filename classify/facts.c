/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From a connection to what rules may look at. Everything is copied: a rule cannot reach behind.
 */
#include "classify/facts.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "classify/inside.h"

static struct fact_end end_of(const struct conn *conn)
{
	int64_t time_ns = conn->end.ending != ENDING_open ? conn->end.time_ns : conn->last_ns;

	return (struct fact_end){
		.ending = conn->end.ending,
		.has_side = conn->end.has_side,
		.side = conn->end.side,
		.mark = conn->end.mark,
		.time_ns = time_ns,
		.after_ns = time_ns - conn->first_ns,
	};
}

/* What was on its way when the end came was said before it. */
static int64_t ago(const struct said *last, int64_t end_ns)
{
	if (last->mark.number == 0)
		return -1;
	return last->time_ns < end_ns ? end_ns - last->time_ns : 0;
}

static void last_words(const struct conn *conn, int64_t end_ns, struct fact_last *last)
{
	const struct peer *client = &conn->peer[CLIENT], *server = &conn->peer[SERVER];
	uint32_t goodbye = conn->ssh.goodbye_len;

	last->client_ago_ns = ago(&client->last_data, end_ns);
	last->server_ago_ns = ago(&server->last_data, end_ns);
	last->client_len = client->last_data.payload_len;
	last->client_mark = client->last_data.mark;
	last->server_mark = server->last_data.mark;
	/* Alone, or behind the close of the channel in one segment. */
	last->goodbye =
		goodbye != 0 && last->client_len >= goodbye && last->client_len <= 3 * goodbye;
	last->fin_client = client->fin.number != 0;
	last->fin_server = server->fin.number != 0;
	last->fin_client_mark = client->fin;
	last->fin_server_mark = server->fin;
}

static void printable(char *out, size_t size, const char *bytes, size_t len)
{
	struct text t = text_in(out, size);

	text_add_wire(&t, bytes, len);
}

static void ssh_facts(const struct conn *conn, struct fact_ssh *fact)
{
	const struct ssh *ssh = &conn->ssh;

	fact->any = ssh->recognised;
	fact->phase = ssh->phase;
	fact->mismatch = ssh->mismatch;
	fact->mismatch_in = ssh->mismatch_in;
	fact->disconnect = ssh->disconnect.seen;
	fact->disconnect_from = ssh->disconnect.from;
	fact->disconnect_code = ssh->disconnect.code;
	fact->disconnect_mark = ssh->disconnect.mark;
	fact->notice = -1;
	for (enum side side = CLIENT; side <= SERVER; side++) {
		const struct ssh_half *half = &ssh->half[side];

		fact->has_identification[side] = half->identification.len != 0;
		fact->identification_mark[side] = half->identification_mark;
		fact->versions[side] = half->versions;
		fact->not_ssh[side] = half->not_ssh;
		fact->not_ssh_mark[side] = half->text_mark;
		fact->malformed[side] = half->malformed;
		fact->malformed_mark[side] = half->malformed_mark;
		fact->gap[side] = half->gap;
		fact->kexinit[side] = half->kexinit_mark.number != 0;
		fact->kexinit_mark[side] = half->kexinit_mark;
		printable(fact->offer[side], sizeof(fact->offer[side]),
			  ssh->mismatch_offer[side].at, ssh->mismatch_offer[side].len);
	}
	for (enum side side = CLIENT; side <= SERVER; side++) {
		const struct ssh_half *half = &ssh->half[side];

		if (half->text.len == 0 || fact->notice >= 0)
			continue;
		fact->notice = notice_of(half->text.at, half->text.len);
		fact->notice_from = side;
		fact->notice_mark = half->text_mark;
		printable(fact->notice_text, sizeof(fact->notice_text), half->text.at,
			  half->text.len);
	}
}

static void icmp_facts(const struct conn *conn, struct fact_icmp *fact)
{
	const struct icmp_seen *icmp = &conn->icmp;
	struct text from;

	if (icmp->count == 0)
		return;
	*fact = (struct fact_icmp){
		.count = icmp->count,
		.mark = icmp->mark,
		.type = icmp->type,
		.code = icmp->code,
		.is_v6 = icmp->is_v6,
		.from_server = address_equal(&icmp->from, &conn->peer[SERVER].at.ip),
		.from_client = address_equal(&icmp->from, &conn->peer[CLIENT].at.ip),
		.about = icmp->about,
		.in_flight = icmp->quotes_in_flight,
	};
	from = text_in(fact->from, sizeof(fact->from));
	address_add(&from, &icmp->from);
}

void facts_of(const struct conn *conn, struct facts *facts)
{
	memset(facts, 0, sizeof(*facts));
	facts->client = conn->peer[CLIENT].at;
	facts->server = conn->peer[SERVER].at;
	facts->first_ns = conn->first_ns;
	facts->last_ns = conn->last_ns;
	facts->handshake = conn->handshake;
	facts->mid_stream = conn->handshake == HANDSHAKE_MISSING;
	facts->one_sided = conn->one_sided;
	facts->roles_guessed = conn->roles_guessed;
	facts->cut = conn->cut;
	facts->clock_stepped = conn->clock_stepped;
	facts->judged_early = conn->judged_early;
	facts->multipath = conn->multipath;
	facts->copies = 4 * (uint64_t)conn->copies >=
				conn->peer[CLIENT].packets + conn->peer[SERVER].packets &&
			conn->copies != 0;
	facts->overlaps = conn->overlaps;
	facts->missing = conn->peer[CLIENT].missing + conn->peer[SERVER].missing;
	facts->bytes[CLIENT] = conn->peer[CLIENT].bytes;
	facts->bytes[SERVER] = conn->peer[SERVER].bytes;
	facts->syn_mark = conn->peer[CLIENT].syn;
	facts->syn_ack_mark = conn->peer[SERVER].syn;
	facts->syn_repeats = conn->peer[CLIENT].retransmissions;
	facts->end = end_of(conn);
	facts_of_silence(conn, facts);
	facts->lessons = conn->lessons;
	last_words(conn, facts->end.time_ns, &facts->last);
	facts_of_resets(conn, facts);
	ssh_facts(conn, &facts->ssh);
	icmp_facts(conn, &facts->icmp);
}
