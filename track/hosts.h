/* SPDX-License-Identifier: BSD-3-Clause */
/* What is remembered of a server and port: written by hosts.c, read by hosts_teach.c. */
#ifndef TRACK_HOSTS_H
#define TRACK_HOSTS_H

#include "base/siphash.h"
#include "track/inside.h"
#include "track/silences.h"

#define HOSTS_MAX 8192 /* servers at one time: 32 MiB, touched as they are used */
#define HOSTS_WAYS 8   /* places a server may stand in */
#define MEMORY 16      /* happenings of each kind that are kept, the latest */
#define HEARD_MAX 8    /* connections whose last sign of life is kept, the latest */
#define LOOKS_MAX 8    /* connections whose server's looks are kept, the latest */

struct happening {
	int64_t time_ns;
	int64_t since_ns; /* of an end: when that connection began; of what was forgotten: when the
	                      server was last heard on it */
	struct mark mark;
	struct mark conn; /* first frame of the connection: its name here */
};

struct memory {
	uint32_t count; /* ever */
	struct happening at[MEMORY];
};

/* What may tell one machine behind an address from another; 0 and false: not seen. */
struct look {
	struct mark conn, mark; /* mark: where the best of it was seen */
	int64_t began_ns;
	uint64_t identification;
	uint64_t key, key_type;
	struct address client; /* a stack answers as it is asked: only one asker is compared */
	bool asked_timestamps, asked_wscale;
	bool timestamps;
	uint8_t wscale, ttl; /* ttl 0: its handshake was not seen */
};

struct host {
	struct endpoint server; /* family 0: a free place */
	int64_t last_ns;
	int64_t heard_ns; /* the server's last segment that is no reset */
	uint32_t connections;
	struct memory accepted;
	struct memory refused; /* SYNs that a reset answered */
	struct memory ended; /* by the server, unasked: ending_is_unasked(), or a socket's reset */
	struct memory forgotten; /* living connections that a reset said are not known */
	struct memory missed;    /* the host did not answer, or its router did not find it */
	struct happening
		heard[HEARD_MAX];    /* sessions, the latest heard first; since_ns: their begin */
	struct look look[LOOKS_MAX]; /* ring */
	uint32_t looks;              /* ever */
	uint8_t ttl_min, ttl_max;
	bool keeps_tos; /* its marks arrive here */
	int64_t rtt_min_ns;
	struct silences silences;
};

struct hosts {
	struct siphash_key key;
	struct host host[HOSTS_MAX];
};

static inline bool same_mark(struct mark a, struct mark b)
{
	return a.number == b.number && a.input == b.input;
}

/* A host that lost its place to another teaches nothing more: NULL. */
struct host *host_of(struct hosts *, uint32_t place, const struct conn *);
struct look look_of(const struct hosts *, const struct conn *);

/* ---- hosts.c, for the files that see packets ---- */

struct hosts *hosts_new(void);
void hosts_free(struct hosts *);
/* The place of a server; one that is new there may push out another. */
uint32_t hosts_place(struct hosts *, const struct endpoint *server, int64_t now_ns);
/* How many handshakes the server had completed before. */
uint32_t hosts_connection(struct hosts *, uint32_t place, const struct conn *);
/* After each segment; accepted_now: it completed the handshake. */
void hosts_segment(struct hosts *, uint32_t place, const struct conn *, bool accepted_now);
/* Once, when it has just ended. */
void hosts_ended(struct hosts *, uint32_t place, const struct conn *);
/* After each SYN of the client, and after each ICMP error: the host may be missed. */
void hosts_syn(struct hosts *, uint32_t place, const struct conn *);
void hosts_icmp(struct hosts *, uint32_t place, const struct conn *);
/* When more is known of what the server looks like: its handshake, identification, host key. */
void hosts_look(struct hosts *, uint32_t place, const struct conn *);
/* Fills conn->lessons; accepted_at_begin: what hosts_connection() said. */
void hosts_teach(struct hosts *, uint32_t place, uint32_t accepted_at_begin, struct conn *);

#endif
