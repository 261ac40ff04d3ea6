/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From a connection to what rules may look at. Everything is copied: a rule cannot reach behind.
 */
#include "classify/facts.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "classify/inside.h"

/* An orderly end of SSH is this long: last words, goodbye, two FINs and their acknowledgments. */
#define LAST_PACKETS 8

static struct fact_end end_of(const struct conn *conn)
{
	int64_t time_ns = conn->end.ending != ENDING_open ? conn->end.time_ns : conn->last_ns;

	return (struct fact_end){
		.ending = conn->end.ending,
		.has_side = conn->end.has_side,
		.unseen = conn->end.unseen,
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

static int64_t heard_ago(const struct seen *last, int64_t end_ns)
{
	if (last->mark.number == 0)
		return -1;
	return last->time_ns < end_ns ? end_ns - last->time_ns : 0;
}

/*
 * From the last words of one side to the end, less the way to the other and back: so long did that
 * one need to act on them. What was on its way when the end came was not heard.
 */
static int64_t thought(const struct peer *spoke, const struct peer *heard, int64_t end_ns)
{
	int64_t ago_ns = ago(&spoke->last_data, end_ns);

	if (ago_ns < 0)
		return -1;
	return ago_ns > heard->rtt_min_ns ? ago_ns - heard->rtt_min_ns : 0;
}

/* Some last output acknowledged and the close of the channel, in front of it. */
#define GOODBYE_MOST 3

static void last_words(const struct conn *conn, int64_t end_ns, struct facts *facts)
{
	struct fact_last *last = &facts->last;
	const struct peer *client = &conn->peer[CLIENT], *server = &conn->peer[SERVER];
	uint32_t goodbye = conn->ssh.goodbye_len;

	last->client_ago_ns = ago(&client->last_data, end_ns);
	last->server_ago_ns = ago(&server->last_data, end_ns);
	last->heard_ago_ns[CLIENT] = heard_ago(&client->recent[0], end_ns);
	last->heard_ago_ns[SERVER] = heard_ago(&server->recent[0], end_ns);
	last->client_len = client->last_data.payload_len;
	last->client_mark = client->last_data.mark;
	last->server_len = server->last_data.payload_len;
	last->server_mark = server->last_data.mark;
	last->thought_ns[CLIENT] = thought(server, client, end_ns);
	last->thought_ns[SERVER] = thought(client, server, end_ns);
	last->goodbye_alone = goodbye != 0 && conn->ssh.goodbye_mark.number != 0 &&
			      conn->ssh.goodbye_mark.number == last->client_mark.number &&
			      conn->ssh.goodbye_mark.input == last->client_mark.input;
	/* With more in the same segment the size is a guess, and one for those who always say it. */
	last->goodbye =
		last->goodbye_alone || (facts->ssh.owes_goodbye && last->client_len >= goodbye &&
					last->client_len <= GOODBYE_MOST * goodbye);
	last->fin_client = client->fin.number != 0;
	last->fin_server = server->fin.number != 0;
	last->fin_client_mark = client->fin;
	last->fin_server_mark = server->fin;
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

/* Data of a connection whose SYN or SYN-ACK is not there: the capture lost it. */
static bool lacks_handshake(const struct conn *conn)
{
	return conn->handshake == HANDSHAKE_PARTIAL && !conn->one_sided &&
	       conn->peer[CLIENT].bytes + conn->peer[SERVER].bytes != 0;
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
	facts->clock_stepped = conn->clock_stepped || conn->health.clock_steps != 0;
	facts->judged_early = conn->judged_early;
	facts->multipath = conn->multipath;
	facts->copies = 4 * (uint64_t)conn->copies >=
				conn->peer[CLIENT].packets + conn->peer[SERVER].packets &&
			conn->copies != 0;
	facts->overlaps = conn->overlaps;
	facts->missing = conn->peer[CLIENT].missing + conn->peer[SERVER].missing;
	facts->packets = conn->peer[CLIENT].packets + conn->peer[SERVER].packets;
	facts->missing_late =
		facts->missing != 0 && facts->packets - conn->missing_at <= LAST_PACKETS;
	facts->missing += lacks_handshake(conn);
	facts->bytes[CLIENT] = conn->peer[CLIENT].bytes;
	facts->bytes[SERVER] = conn->peer[SERVER].bytes;
	facts->syn_mark = conn->peer[CLIENT].syn;
	facts->syn_ack_mark = conn->peer[SERVER].syn;
	facts->syn_repeats = conn->peer[CLIENT].retransmissions;
	facts->end = end_of(conn);
	facts_of_silence(conn, facts);
	facts->lessons = conn->lessons;
	facts->health = conn->health;
	facts_of_ssh(conn, facts);
	last_words(conn, facts->end.time_ns, facts);
	facts_of_resets(conn, facts);
	icmp_facts(conn, &facts->icmp);
}
