/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the files of track/ share. A connection passes through them in this order:
 *
 *   table.c   finds its flow; a flow is small until it is worth a whole struct conn
 *   tcp.c     the course of its segments          reset.c   its resets
 *   icmp.c    ICMP errors about it                stream.c  its clear text, put in order
 *   ssh*.c    the course of SSH: see ssh.h
 *   ending.c  how it ended
 *   timeline.c, history.c  what is written down   hosts.c   what it teaches about its server
 */
#ifndef TRACK_INSIDE_H
#define TRACK_INSIDE_H

#include <string.h>
#include <sys/types.h>

#include "base/clock.h"
#include "track/conn.h"
#include "track/history.h"
#include "track/ssh.h"
#include "track/track.h"

/* ---- sequence numbers: RFC 9293 section 3.4, modulo 2^32 ---- */

/* How far a is ahead of b; negative when it is behind. */
static inline int32_t seq_ahead(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

/* What a segment occupies: payload, SYN and FIN. */
static inline uint32_t segment_len(const struct segment *tcp)
{
	return tcp->payload_wire_len + ((tcp->flags & TCP_SYN) != 0) + ((tcp->flags & TCP_FIN) != 0);
}

/* ---- clear text ---- */

/* Room for a message in several segments: KEXINIT of the field is below 4 KiB. What is longer is
   read as it passes. */
#define STREAM_MAX 16384
#define STREAM_RANGES 8 /* stretches out of order that are kept apart */

/*
 * The clear text of one direction from its first byte on. bytes[0] has sequence number base;
 * range[0] is what is there without a hole, when it begins at 0.
 */
struct stream {
	bool started;
	uint32_t base;
	uint32_t ranges;
	struct {
		uint32_t from, to;
	} range[STREAM_RANGES]; /* sorted, apart from each other */
	uint8_t bytes[STREAM_MAX];
};

/* Adds payload at its place; what is there already wins. False when it lies beyond the buffer. */
bool stream_add(struct stream *, uint32_t seq, const uint8_t *payload, uint32_t len);
/* What can be read now. */
uint32_t stream_ready(const struct stream *);
/* Takes len bytes off the front: no more than are ready. */
void stream_consume(struct stream *, uint32_t len);

/* Lives from the recognition of SSH to the second NEWKEYS. */
struct clear_text {
	struct clear_text *next_free;
	struct stream stream[2];
	struct ssh_offered offered[2];
	struct ssh_passing passing[2];
};

/* How far the reading of one direction has come. */
enum reading { READING_LINES, READING_MESSAGES, READING_ENCRYPTED, READING_STOPPED };

/* ---- sequence space ---- */

/* leap.c: how far the other side allowed a side to send, and a claim that lies beyond. */
struct leap {
	uint32_t edge, end;
	bool has_edge, claimed;
	enum side by;
};

/* overlap.c: how the last few segments of a side began; len 0: free. */
#define HEADS    8 /* a burst that is sent again is rarely longer */
#define BEGIN_LEN 7

struct head {
	uint32_t seq;
	uint8_t len, at[BEGIN_LEN];
};

struct heads {
	struct head head[HEADS]; /* ring */
	uint8_t next;
};

/* checksum.c: of the segments of a side. */
struct sums {
	uint32_t right, wrong;
	uint32_t longest; /* payload of one that was right */
};

/* peer.c: a timestamp of a side whose echo is waited for. */
struct echo {
	uint32_t tsval;
	int64_t ns; /* when it was sent; 0: none */
};

/* oddity.c: what Wireshark remembers of a side. */
struct analysis {
	uint32_t next;        /* the highest number sent, plus one */
	uint32_t ackable;     /* the same, without holes */
	uint32_t ack;         /* of its last segment */
	uint32_t duplicates;  /* of that acknowledgment, in a row */
	int64_t next_ns, ack_ns; /* when next and ack came */
	uint16_t window;
	uint8_t wscale;
	bool started, acked, wscale_known, last_was_keep_alive, last_was_probe;
};

/* copy.c: the last few packets of a side, to know one that is captured twice. */
#define PRINTS 8 /* interfaces hand over what they received in small bursts */

struct print {
	uint32_t seq, rest, time_us;
	uint16_t len; /* the low half is enough */
	uint8_t flags, ttl;
};

struct prints {
	uint32_t mark[PRINTS]; /* of each print, so that all can be looked at at once */
	struct print print[PRINTS]; /* ring */
	uint8_t next;
};

/* ---- a connection in the slab ---- */

/* LIST_HALF: open, but one side has said nothing yet: a flood looks like this. */
enum list { LIST_OPEN, LIST_HALF, LIST_CLOSED, LIST_ODD, LIST_FINISHED, LIST_COUNT };

struct slot {
	struct conn conn; /* first: conn_release() gets back to the slot by it */
	uint32_t prev, next, flow;
	uint8_t list;
	bool learned;              /* taken for SSH because the server speaks it there, not by -p */
	bool passed_over[2];       /* this side's first payload came while the port was not SSH */
	bool is_over;              /* no packet comes any more: its ending is final */
	bool guessed;              /* taken because its first bytes may begin SSH, on any port */
	bool prelude_tried;        /* the client began with one, whatever came of it */
	bool prelude_over[2];      /* none, or no more of it */
	uint8_t reading[2];
	uint16_t lines[2];         /* read before the identification */
	bool kex_began[2];         /* its first message after KEXINIT was read */
	struct ssh_records records[2];
	struct ssh_course course;
	bool key_waits;            /* a key was pressed; what follows may be its echo */
	struct clear_text *clear;  /* NULL: not recognised yet, or no more to read */
	uint32_t unread[2];        /* octets of a long message in the clear that cannot be read any more */
	uint32_t shortest;         /* of the server's segments that cannot be read; 0 = none yet */
	uint32_t success_len;      /* wire length of USERAUTH_SUCCESS; 0 = unknown */
	uint32_t host;             /* its server's place in the hosts */
	uint32_t accepted_at_begin; /* handshakes that server had completed before */
	struct leap leap[2];
	struct heads heads[2];
	struct analysis analysis[2];
	int64_t syn_ns, first_rtt_ns; /* the last SYN; from there to the end of the handshake */
	struct prints prints[2];
	struct echo echo[2];
	struct sums sums[2];
	bool stray_syn[2];         /* its SYN into the living connection has no answer yet */
	bool has_stray[2];         /* there was such a SYN, the last with this number */
	uint32_t stray_isn[2];
	int64_t listed_ns;         /* when it came to its list */
};

#define NO_INDEX UINT32_MAX

/* ---- what the files offer each other ---- */

/* tcp.c */
/* A pause worth a line in the timeline: longer than any retransmission timer starts with. */
#define IDLE_MIN_NS (10 * NS_PER_S)
void segment_seen(struct track *, struct slot *, const struct packet *);
/* One that counts: usual.c in short, and false when there may be something odd about it; else at length. */
bool usual_segment(struct track *, struct slot *, enum side, const struct packet *);
void any_segment(struct track *, struct slot *, enum side, const struct packet *);

/* peer.c */
struct seen seen_of(const struct packet *);
void peer_looks(struct peer *, const struct packet *); /* and it was sent */
void peer_sent(struct peer *, const struct packet *);  /* what a reset may answer */
/* Payload of a new segment without what was sent before: stacks send again in other pieces. */
uint32_t peer_new_bytes(const struct peer *, const struct packet *);
/* Times the answer to a segment of the other side; the shortest is kept. */
void peer_rtt(struct peer *, struct peer *timed, const struct packet *answer);
void pending_begin(struct conn *, struct peer *, const struct packet *, bool probe);
void pending_repeat(struct peer *, const struct packet *);
/* The silence before the segment that is answered now; 0 when none is. */
int64_t pending_answered(struct peer *, const struct segment *by);

/* space.c: what a segment adds to what its side has sent */
enum novelty { NOVELTY_BARE, NOVELTY_NEW, NOVELTY_OLD, NOVELTY_LATE, NOVELTY_PROBE };
enum novelty novelty_of(const struct peer *, const struct packet *, int64_t rtt_ns);
/* peer.c: the same by timestamps, before peer_looks(). */
void peer_echo(struct slot *, enum side, const struct packet *, enum novelty);
bool space_is_last_words(const struct peer *, const struct packet *);
void space_take(struct conn *, enum side, const struct packet *, enum novelty);

/* lack.c: an acknowledgment of the receiver of this peer's data. */
void lack_look(struct peer *sender, const struct packet *);

/* unheard.c: sent again; the other side sent something; the side shows that it hears. */
void unheard_repeat(struct conn *, enum side, const struct packet *, bool probe);
void unheard_answer(struct peer *);
void unheard_heard(struct peer *);

/* leap.c: false when the receiver of the segment cannot take it for one of this connection. */
bool leap_fits(struct slot *, enum side, const struct packet *);
/* What the other side may send after one that fits. */
void leap_allow(struct slot *, enum side, const struct packet *);
/*
 * copy.c: whether this packet was captured before, and so many more of it were. A stub's copy is told
 * by the stub that is played again.
 */
bool copy_is(struct slot *, enum side, const struct packet *);
bool copy_of_stub(const struct packet *stub, const struct packet *);
struct print print_of(const struct packet *);
/* The same and at the same time; whether of one sender is for the caller to see. */
bool print_is_copy(const struct print *, const struct print *);
void copy_count(struct conn *, enum side, const struct packet *, uint32_t count);
/* checksum.c: its receiver drops it, whatever it says. */
bool checksum_refuses(struct slot *, enum side, const struct packet *);
void oddity_look(struct slot *, enum side, const struct packet *); /* oddity.c */
/* overlap.c: a segment with payload, before it counts as sent. */
void overlap_look(struct slot *, enum side, const struct packet *);
/* reset.c: a window in octets, of a segment that is no SYN. */
uint32_t window_of(uint16_t window, const struct peer *receiver, const struct peer *sender);

/* port_reuse.c: a SYN into a living connection, which its receiver does not obey */
bool syn_is_stray(const struct conn *, enum side, const struct packet *);
/* A reset that refuses such a SYN, and is none of the connection. */
bool reset_refuses_stray(const struct slot *, enum side from, const struct packet *);

/* reset.c */
void reset_seen(struct slot *, enum side from, const struct packet *);
/* A segment after the ending reset: it may show that nobody obeyed, or that it was forged. */
void life_after_reset(struct conn *, enum side, const struct packet *);

/* icmp.c */
void icmp_error_seen(struct slot *, enum side about, const struct packet *);
/* The last router asked on the host's own network and nobody answered. */
bool icmp_misses_host(const struct icmp_seen *);

/* ending.c */
void ending_set(struct conn *, enum ending, enum side, const struct packet *);
void ending_take_back(struct conn *);
void ending_at_last(struct conn *);
/* A new acknowledgment in a capture of one direction: it may tell who closed first. */
void ending_closer(struct conn *, enum side);
bool ending_is_orderly(const struct conn *);
/* The server closed a session first, and not in answer to what the client had just said. */
bool ending_is_unasked(const struct conn *);

/* ssh.c: a segment with payload; fresh: not sent before */
void ssh_segment(struct track *, struct slot *, enum side, const struct packet *, bool fresh);
/* timeline.c */
void timeline_add(struct conn *, enum event_kind, enum event_from, struct mark, int64_t time_ns,
		  uint32_t arg);
void conn_note(struct conn *, enum event_kind, enum side, const struct packet *, uint32_t arg);

/* table.c: buffers for clear text; NULL when all are in use */
struct clear_text *clear_text_take(struct track *);
void clear_text_give_back(struct track *, struct clear_text *);

struct hosts; /* track/hosts.h */

/* ---- ICMPv4 and ICMPv6 numbers that matter ---- */

enum {
	ICMP4_UNREACHABLE = 3, /* RFC 792 */
	ICMP4_FRAGMENTATION_NEEDED = 4,
	ICMP6_UNREACHABLE = 1, /* RFC 4443 section 3.1 */
	ICMP6_TOO_BIG = 2,     /* section 3.2 */
};

#endif
