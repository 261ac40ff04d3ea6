/* SPDX-License-Identifier: BSD-3-Clause */
/* The state of the room, and how a flow becomes a connection (flow.c). */
#ifndef TRACK_FLOW_H
#define TRACK_FLOW_H

#include "track/slab.h"
#include "track/table.h"

struct leftover {
	int64_t time_ns;
	struct mark mark;
	uint32_t flow;
};

/* Servers on other ports that were seen to speak SSH: their later connections are SSH, too. */
#define LEARNED_MAX 64

/*
 * twin.c: the flows that began last, to know one that begins in a second place. A handshake is over
 * before so many others begin, but in a flood.
 */
#define NEWCOMERS 32

struct newcomer {
	struct flow_name flow;
	struct print print; /* of its first segment */
};

struct track {
	struct track_options options;
	struct track_counts counts;
	struct table *table;
	struct slab *slab;
	struct hosts *hosts;
	struct endpoint learned[LEARNED_MAX]; /* ring */
	uint32_t learned_count;               /* ever */
	struct newcomer newcomer[NEWCOMERS];  /* ring */
	uint32_t newcomer_ends[NEWCOMERS];    /* the sum of each one's, side by side */
	uint32_t newcomers;                   /* ever */
	int64_t now_ns;
	int64_t due_ns;                       /* no lingering connection is finished before */
	int64_t behind_ns;                    /* of the last packet: its clock was set back by that */
	int64_t told_ns, look_ns;             /* give_up.c: the last time told; when to look again */
	uint32_t asked_at;                    /* and how far it came */
	uint64_t handed_on;
	struct leftover *leftover; /* after track_end(): flows still to be finished, in order */
	uint32_t leftovers, leftover_at;
};

/* Another flow may have to go. */
void flow_make_room(struct track *);
/* A new flow for this packet. */
uint32_t flow_begin(struct track *, const struct packet *);

/* twin.c: the flow of a packet, be it in another VLAN or tunnel, or NO_INDEX. */
uint32_t flow_find(struct track *, const struct packet *);
/* A flow began with this segment. */
void newcomer_keep(struct track *, uint32_t index, const struct packet *);
/* A packet of a flow without a connection. */
void flow_packet(struct track *, uint32_t index, const struct packet *);
/* Small, but to be reported: an SSH port that was asked. */
bool flow_is_waiting(const struct track *, const struct flow *);
/* Gives the flow a slot and plays its stubs; first is the packet in hand, NULL when there is none. */
struct slot *flow_promote(struct track *, uint32_t index, const struct packet *first);

/*
 * port_reuse.c: whether the same ports carry a new connection from this packet on. A SYN that may be
 * forged is held until another packet tells.
 */
bool flow_is_reused(struct track *, uint32_t index, const struct packet *);
/* Finishes what was there; the new flow, with what was held. */
uint32_t flow_reuse(struct track *, uint32_t index, const struct packet *);
/*
 * Finishes the connection of a flow. When a refused SYN is in hold by then, it gets a flow of its own,
 * which is returned; else NO_INDEX.
 */
uint32_t flow_finish(struct track *, uint32_t index);

/* An SSH identification was read on this server: remember where. */
void flow_learn(struct track *, const struct endpoint *server);

/* linger.c: after a packet of a connection, puts it where it belongs; before one, hands on who is due. */
void relist(struct track *, struct slot *);
void finish_lingering(struct track *);

/* track.c */
void conn_packet(struct track *, struct slot *, const struct packet *);
void slot_finish(struct track *, uint32_t index);
void slot_finish_early(struct track *, uint32_t index);

#endif
