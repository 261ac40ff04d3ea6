/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/conn_of.h"

#include <string.h>

struct conn *conn_with_reset(void)
{
	static struct conn conn;

	memset(&conn, 0, sizeof(conn));
	conn.ending_reset = -1;
	conn.first_ns = AT(0);
	conn.last_ns = AT(60000);
	conn.handshake = HANDSHAKE_COMPLETE;
	conn.end = (struct end){ .ending = ENDING_reset,
				 .has_side = true,
				 .side = SERVER,
				 .mark = MARK(50),
				 .time_ns = AT(60000) };
	conn.ending_reset = 0;
	conn.resets = conn.resets_kept = 1;
	conn.reset[0] = (struct reset){
		.seen = { .mark = MARK(50),
			  .time_ns = AT(60000),
			  .seq = 777,
			  .flags = TCP_RST,
			  .ttl = 57 },
		.from = SERVER,
		.answers_trigger = true,
		.since_trigger_ns = 31 * NS_PER_MS,
		.trigger = { .mark = MARK(49), .ack = 777, .time_ns = AT(59969), .payload_len = 36 }
	};
	conn.peer[SERVER].ttl_min = 56;
	conn.peer[SERVER].ttl_max = 57;
	conn.peer[SERVER].ttl_samples = 9;
	conn.peer[SERVER].rtt_min_ns = 30 * NS_PER_MS;
	conn.peer[CLIENT].recent[0] = conn.reset[0].trigger;
	return &conn;
}

struct facts facts_from(const struct conn *conn)
{
	struct facts f;

	memset(&f, 0xa5, sizeof(f));
	facts_of(conn, &f);
	return f;
}
