/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The flow table: every TCP connection seen, SSH or not, in a fixed number of small entries.
 *
 * A flow keeps its first bare segments as stubs. When it turns out to be SSH, a struct conn is taken
 * from the slab and the stubs are played to it: there is one way to track a connection, and a flood
 * of SYNs costs FLOW_SIZE_MAX bytes each.
 */
#ifndef TRACK_TABLE_H
#define TRACK_TABLE_H

#include "track/inside.h"

#define FLOW_SIZE_MAX 256
#define FLOWS_MAX (1u << 18) /* 64 MiB, touched as they are used */
#define FLOW_OPENING 3       /* SYN, SYN-ACK, ACK */
#define FLOW_STUBS   4       /* and the reset or FIN that ended it before a word was said */

/* A segment without payload, so much as is needed to play it again. */
struct stub {
	int64_t time_ns;
	uint32_t frame, seq, ack, tsval;
	uint16_t input, window, ip_id, mss;
	uint8_t flags, tos, ttl, wscale;
	uint8_t bits;   /* STUB_ */
	uint8_t checksum; /* enum checksum */
	uint8_t copies; /* of it that were captured, too; 255 are enough */
};

enum {
	STUB_FROM_SECOND = 0x01, /* sent by end[1] */
	STUB_TIMESTAMPS = 0x02,
	STUB_WSCALE = 0x04,
	STUB_MSS = 0x08,
	STUB_IP_ID = 0x10,
	STUB_DF = 0x20,
	STUB_MPTCP = 0x40,
	STUB_OPTIONS = 0x80,
};

enum flow_state {
	FLOW_SMALL, /* nothing known yet but stubs */
	FLOW_CONN,  /* has a slot */
	FLOW_OTHER, /* carries something that is not SSH */
	FLOW_DONE,  /* was handed on; late segments are not a new connection */
	FLOW_TWIN,  /* another flow, seen in another VLAN or tunnel as well: twin.c */
};

/* A flow as long as it is that one: its place may be given to another. */
struct flow_name {
	uint32_t index, born; /* born 0: none */
};

struct flow {
	struct endpoint end[2]; /* end[0] sent the first segment */
	uint64_t tunnel;        /* as in the packet */
	uint16_t vlan[PACKET_VLANS];
	uint8_t vlans, layers, layer[PACKET_LAYERS];
	uint8_t state;          /* enum flow_state */
	uint8_t not_ssh[2];     /* payload segments of this end that do not begin SSH */
	uint8_t stubs;
	struct stub stub[FLOW_STUBS]; /* FLOW_CONN: a SYN in hold, or none */
	union {
		uint32_t slot;         /* FLOW_CONN: index into the slab */
		struct flow_name twin; /* FLOW_TWIN: of which */
	};
	uint32_t born;          /* how many flows there were by then */
	uint32_t chain;         /* next in the bucket */
	uint32_t prev, next;    /* by age, the flows without a slot */
};

struct table;

struct table *table_new(void);
void table_free(struct table *);

struct flow *table_flow(struct table *, uint32_t index);
/* The flow of this packet, in either direction, or NO_INDEX. */
uint32_t table_find(const struct table *, const struct packet *);
/* Names it, and tells whether there still is one of that name. */
struct flow_name table_name(const struct table *, uint32_t index);
bool table_has(const struct table *, struct flow_name);
/* A new flow; the caller made sure that there is room. */
uint32_t table_add(struct table *, const struct packet *);
void table_remove(struct table *, uint32_t index);
bool table_is_full(const struct table *);

/* Age of flows without a slot: the one that was touched longest ago, or NO_INDEX. */
uint32_t table_oldest(const struct table *);
void table_touch(struct table *, uint32_t index);
/* A flow with a slot does not age: its connection does. */
void table_settle(struct table *, uint32_t index, enum flow_state);

/* The next flow after index that is in use; NO_INDEX begins and ends. */
uint32_t table_next(const struct table *, uint32_t index);

void stub_keep(struct flow *, const struct packet *, bool from_second);
/* Plays stub i again. */
struct packet stub_packet(const struct flow *, uint8_t i);

#endif
