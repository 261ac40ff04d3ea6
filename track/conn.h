/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the track room hands on: one connection and all that happened on it.
 *
 * Two ends in an array of two: peer[CLIENT], peer[SERVER]; the other side of side is !side.
 *
 * Lifetime: lives in track's slab from the first segment that matters until conn_release(); a
 * pointer from track_finished() is valid until then. Every string has a limit from an RFC or one
 * that is explained beside it, and is kept raw: bytes of the wire, escaped where they are printed.
 *
 * Invariant: sizeof(struct conn) <= CONN_SIZE_MAX. Nothing in it is allocated apart, but for the
 * clear text before NEWKEYS, which track owns.
 */
#ifndef TRACK_CONN_H
#define TRACK_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/packet.h"
#include "track/conn_health.h"
#include "track/conn_lessons.h"
#include "track/conn_ssh.h"
#include "track/conn_timeline.h"

/* Six KiB, and what happened to others: a proxy's request, a server's other connections. */
#define CONN_SIZE_MAX 6912

/* ---- TCP ---- */

/* How one side fills the IPv4 identification of segments that a socket sent (not of resets). */
enum ip_id_habit { IP_ID_UNKNOWN, IP_ID_ZERO, IP_ID_COUNTER, IP_ID_OTHER };

/* A segment, so much as later rules ask of it. mark.number 0: there was none. */
struct seen {
	struct mark mark;
	int64_t time_ns;
	uint32_t seq, ack, end; /* end: sequence number after payload, SYN and FIN */
	uint32_t payload_len;
	uint16_t window, ip_id;
	uint8_t flags, tos, ttl;
};

/* Rows of oddities.def. */
enum oddity {
#define ODDITY(id, field) ODDITY_##id,
#include "track/oddities.def"
#undef ODDITY
	ODDITY_COUNT,
};

/* What later rules ask of a side's last payload. mark.number 0: there was none. */
struct said {
	struct mark mark;
	int64_t time_ns;
	uint32_t payload_len;
};

#define PEER_RECENT 3 /* a reset may answer any of the last few segments of a burst */

/* The first segment that is still without an answer, and the silence before it. */
struct pending {
	struct mark mark, before; /* before: the last segment of the connection ahead of the silence */
	int64_t time_ns, silence_ns;
	uint32_t end, len;
	uint32_t repeats;         /* retransmissions or probes that followed it */
	uint32_t repeat_len;      /* payload of the latest of them */
	bool probe;               /* it asks only whether the other lives: RFC 9293 section 3.8.4 */
	struct mark last_mark;    /* the latest of them */
	int64_t last_ns;
};

/*
 * What the other side says it lacks of this one's data: it acknowledges what lies beyond (RFC 2018),
 * so the path lives in both directions. mark.number 0: it lacks nothing.
 */
struct lack {
	struct mark mark, last;   /* the first and the latest acknowledgment that says so */
	int64_t time_ns, last_ns;
	uint32_t from, len;       /* of the first hole */
	uint32_t beyond_end;      /* of what lies behind it and arrived */
	uint32_t beyond_len;      /* the most of it that came at once: one segment, or a few merged */
};

/*
 * What this side sends again and again although the capture holds the acknowledgment: answers do
 * not reach it. mark.number 0: it heard.
 */
struct unheard {
	struct mark mark, last;
	int64_t time_ns, last_ns;
	int64_t silence_ns;       /* before the first of them */
	uint32_t repeats, len;
	uint32_t answers;         /* repeats that the other side answered, in the capture */
	bool probe, answered;     /* a keep-alive; the latest has its answer */
};

/*
 * One side. Baselines (ttl_min, ttl_max, ip_id_habit) leave resets out: those are what is to be
 * compared.
 */
struct peer {
	struct endpoint at;
	uint64_t packets, bytes;      /* bytes: payload without what was sent twice */
	uint32_t retransmissions, out_of_order, keepalives;
	uint32_t oddity[ODDITY_COUNT]; /* as Wireshark counts; the numbers above are our own */
	uint32_t missing;             /* times the other side acknowledged what the capture lacks */

	bool started;                 /* seq_next is known */
	bool has_isn;                 /* the SYN of this side was seen */
	bool has_acked;
	bool has_wscale;
	bool timestamps;              /* sends the timestamp option */
	bool has_ip_id_last;
	uint8_t wscale;
	uint8_t ttl_min, ttl_max;     /* 0 while nothing was seen */
	uint32_t ttl_samples;
	uint32_t isn;
	uint32_t seq_next;            /* highest sequence number sent, plus one */
	uint32_t acked;               /* highest acknowledgment this side has sent */
	uint32_t ack_step;            /* by how much its last new acknowledgment advanced */
	uint32_t tsval_first, tsval_last; /* RFC 7323: its timestamp clock, and when it was read */
	uint16_t window;              /* as last announced, unscaled */
	uint16_t ip_id_last;          /* of the last data or ACK segment */
	enum ip_id_habit ip_id_habit;
	int64_t ts_first_ns, ts_last_ns;
	int64_t rtt_min_ns;           /* from the capture point to this side and back; 0 = unknown */
	int64_t sample_ns;            /* a segment of this side that is being timed; 0 = none */
	uint32_t sample_end;
	uint32_t hole_from, hole_to;  /* the last stretch that was skipped; equal = none */
	int64_t hole_ns;

	struct seen recent[PEER_RECENT]; /* its last segments but resets, latest first */
	struct said last_data;        /* its last new payload before the end */
	struct pending pending;       /* mark.number 0: all it sent was answered */
	struct lack lack;
	struct unheard unheard;
	struct mark syn, fin;
	int64_t fin_ns;
	uint32_t data_after_fin;      /* segments with new payload it sent after the other side's FIN */
	struct mark data_after_fin_mark;
};

/* RFC 9293 section 3.10.7 and RFC 5961 section 3.2: would the receiver obey this reset? */
enum reset_fit {
	RESET_FIT_UNKNOWN, /* too little of the other direction was seen */
	RESET_FIT_EXACT,   /* what the receiver expects next: it obeys */
	RESET_FIT_WINDOW,  /* inside the window: a receiver after RFC 5961 asks back first */
	RESET_FIT_OUTSIDE, /* nobody obeys this */
};

struct reset {
	struct seen seen;
	enum side from;            /* as its source address claims */
	enum reset_fit fit;
	bool has_options, has_timestamps, has_ip_id, df;
	bool clock_fits;           /* its timestamp is one that the claimed side's clock would show */
	struct seen trigger;       /* the last segment the other side sent before it, if any */
	struct mark before;        /* the last segment (not a reset) of the side it claims to be from */
	bool answers_trigger;      /* its numbers are those of an answer to a recent segment of the
	                              other side: one reset for one segment */
	bool already_answered;     /* but that one had been acknowledged before the reset came */
	int64_t since_trigger_ns;  /* -1: no trigger */
	int16_t ip_id_step;        /* ip_id minus that of the claimed side's last segment */
	bool has_ip_id_step;
};

#define CONN_RESETS_MAX 4 /* kept in full; a stack that answers each late segment repeats itself */

enum handshake { HANDSHAKE_MISSING, HANDSHAKE_PARTIAL, HANDSHAKE_COMPLETE };

/* The words of CONTRACT: what the wire shows. */
enum ending {
#define ENDING(id) ENDING_##id,
#include "track/endings.def"
#undef ENDING
	ENDING_COUNT,
};

struct end {
	enum ending ending;
	bool has_side;             /* side is meaningful */
	bool unseen;               /* the capture lacks the FIN; mark is its acknowledgment */
	enum side side;            /* whose FIN, RST or ICMP-quoted silence: claimed, not judged */
	struct mark mark;          /* the segment that ended it; number 0 when silence did */
	int64_t time_ns;
	int64_t idle_before_ns;    /* silence before the first segment that got no normal answer */
	struct mark idle_from;     /* the last normal segment before that silence */
	struct mark idle_to;       /* the first segment after it */
	bool idle_broken;          /* a side broke it and had no normal answer */
	enum side idle_broken_by;
	int64_t idle_survived_ns;  /* the longest silence after which the connection went on well */
};

struct icmp_seen {
	struct mark mark;
	int64_t time_ns;
	struct address from;
	enum side about;           /* who sent the segment it quotes */
	uint8_t type, code, ttl;
	bool is_v6;
	bool quotes_in_flight;     /* the quoted sequence number is recent, or that of a bare ACK */
	uint32_t count;
};

/* ---- the connection ---- */

#define CONN_HISTORY_MAX 32 /* Zeek's letters; the common ones repeat at powers of ten only */
#define HISTORY_FLAGS    4  /* f, h, r, s */
#define HISTORY_COUNTS   4  /* c, g, t, w */

struct conn {
	uint64_t id;                   /* from 1, in the order of their first frames */
	struct peer peer[2];
	uint8_t layers, layer[PACKET_LAYERS];
	uint8_t vlans;
	uint16_t vlan[PACKET_VLANS];
	int64_t first_ns, last_ns;
	struct mark first, last;

	enum handshake handshake;
	bool roles_guessed;            /* no SYN and no SSH text: the port decided who is the server */
	bool one_sided;                /* only one direction was captured */
	enum side only_side;           /* with one_sided: the one that was */
	bool closer_known;             /* with one_sided: ACK numbers tell who closed first */
	enum side closer;
	bool cut;                      /* some segment's bytes were cut by the capture */
	bool clock_stepped;            /* time went backwards at least once */
	uint32_t copies;               /* packets that were captured before: no part of any count
	                                  but peer[].packets */
	uint32_t overlaps;             /* segments that were sent before with other bytes */
	uint64_t missing_at;           /* packets seen when the last peer[].missing was counted */
	bool multipath;                /* MPTCP options seen: this may be one subflow of several */
	bool judged_early;             /* evicted before its linger was over */
	bool port_reused;              /* ended by a new SYN on the same ports */

	struct end end;
	uint32_t resets;               /* all of them */
	uint8_t resets_kept;
	struct reset reset[CONN_RESETS_MAX];
	int8_t ending_reset;           /* index into reset[] of the one that ended it; -1 = none */
	uint32_t data_after_reset[2];  /* new payload a side sent after the ending reset */
	struct mark after_reset_mark[2];
	bool trigger_acked;            /* its sender acknowledged, later, the segment it answers */
	struct icmp_seen icmp;         /* the last ICMP error about it; count 0 = none */
	struct mark too_big;           /* the last ICMP that asks for smaller packets; number 0 = none */
	enum side too_big_about;       /* whose packet was too big */

	char history[CONN_HISTORY_MAX];
	uint32_t history_once[2];               /* letters that stand there once, a bit each from 'a' on */
	uint16_t history_seq[2][HISTORY_FLAGS]; /* low half, of the last packet with such a flag */
	uint16_t history_seen[2][HISTORY_COUNTS];
	struct ssh ssh;
	struct timeline timeline;
	struct lessons lessons;
	struct health health;          /* set by whoever captures, when the rest is known */
};

/* Zeek's conn_state: "S0", "SF", "REJ", "RSTO", ... Never NULL. */
const char *conn_state(const struct conn *);

/* Ticks a second of the side's timestamp clock; 0 when it was seen for less than a second. */
uint32_t peer_clock_hz(const struct peer *);

/* What Wireshark calls retransmission, fast and spurious retransmission, together. */
uint32_t peer_retransmissions(const struct peer *);
/* The name in Wireshark's tcp.analysis. Never NULL. */
const char *oddity_name(enum oddity);

/* The reset that ended it, or NULL. */
const struct reset *conn_ending_reset(const struct conn *);

/* The words of CONTRACT for the enums above. Never NULL. */
const char *ending_name(enum ending);
const char *ssh_phase_name(enum ssh_phase);
const char *event_name(enum event_kind);

#endif
