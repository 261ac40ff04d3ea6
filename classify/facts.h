/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Everything a rule may look at, and nothing else: plain numbers, each beside the frame that shows
 * it. A rule is tested by changing fields here, without a packet.
 *
 * Value; lives on the stack of classify(). A mark of number 0 means that no frame shows it.
 */
#ifndef CLASSIFY_FACTS_H
#define CLASSIFY_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "classify/verdict.h"
#include "logs/note.h"
#include "track/conn.h"

/* Silence below this is thinking, not idling: no box forgets a connection so soon. */
#define IDLE_LEAST_NS INT64_C(30000000000)

struct fact_end {
	enum ending ending;
	bool has_side;
	bool unseen;              /* the capture lacks that FIN; mark is its acknowledgment */
	enum side side;           /* as the segment claims */
	struct mark mark;
	int64_t time_ns;
	int64_t after_ns;         /* since the first frame of the connection */
};

/* The silence before the first segment that had no normal answer. */
struct fact_silence {
	int64_t ns;
	struct mark from, to;
	bool broken;              /* a side spoke, and had no normal answer */
	enum side broken_by;
	int64_t survived_ns;      /* the longest silence that did no harm */
};

/* What one side sent without an answer, until the end. */
struct fact_waiting {
	bool any;
	enum side side;           /* who waits */
	uint32_t repeats;
	uint32_t len;             /* payload of what is repeated */
	int64_t span_ns;
	struct mark first, last;
	bool both;                /* the other side waits too */
	bool probe;               /* it asked only whether the other lives */
	bool unheard;             /* the capture holds the answers: they were lost behind it */
};

/* A hole in one side's data that the receiver tells of, by acknowledging what lies behind it. */
struct fact_lack {
	bool any;
	enum side side;           /* whose data */
	uint32_t len, beyond_len; /* of the hole; of the longest segment behind it that arrived */
	int64_t span_ns;          /* for how long, until the end */
	struct mark first, last;
	bool too_big;             /* an ICMP error asked that side for smaller packets */
	struct mark too_big_mark;
};

/* What a side asks only to learn whether the other lives: SSH's own keepalives. */
struct fact_alive {
	uint32_t answered, unanswered; /* in a row, at the same interval */
	int64_t interval_ns;      /* 0 = unknown */
	struct mark last;         /* the last question */
};

/* A reset against what is known of the side it claims to be from. */
struct fact_reset {
	bool any;
	enum side from;
	struct mark mark, trigger, before;
	enum reset_fit fit;
	bool has_ack, has_timestamps, has_options, df, has_ip_id;
	bool clock_wrong;         /* it has a timestamp that the claimed side's clock cannot show */
	uint16_t window, trigger_window, ip_id;
	bool has_ip_id_step;
	int16_t ip_id_step;
	enum ip_id_habit ip_id_habit;
	uint8_t tos, trigger_tos;
	bool side_keeps_tos;      /* the claimed side's own marks arrive here: the path leaves them alone */
	uint8_t ttl, ttl_min, ttl_max; /* min and max of the claimed side; 0 = no baseline */
	uint32_t ttl_samples;
	bool ttl_of_others;       /* the baseline comes from the server's other connections */
	bool answers;             /* it answers one of the receiver's segments */
	bool already_answered;    /* the segment that it may refuse had been acknowledged before */
	bool after_outage;        /* a side had sent its last data more than once */
	bool unasked;             /* nothing was sent, for longer than an answer may take */
	int64_t since_trigger_ns; /* -1: nothing before it */
	bool burst;               /* segments before the trigger look like it: it may answer those */
	int64_t rtt_min_ns;       /* smallest round trip to the claimed side; 0 = unknown */
	bool trigger_had_data, trigger_had_ack;
	bool trigger_acked;       /* the host itself answered that segment later: it arrived */
	uint32_t more;            /* further resets of that side */
	uint32_t more_unprovoked; /* of these, how many (of those kept) answer nothing */
	struct mark foreign;      /* another reset, ahead of it and in vain, of another distance */
	bool both_ways;           /* the other side was reset too, within 50 ms, not in answer */
	struct mark both_mark;
	uint32_t life;            /* segments with new data of the claimed sender after it */
	struct mark life_mark;
};

struct fact_after_fin {           /* of the side that closed last */
	uint32_t data;            /* segments with data it sent after the first FIN */
	struct mark data_mark;
	bool reset;               /* they were answered by a reset */
	struct mark reset_mark;
};

/* The last words before the end. */
struct fact_last {
	/* Last new payload before the end; 0 = it was on its way then, -1 = none. */
	int64_t client_ago_ns;
	int64_t server_ago_ns;
	/*
	 * Had this side closed on the other's last words: how long it took to, without the way there
	 * and back. -1: the other said nothing.
	 */
	int64_t thought_ns[2];
	uint32_t client_len, server_len;
	int64_t heard_ago_ns[2];  /* since the side's last segment that is no reset; -1: none */
	struct mark client_mark, server_mark;
	bool goodbye;             /* the client's last words have the size of DISCONNECT */
	bool goodbye_alone;       /* and of nothing else but that and the close of the channel */
	bool fin_client, fin_server;
	struct mark fin_client_mark, fin_server_mark;
};

struct fact_ssh {
	bool any;                 /* recognised by content */
	bool by_proxy[2];         /* that end is a proxy, which speaks for the real one */
	enum ssh_phase phase;
	bool has_identification[2];
	struct mark identification_mark[2];
	uint8_t versions[2];      /* bit 0: 1.x, bit 1: 2.0 */
	bool not_ssh[2], malformed[2], gap[2];
	struct mark not_ssh_mark[2], malformed_mark[2];
	bool kexinit[2];
	struct mark kexinit_mark[2];
	bool mismatch;
	enum ssh_algorithm mismatch_in;
	char offer[2][SSH_OFFER_MAX * 4 + 4]; /* printable */
	int notice;               /* row of notices.def; -1 = none */
	enum side notice_from;
	struct mark notice_mark;
	char notice_text[SSH_NOTICE_MAX * 4 + 4]; /* printable: also of a text that no row knows */
	bool disconnect;
	enum side disconnect_from;
	uint32_t disconnect_code;
	struct mark disconnect_mark;
	bool text_only[2];        /* said something, and no identification in front of or behind it */
	bool text_in_packets[2];  /* plain text where the first binary packet belongs */
	struct mark text_mark[2];
	bool too_long[2];         /* its identification is longer than RFC 4253 section 4.2 allows */
	bool strict;              /* nothing but the key exchange itself is allowed before NEWKEYS */
	bool extra[2];            /* and this side said something else */
	uint8_t extra_number[2];
	struct mark extra_mark[2];
	bool desync[2];           /* an encrypted packet of it has a length that no packet has */
	struct mark desync_mark[2];
	bool key_shown;           /* the server's host key was sent */
	struct mark key_mark;
	bool sizes_known;         /* so a login and a goodbye can be told by their sizes */
	bool owes_goodbye;        /* and the client is one that always says it: OpenSSH */
	bool jitters;             /* the server is one that adds up to 4 s to LoginGraceTime */
	uint32_t encrypted[2];    /* segments after NEWKEYS */
	bool refusals_counted;
	uint32_t refusals;        /* of logins, after the first answer */
	bool refused_last;        /* and one of them was the server's last answer */
	uint32_t close_len;       /* of the server's close of a channel; 0 = unknown */
	uint32_t unanswered;      /* keepalive questions of the client at the end */
};

struct fact_icmp {
	uint32_t count;
	struct mark mark;
	uint8_t type, code;
	bool is_v6;
	bool from_server, from_client; /* its sender is that end itself */
	char from[46];
	enum side about;
	bool in_flight;
};

/* What who.c found, for the rules of why.c. */
enum reset_kind { KIND_UNKNOWN, KIND_SOCKET, KIND_KERNEL, KIND_FILTER, KIND_DEVICE, KIND_BARE };

struct fact_origin {
	enum who who;
	double p;                 /* that who is right */
	enum reset_kind kind;     /* of the ending reset */
	int host_decibans;        /* for the claimed host, against a device on the path */
	bool bleached;            /* KIND_FILTER, but the path may have cleared the mark itself */
};

struct facts {
	struct endpoint client, server;
	int64_t first_ns, last_ns;
	enum handshake handshake;
	bool mid_stream, one_sided, roles_guessed, cut, clock_stepped, judged_early, multipath;
	bool copies;              /* much was captured twice */
	uint32_t overlaps;        /* segments that were sent before with other bytes */
	uint32_t missing;         /* times the capture lacked what was acknowledged, or the SYN */
	bool missing_late;        /* the last of them among the last frames */
	uint64_t packets;         /* of both sides */
	uint64_t bytes[2];
	struct mark syn_mark, syn_ack_mark;
	uint32_t syn_repeats;
	struct fact_end end;
	struct fact_silence silence;
	struct fact_waiting waiting;
	struct fact_lack lack;
	struct fact_alive alive[2]; /* by the side that asks */
	bool near[2];             /* no router between that side and the capture */
	struct fact_reset reset;  /* the one that ended it */
	struct fact_after_fin after_fin;
	struct mark late_reset;   /* the first reset after an orderly ending */
	struct fact_last last;
	struct fact_ssh ssh;
	struct fact_icmp icmp;
	struct lessons lessons;
	struct health health;     /* of the capture, while the connection lived */
	struct fact_origin origin;
	const struct noted_conn *noted; /* what logs say of it; NULL: none were given */
};

void facts_of(const struct conn *conn, struct facts *facts);

#endif
