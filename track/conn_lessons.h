/* SPDX-License-Identifier: BSD-3-Clause */
/* What others taught of a connection: a part of struct conn, which is where others include it from. */
#ifndef TRACK_CONN_LESSONS_H
#define TRACK_CONN_LESSONS_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/packet.h"

/*
 * What the other connections of the server taught, copied in when this one is handed on. Only the
 * latest 16 happenings of a kind are remembered, so counts are "at least".
 */
struct lessons {
	int64_t accepted_after_ns;     /* time of the first after this one's end */
	uint32_t connections;          /* others to the same server and port */
	uint32_t accepted_before, accepted_after; /* handshakes completed, by this one's end */
	struct mark accepted_after_mark, accepted_before_mark;
	uint32_t refused_after;        /* SYNs that a reset answered */
	uint32_t alive_after;          /* other sessions on which the server was heard after its end */
	/* Others that the server ended unasked, by FIN or by a socket's reset, within a second. */
	uint32_t ended_with;
	uint32_t ended_other_age;      /* of these, begun at quite another time: no timer of their own */
	uint32_t ended_before;         /* others that it ended unasked in the minute before */
	struct mark refused_after_mark, ended_with_mark, ended_before_mark;
	/*
	 * What tells whether the machine is the same, and whether it was away. "Known": when the server
	 * was last heard on this connection; what others met from then on counts.
	 */
	uint32_t survived;             /* other sessions, begun while this was known, alive after it */
	uint32_t forgotten;            /* others, as old, that the server did not know any more */
	uint32_t missed;               /* signs that nobody was there: lost SYNs, host unreachable */
	uint32_t same_key_after, other_key_after; /* host keys that others were shown */
	uint32_t other_key_before;     /* more than one machine had this address all the time */
	uint32_t other_software_after; /* another identification */
	uint32_t other_stack_after;    /* SYN-ACKs unlike those of before, to the same client */
	struct mark survived_mark, forgotten_mark, missed_mark;
	struct mark key_after_mark, software_after_mark, stack_after_mark;
	uint8_t ttl_min, ttl_max;      /* of the server's segments on the others; 0 = unknown */
	bool keeps_tos;                /* some of its segments arrive with a DSCP */
	int64_t rtt_min_ns;            /* smallest handshake round trip on the others; 0 = unknown */
	/* Of the same client's: the longest silence that was survived, the shortest that was not. */
	int64_t silence_survived_ns, silence_killed_ns; /* 0: none */
	struct mark silence_survived_mark, silence_killed_mark; /* the segment after it */
};

#endif
